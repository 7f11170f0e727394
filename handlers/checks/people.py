"""Check the configured users and user groups, and whether the requests of each requester can be approved."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from deletion.domain.approvals.authorization import UNDECIDED
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.approvals.rights import Role, rights_of
from deletion.domain.check import CheckResult, failed, not_checked, passed, warned
from deletion.domain.policy import Policy, is_group
from handlers.access.approver_count import MOST_LOOKED_UP, ApproverCount
from handlers.access.slack_directory import NO_GROUP, SlackDirectory
from handlers.access.slack_objects import membership_of
from slack_ui.parts.api_error import MISSING_SCOPE, SLACK_ERRORS, error_code, needed_scope
from slack_ui.strings import start

NOT_ASKED: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
AT_A_TIME = 5
FEW = 3  # people who are named in one line
WITHOUT_RIGHTS = {
    Membership.GUEST: "is a guest, who has no rights",
    Membership.STRANGER: "is of another workspace, and has no rights",
    Membership.DEACTIVATED: "is deactivated",
    Membership.BOT: "is a bot, which has no rights",
}
MAY = {Role.REQUESTER: "ask", Role.APPROVER: "approve", Role.ESCALATION_APPROVER: "approve after the escalation"}


def listed(policy: Policy) -> dict[str, Sequence[str]]:
    """Return the ids of users and user groups by setting."""
    return {
        "REQUESTERS": policy.requesters,
        "APPROVERS": policy.approvers,
        "APPROVERS_TO_NOTIFY": policy.approvers_to_notify or (),
        "ESCALATION_APPROVERS": policy.escalation_approvers,
    }


async def check_listed(
    directory: SlackDirectory, variable: str, slack_id: str, groups: Mapping[str, Mapping[str, Any]] = NOT_ASKED
) -> CheckResult:
    """Return whether a user or a user group exists, is active and can be read. ``groups`` are Slack's objects."""
    if is_group(slack_id):
        return await _check_group(directory, variable, slack_id, groups.get(slack_id, {}))
    return await _check_user(directory, variable, slack_id)


async def _check_group(
    directory: SlackDirectory, variable: str, group: str, described: Mapping[str, Any]
) -> CheckResult:
    named = f"@{described['handle']} ({group})" if described.get("handle") else group
    if described.get("date_delete"):
        return failed(variable, f"{named} is disabled", "Enable the user group in Slack, or remove it.")
    try:
        return _judge_members(variable, named, await directory.describe_group(group))
    except SLACK_ERRORS as error:
        code = error_code(error)
        if code in NO_GROUP:
            return failed(variable, f"{named} {start.NO_SUCH_GROUP[0]}", start.NO_SUCH_GROUP[1])
        if code == MISSING_SCOPE:
            return not_checked(variable, f"{named} needs the scope {needed_scope(error)}")
        return not_checked(variable, f"Slack did not say who is in {named} ({code})")


def _judge_members(variable: str, named: str, members: Sequence[str] | None) -> CheckResult:
    if members is None:
        return not_checked(variable, f"Slack did not say who is in {named}")
    if not members:
        return warned(variable, f"{named} has no members", "Add people to the user group in Slack.")
    return passed(variable, f"{named}: {_people(len(members))}")


async def _check_user(directory: SlackDirectory, variable: str, user_id: str) -> CheckResult:
    user = await directory.account(user_id)
    name = str(user.get("real_name") or "")
    named = f"{name} ({user_id})" if name else user_id
    membership = membership_of(user, directory.workspace)
    if membership is Membership.UNKNOWN:
        return not_checked(variable, f"Slack did not say who {named} is", "Check the id: Copy member ID in Slack.")
    if reason := WITHOUT_RIGHTS.get(membership):
        return warned(variable, f"{named} {reason}", f"Replace the id in {variable}.")
    return passed(variable, f"{named}: a full member")


