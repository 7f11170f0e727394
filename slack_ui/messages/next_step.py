"""Say what happens next with a request, and how a deleted campaign can be made again."""

from deletion.domain.approvals.approval import remaining_approvers
from deletion.domain.attempt import AttemptKind
from deletion.domain.campaign_list import first_deadline
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Purpose, Request
from deletion.domain.outcome import may_land_until, watched_until
from deletion.domain.policy import Policy
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import approval_buttons
from slack_ui.parts.text import and_more, date, first_minute, mention, short_id, word
from slack_ui.strings.by_purpose import strings_for

APPROVERS_SHOWN = 5


def text(seen: RequestView, policy: Policy, kind: MessageKind | None = None) -> str:
    """Return what happens next, in a message of this kind; without one, in a private answer, which is as of now."""
    if kind is None and waits_for_practice(seen.request, policy):
        return strings.practice.WAITS_REAL
    if seen.request.state is State.AWAITING_APPROVAL and not policy.approvals_channel:
        return strings.cards.NO_APPROVALS_CHANNEL.format(until=until(seen.request))
    if rebuild := _rebuild(seen, policy, kind):
        return f"{_next_step(seen, policy, kind)} {rebuild}"
    return _next_step(seen, policy, kind)


def waits_for_practice(request: Request, policy: Policy) -> bool:
    """Return whether it is a real request that the bot leaves as it is, because it practises now."""
    return request.is_open and policy.practice and not request.is_practice


def _rebuild(seen: RequestView, policy: Policy, kind: MessageKind | None) -> str:
    """Return as which campaign a deleted one was rebuilt, or where it can be, or nothing."""
    rebuilt = seen.rebuildable.rebuilt
    if rebuilt:
        return strings.rebuild.REBUILT.format(when=date(rebuilt.changed_at), created_id=short_id(rebuilt.created_id))
    if not seen.rebuildable.is_archived:
        return ""
    if approval_buttons.offers_rebuild(seen, kind):
        return strings.rebuild.CAN_BE_REBUILT
    todays = (policy.approvals_channel if seen.request.approvals_required else None) or seen.request.channel_id
    channel = seen.card.target_id if seen.card and seen.card.ts else todays
    return strings.rebuild.CAN_BE_REBUILT_ELSEWHERE.format(channel=mention(channel))


def _next_step(seen: RequestView, policy: Policy, kind: MessageKind | None) -> str:
    request, attempt = seen.request, seen.request.attempt
    here = strings.cards.HERE if kind else strings.lookup_and_home.ELSEWHERE
    is_delete_lost = attempt and attempt.kind is AttemptKind.NO_ANSWER and request.due_action is Purpose.DELETE
    if request.state is State.GONE and is_delete_lost:
        return strings.cards.GONE_AFTER_A_LOST_ANSWER
    if request.state is State.UNKNOWN and not policy.serves(request):
        is_waiting = policy.practice and not request.is_practice
        unchecked = strings.practice.UNKNOWN_REAL if is_waiting else strings.cards.UNKNOWN_IN_OTHER_ACCOUNT
        return unchecked.format(watched=_watched(request))
    said = strings_for(request)
    if request.state is State.DELETED and (seen.rebuildable.is_archived or seen.rebuildable.rebuilt):
        return strings.cards.CLOSED
    if settled := may_land_until(request, request.changed_at):
        return said.next_step_until_settled.format(settled=date(first_minute(settled)), here=here)
    if status := _status_to_leave(request, policy):
        allowed = ", ".join(word(each) for each in policy.deletable_statuses)
        return said.next_step_to_another_status.format(status=status, allowed=allowed)
    was_fenced = attempt and attempt.kind is AttemptKind.NOT_SENT and attempt.retry_after_seconds is None
    is_rate_limited = request.waiting_since and not was_fenced
    is_of_list = request.list_id and not request.is_practice
    in_list = strings.lists.NEXT_OF_ONE if is_of_list else {}
    waiting = said.next_steps_while_rate_limited if is_rate_limited and not seen.freeze else {}
    frozen = said.next_steps_while_frozen if seen.freeze else {}
    frozen_in_list = strings.lists.NEXT_OF_ONE_FROZEN if seen.freeze and is_of_list else {}
    steps = {**said.next_steps, **in_list, **frozen, **frozen_in_list, **waiting, **lacking(request, seen.freeze)}
    return steps[request.state].format(
        channel=f"<#{policy.approvals_channel}>",
        more=_more(request),
        approvers=_approvers(seen, policy) or strings.cards.NO_APPROVER_LEFT,
        until=until(request),
        after=after(request),
        watched=_watched(request),
        here=here,
    )


def lacking(request: Request, freeze: Freeze | None) -> dict[State, str]:
    """Return what happens next with an approved request that lacks approvals, and nothing of any other."""
    said = strings.cards.NEXT_LACKING_FROZEN if freeze else strings.cards.NEXT_LACKING
    return {State.APPROVED: said} if request.lacks_approvals else {}


def after(request: Request) -> str:
    """Return when it is executed at the earliest."""
    return date(request.execute_after, seconds=True) if request.execute_after else strings.modals.UNKNOWN


def until(*requests: Request) -> str:
    """Return the earliest deadline of these requests."""
    deadline = first_deadline(requests)
    return date(deadline) if deadline else strings.modals.UNKNOWN


def _watched(request: Request) -> str:
    return date(watched_until(request, request.attempt)) if request.attempt else strings.modals.UNKNOWN


def _status_to_leave(request: Request, policy: Policy) -> str:
    """Return the status in which a changed campaign may not be deleted, nor stopped to be deleted, or nothing."""
    if request.state is not State.CHANGED:
        return ""
    found = [change.after for change in request.differences if change.field == "status"]
    refused = [status for status in found if not policy.allows_status(status) and not policy.stops_from(status)]
    return word(refused[0]) or strings.modals.UNKNOWN if refused else ""


def _approvers(seen: RequestView, policy: Policy) -> str:
    """Return who may still approve: users, and groups with the number of their members where it was looked up."""
    names = remaining_approvers(seen.request, policy)
    return and_more([_approver(name, seen) for name in names[:APPROVERS_SHOWN]], len(names))


def _approver(name: str, seen: RequestView) -> str:
    if name not in seen.group_sizes:
        return mention(name)
    size = seen.group_sizes[name]
    said = strings.cards.MEMBERS.get(size, strings.cards.MORE_MEMBERS)
    return f"{mention(name)} {said.format(count=size)}"


def _more(request: Request) -> str:
    count = request.approvals_required - request.approvals_counted
    return strings.cards.ONE_MORE_APPROVAL if count == 1 else strings.cards.MORE_APPROVALS.format(count=count)
