"""A denial names the action that was refused and the people who have the right, and says once that nothing was done."""

from dataclasses import replace

import pytest

from deletion.domain.approval_rule import Quota
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy, Refusal
from deletion.domain.states import State
from deletion.lifecycle.intake_results import Refused
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import notice, refusals
from tests.deletion.values import campaign_list, request
from tests.stories.person import shown

POLICY = Policy(requesters=("S0REQUEST",), approvers=("U0BOB", "S0APPROVE"), approvals_channel="C0APPROVALS")
LINK = "<https://sandbox.slack.com/archives/C0/p12|the message about this request>"
WAITING = request(state=State.AWAITING_APPROVAL, approvals_required=1)


@pytest.mark.parametrize(
    ("action", "denial", "said"),
    [
        (Action.ASK, Denial.NOT_A_REQUESTER, "Only requesters can request deletions: <!subteam^S0REQUEST>."),
        (Action.REBUILD, Denial.NOT_A_REQUESTER, "Only requesters can request rebuilds: <!subteam^S0REQUEST>."),
        (Action.LOOK_UP, Denial.NOT_ON_A_LIST, "requesters (<!subteam^S0REQUEST>) and approvers (<@U0BOB>, "),
        (
            Action.HOLD,
            Denial.NOT_ON_A_LIST,
            "and approvers (<@U0BOB>, <!subteam^S0APPROVE>) can put a campaign on hold.",
        ),
        (Action.FREEZE, Denial.NOT_AN_APPROVER, "Only approvers can freeze all requests: <@U0BOB>, "),
        (Action.UNFREEZE, Denial.NOT_AN_APPROVER, "Only approvers can unfreeze all requests: <@U0BOB>, "),
        (Action.REJECT, Denial.NOT_AN_APPROVER, "Only approvers can decide requests: <@U0BOB>, <!subteam^S0APPROVE>."),
        (Action.STOP, Denial.NEITHER, "can stop it: <@U0ALICE>, <@U0BOB>, <!subteam^S0APPROVE>."),
        (Action.CANCEL, Denial.NOT_THE_REQUESTER, "Only the requester can withdraw the request: <@U0ALICE>."),
    ],
)
def test_denial_names_the_action_and_those_who_have_the_right(action: Action, denial: Denial, said: str) -> None:
    assert said in refusals.denial_text(denial, POLICY, action, WAITING)
    assert said in shown(refusals.denial_view(denial, POLICY, action, WAITING).to_dict())


def test_escalation_approvers_are_named_only_after_the_escalation() -> None:
    policy = POLICY.model_copy(update={"escalation_approvers": ("U0HEAD",)})
    escalated = WAITING.model_copy(update={"escalated_at": WAITING.requested_at})
    for asked, is_named in ((WAITING, False), (escalated, True)):
        said = refusals.denial_text(Denial.NOT_AN_APPROVER, policy, Action.APPROVE, asked)
        assert ("<@U0HEAD>" in said) is is_named


def test_own_request_names_the_groups_that_the_settings_require_by_now() -> None:
    stricter = POLICY.model_copy(update={"approval_quotas": (Quota("S0LEGAL", 1),)})
    said = refusals.denial_text(Denial.OWN_REQUEST, stricter, Action.APPROVE, WAITING)
    assert "so someone else decides: <!subteam^S0LEGAL>." in said


def test_escalation_approvers_of_a_later_campaign_of_a_list_are_named() -> None:
    policy = POLICY.model_copy(update={"escalation_approvers": ("U0HEAD",)})
    listed = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)
    first, second = listed.requests
    escalated = replace(listed, requests=(first, second.model_copy(update={"escalated_at": first.requested_at})))
    _, said = refusals.list_denial(Denial.NOT_AN_APPROVER, policy, Action.APPROVE, escalated)
    assert "<@U0HEAD>" in said
    _, said = refusals.list_denial(Denial.NEITHER, policy, Action.CONTINUE, escalated)
    assert "<@U0HEAD>" not in said