async def check_people(directory: SlackDirectory, policy: Policy) -> list[CheckResult]:
    """Count who may ask and approve, and say for each requester whether their requests can be approved."""
    results: list[CheckResult] = []
    requesters: list[Person] = []
    everyone: dict[str, Person] = {}
    lists = {Role.REQUESTER: policy.requesters}
    if policy.approvals_required:
        lists |= {Role.APPROVER: policy.approvers, Role.ESCALATION_APPROVER: policy.escalation_approvers}
    for role, names in lists.items():
        if not names and role is not Role.REQUESTER:
            continue
        ids, is_complete = await directory.listed(names)
        people = await _look_up(directory, ids[:MOST_LOOKED_UP], policy)
        results.append(_rights(role, people, policy, is_complete=is_complete and len(ids) <= MOST_LOOKED_UP))
        everyone |= {person.id: person for person in people if person.membership is Membership.MEMBER}
        if role is Role.REQUESTER:
            requesters = [person for person in people if person.membership is Membership.MEMBER]
    if policy.approvals_required and policy.require_verified_email:
        results.append(_check_addresses(everyone.values()))
    if policy.approvals_required:
        results.append(await _check_approvals(ApproverCount(directory, policy), requesters, policy))
    return results


async def _look_up(directory: SlackDirectory, ids: Sequence[str], policy: Policy) -> list[Person]:
    """Look up a few at a time: Slack limits the rate."""
    people: list[Person] = []
    for start_at in range(0, len(ids), AT_A_TIME):
        people += await directory.people(ids[start_at : start_at + AT_A_TIME], policy.user_groups)
    return people


def _rights(role: Role, people: Sequence[Person], policy: Policy, *, is_complete: bool) -> CheckResult:
    denials = {
        person.id: right.denial for person in people for right in rights_of(person, policy) if right.role is role
    }
    may = [user_id for user_id, denial in denials.items() if denial is None]
    others = [f"{user_id} ({denial})" for user_id, denial in denials.items() if denial]
    text = f"{_people(len(may))} may {MAY[role]}"
    if others:
        text += f"; not {_few(others)}"
    if not is_complete:
        return not_checked(role, f"{text}; the others were not looked up")
    if not may and not UNDECIDED.isdisjoint(denials.values()):
        return not_checked(role, text)
    if not may:
        return failed(role, text, f"Add users or user groups to {role}.")
    return warned(role, text, "Remove them, or see to their accounts in Slack.") if others else passed(role, text)


def _check_addresses(people: Collection[Person]) -> CheckResult:
    lacking = [person.id for person in people if not person.has_verified_email]
    if not lacking:
        return passed("E-mail", f"{_people(len(people))}, each with a confirmed address")
    cure = "Grant the scope users:read.email, and have these people confirm their addresses in Slack."
    return warned("E-mail", f"no confirmed address, so their approvals do not count: {_few(lacking)}", cure)


async def _check_approvals(approvers: ApproverCount, requesters: Sequence[Person], policy: Policy) -> CheckResult:
    """Ask for each requester as the intake of a request does."""
    needed = policy.approvals_required
    found = {person.id: await approvers.quorum(person.id, needed) for person in requesters}
    if stuck := [user_id for user_id, quorum in found.items() if quorum.missing]:
        fewest = min(found[user_id].found for user_id in stuck)
        text = f"requests of {_few(stuck)} cannot be approved: {needed} needed, and only {fewest} can be given"
        return failed("Approvals", text, "Add people other than the requester to APPROVERS, with confirmed addresses.")
    unknown = [user_id for user_id, quorum in found.items() if quorum.is_unknown]
    if unknown or not found:
        return not_checked("Approvals", f"Slack did not say enough about {_few(unknown) or 'the requesters'}")
    count = f"each of {len(found)} requesters" if len(found) > 1 else "the requester"
    return passed("Approvals", f"enough approvers for {count} ({needed} needed)")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _few(named: Sequence[str]) -> str:
    more = f" and {len(named) - FEW} more" if len(named) > FEW else ""
    return ", ".join(named[:FEW]) + more


async def count_listed(directory: SlackDirectory, names: Sequence[str]) -> int | None:
    """Return how many people these ids and user groups name; None if Slack does not say."""
    ids, is_complete = await directory.listed(names)
    return len(ids) if is_complete else None


async def check_all_listed(directory: SlackDirectory, policy: Policy) -> list[CheckResult]:
    """Check each configured user and user group, with the groups' handles where Slack shows them."""
    groups = await directory.describe_groups() if policy.user_groups else {}
    pairs = [(variable, slack_id) for variable, ids in listed(policy).items() for slack_id in ids]
    return list(await asyncio.gather(*(check_listed(directory, *pair, groups) for pair in pairs)))
