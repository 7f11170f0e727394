"""whoami names each right with the list that grants it, or with what is missing."""

from typing import Any

import pytest

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from slack_ui.messages import whoami
from tests.deletion.values import person

POLICY = Policy(requesters=("S0ASK", "U0ALICE"), approvers=("S0APPROVE",))
ASK, APPROVE = (
    "*Request deletions and rebuilds, stop campaigns*",
    "*Approve and reject requests of others, release holds of others, freeze and unfreeze, stop campaigns*",
)


def lines(policy: Policy = POLICY, channel: ChannelKind = ChannelKind.OURS, **facts: Any) -> str:
    return whoami.text(person("U0ALICE", **facts), policy, channel)


def test_right_is_named_with_the_list_that_grants_it() -> None:
    said = lines(groups={"S0APPROVE"})
    assert f":white_check_mark: {ASK}: yes. `REQUESTERS` names you." in said
    assert f":white_check_mark: {APPROVE}: yes. `APPROVERS` names <!subteam^S0APPROVE>, and you are a member." in said
    assert ":white_check_mark: *Look up requests*: yes" in said


def test_missing_right_is_named_with_the_whole_list() -> None:
    said = whoami.text(person("U0DAN"), POLICY, ChannelKind.OURS)
    assert f":no_entry: {ASK}: no. `REQUESTERS` names <!subteam^S0ASK>, <@U0ALICE>, but neither you" in said
    assert f":no_entry: {APPROVE}: no. `APPROVERS` names <!subteam^S0APPROVE>, but neither you" in said
    assert ":no_entry: *Look up requests*: no" in said


def test_escalation_approver_may_look_up_and_approve_what_was_escalated() -> None:
    policy = POLICY.model_copy(update={"escalation_approvers": ("U0EVE",)})
    said = whoami.text(person("U0EVE"), policy, ChannelKind.OURS)
    assert ":white_check_mark: *Approve and reject requests that were escalated*: yes." in said
    assert f":no_entry: {APPROVE}: no." in said
    assert ":white_check_mark: *Look up requests*: yes" in said
    assert "escalated" not in lines()


def test_unreadable_group_is_unknown_and_not_a_no() -> None:
    said = whoami.text(person("U0DAN", unread_groups={"S0ASK"}), POLICY, ChannelKind.OURS)
    assert f":question: {ASK}: I can't tell." in said
    assert f":no_entry: {APPROVE}: no." in said
    assert ":question: *Look up requests*: I can't tell." in said


@pytest.mark.parametrize(
    ("cause", "cure"),
    [(Denial.NO_GROUP_SCOPE, "`usergroups:read`"), (Denial.BOT_REJECTED, "no longer accepts my token")],
)
def test_group_that_only_the_operator_can_make_readable_is_not_to_be_tried_again(cause: Denial, cure: str) -> None:
    unread = person("U0DAN", unread_groups={"S0ASK"})
    said = whoami.text(unread, POLICY, ChannelKind.OURS, cause)
    assert said.count(":question:") == said.count(cure) == 2
    assert "Try again" not in said
    assert "just now" not in said


def test_missing_email_address_takes_the_right_away() -> None:
    said = lines(groups={"S0APPROVE"}, has_verified_email=False)
    assert f":no_entry: {APPROVE}: no. `APPROVERS` names <!subteam^S0APPROVE>, and you are a member. But Slack" in said
    trusting = POLICY.model_copy(update={"require_verified_email": False})
    assert f":white_check_mark: {APPROVE}" in lines(trusting, groups={"S0APPROVE"}, has_verified_email=False)


def test_requester_without_email_address_may_ask_where_no_approval_is_needed() -> None:
    alone = POLICY.model_copy(update={"approvals_required": 0})
    assert f":white_check_mark: {ASK}" in lines(alone, has_verified_email=False)
    assert f":no_entry: {ASK}" in lines(has_verified_email=False)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ChannelKind.OURS, "Requests can be made in this channel."),
        (ChannelKind.WITHOUT_BOT, "I'm not a member"),
        (ChannelKind.SHARED, "shared with another organization"),
        (ChannelKind.WITHOUT_SCOPE, "`channels:read`"),
        (ChannelKind.UNKNOWN, "I can't tell whether requests can be made in this channel"),
    ],
)
def test_channel_is_named_with_what_is_missing(kind: ChannelKind, said: str) -> None:
    assert said in lines(channel=kind)


def test_direct_message_gets_no_advice_to_invite_the_bot() -> None:
    said = lines(channel=ChannelKind.DIRECT)
    assert "/invite" not in said
    assert "direct message" in said


@pytest.mark.parametrize(("count", "said"), [(0, "no approval"), (1, "one approval"), (3, "3 approvals")])
def test_number_of_approvals_is_named(count: int, said: str) -> None:
    assert f"deletion or rebuild needs {said}" in lines(
        POLICY.model_copy(update={"approvals_required": count})
    )  # not a stop