def test_own_request_names_who_decides_and_offers_withdraw() -> None:
    view = refusals.denial_view(Denial.OWN_REQUEST, POLICY, Action.APPROVE, WAITING).to_dict()
    assert "You asked for this, so someone else decides: <@U0BOB>, <!subteam^S0APPROVE>." in shown(view)
    (row,) = [block for block in view["blocks"] if block["type"] == "actions"]
    assert [button["action_id"] for button in row["elements"]] == [ids.CANCEL_BUTTON]


def test_own_request_that_no_longer_waits_offers_no_withdraw() -> None:
    ended = WAITING.model_copy(update={"state": State.EXPIRED})
    view = refusals.denial_view(Denial.OWN_REQUEST, POLICY, Action.APPROVE, ended).to_dict()
    assert not [block for block in view["blocks"] if block["type"] == "actions"]


@pytest.mark.parametrize("denial", Denial)
def test_denial_says_once_that_nothing_was_done(denial: Denial) -> None:
    view = refusals.denial_view(denial, POLICY, Action.APPROVE, WAITING).to_dict()
    assert shown(view).count(strings.modals.NOTHING_DONE) == 1


@pytest.mark.parametrize("objection", Objection)
def test_objection_says_once_that_nothing_was_done(objection: Objection) -> None:
    assert shown(refusals.objection_view(objection, WAITING).to_dict()).count(strings.modals.NOTHING_DONE) == 1
    assert refusals.objection_text(objection, WAITING).count(strings.modals.NOTHING_DONE) == 1


def test_approval_refused_by_a_freeze_that_has_just_ended_does_not_say_that_requests_are_frozen() -> None:
    said = refusals.objection_text(Objection.FROZEN, WAITING, None)
    assert "All requests are frozen" not in said
    assert strings.freeze.JUST_LIFTED in said


def test_command_in_a_direct_message_is_pointed_to_a_channel_or_home() -> None:
    said = refusals.denial_text(Denial.DIRECT_MESSAGE, POLICY)
    assert "/invite" not in said
    assert "Home tab" in said


@pytest.mark.parametrize("refusal", [Refusal.ALREADY_REQUESTED, Refusal.UNSETTLED])
def test_requester_is_addressed_about_their_own_request(refusal: Refusal) -> None:
    for is_own, asked in ((True, "You asked <!date"), (False, "<@U0ALICE> asked <!date")):
        view = notice.refused(Refused(refusal, existing=WAITING, is_own=is_own), POLICY, LINK).to_dict()
        assert asked in shown(view)
        assert LINK in shown(view)
        assert ("<@U0ALICE>" in shown(view)) is not is_own


@pytest.mark.parametrize(
    ("action", "may"), [(Action.LOOK_UP, True), (Action.HOLD, True), (None, True), (Action.STOP_CAMPAIGN, False)]
)
def test_denial_names_escalation_approvers_where_they_have_the_right(action: Action | None, *, may: bool) -> None:
    policy = Policy(requesters=("U0ALICE",), approvers=("U0BOB",), escalation_approvers=("U0EVE",))
    said = refusals.denial_text(Denial.NOT_ON_A_LIST, policy, action)
    assert "<@U0ALICE>" in said
    assert "<@U0BOB>" in said
    assert ("<@U0EVE>" in said) is may


def test_denial_of_continue_does_not_speak_of_stopping() -> None:
    title, said = refusals.list_denial(Denial.NEITHER, POLICY, Action.CONTINUE, campaign_list(State.APPROVED))
    assert title == "You can't continue this"
    assert "can continue it: <@U0ALICE>, <@U0BOB>" in said
    assert "stop" not in f"{title} {said}"


def test_denial_to_take_back_a_stop_does_not_speak_of_stopping() -> None:
    said = refusals.denial_text(Denial.NEITHER, POLICY, Action.STOP, request(stops=Purpose.STOP))
    assert "can take it back: <@U0ALICE>, <@U0BOB>" in said
    assert "can stop it" not in said
