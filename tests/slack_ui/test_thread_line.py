"""The lines of a card's thread say what was sent."""

import re
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import CampaignStop, Decision, Purpose, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from slack_ui.messages import thread_line
from tests.deletion.values import NOON, campaign, request


@pytest.mark.parametrize("event", ["expired", "expired, unused", "stopped", "changed", "gone"])
@pytest.mark.parametrize("attempt", [AttemptKind.REFUSED, AttemptKind.NO_ANSWER, AttemptKind.CONFIRMED])
def test_line_after_a_sent_delete_does_not_claim_that_nothing_was_sent(event: str, attempt: AttemptKind) -> None:
    entry = Entry(at=now(), event=event, actor_id="engine", surface="engine", details={"attempt": attempt})

    line = thread_line.line(entry, request(), Policy())

    assert "Nothing was sent" not in line
    assert "I sent no delete" not in line
    if event.startswith("expired"):
        assert line.endswith((" I sent no further delete.", " before I could send another delete."))


POLICY = Policy(approvers=("U0ALICE", "U0BOB", "S0APPROVE"), escalation_approvers=("U0HEAD",))
CALLING = ("requested", "reminded", "escalated", "approval struck", "approval withdrawn", "approvals insufficient")


def said(event: str, asked: Request, policy: Policy = POLICY, **changed: str) -> str:
    details = {"approvers": "U0HEAD", "struck": "U0CAROL", "why": "guest", **changed}
    entry = Entry(at=now(), event=event, actor_id="U0EVE", surface="engine", details=details)
    return thread_line.line(entry, asked, policy, "<https://sandbox.slack.com/archives/C0/p12|approval card>")


def waiting(**changes: Any) -> Request:
    return request(state=State.AWAITING_APPROVAL, expires_at=now(), approvals_required=2, **changes)


@pytest.mark.parametrize("event", CALLING)
def test_line_calls_approvers_with_the_deadline_only_while_the_request_waits(event: str) -> None:
    called = "<@U0HEAD>" if event == "escalated" else "<@U0BOB> <!subteam^S0APPROVE>"
    assert called in said(event, waiting())
    assert "Please approve or reject it by <!date^" in said(event, waiting())
    for state in set(State) - {State.AWAITING_APPROVAL}:
        late = said(event, waiting().model_copy(update={"state": state}))
        assert not re.search("<@U0BOB>|<@U0HEAD>|<!subteam|Please", late), state
        assert "is waiting" not in late


def test_line_calls_neither_the_requester_nor_those_who_have_approved() -> None:
    approved = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=now())
    assert said("requested", waiting()).count("<@") == 2  # the actor and Bob
    assert "<!subteam^S0APPROVE> This request is still" in said("reminded", waiting(decisions=(approved,)))
    assert "<@U0BOB>" not in said("reminded", waiting(decisions=(approved,)))


def test_separate_list_says_who_is_called() -> None:
    for named, called in ((("S0ONCALL",), "<!subteam^S0ONCALL> Please"), ((), "requested the deletion.")):
        line = said("requested", waiting(), POLICY.model_copy(update={"approvers_to_notify": named}))
        assert called in line
        assert "U0BOB" not in line
    assert "<@U0HEAD> Please" in said("requested", waiting(escalated_at=now()))


def test_reminder_names_campaign_deadline_and_link() -> None:
    line = said("reminded", waiting())
    for part in ("`Spring Sale`", "requested by <@U0ALICE>", "Please approve or reject it by", "|approval card>"):
        assert part in line


def test_escalation_without_another_approver_names_none() -> None:
    told = said("escalated", waiting(), approvers="")
    assert told.startswith("No decision has been made yet. <")
    assert "may now decide" not in told


def test_reminder_shows_the_name_with_its_spaces() -> None:
    named = CampaignFingerprint.of(campaign(name="Spring  Sale"))
    assert "`Spring  Sale`" in said("reminded", waiting(campaign=named))
    assert not re.search("[^`] {2}", said("reminded", waiting()))


STOPPED = CampaignStop(at=NOON, status_before="Active", attempt=Attempt(kind=AttemptKind.CONFIRMED, at=NOON))
UNNEEDED = CampaignStop(at=NOON, status_before="Active")
COMPLETED = CampaignFingerprint.of(campaign(status="Completed"))
LATE: dict[str, tuple[Request, Request, str]] = {
    "unknown": (request(state=State.UNKNOWN), request(state=State.FAILED), "I can't tell yet"),
    "reappeared": (
        request(state=State.UNKNOWN, reappeared_at=NOON),
        request(state=State.GONE, reappeared_at=NOON),
        "I keep checking",
    ),
    "waiting for Kore.ai": (request(waiting_since=NOON), request(state=State.STOPPED), "I'll continue by myself"),
    "stop verified": (
        request(stops=Purpose.STOP_AND_DELETE, stop=STOPPED),
        request(stops=Purpose.STOP_AND_DELETE, stop=STOPPED, state=State.DELETED),
        "is stopped",
    ),
    "no stop needed": (
        request(stops=Purpose.STOP_AND_DELETE, stop=UNNEEDED, campaign=COMPLETED),
        request(stops=Purpose.STOP_AND_DELETE, stop=UNNEEDED, campaign=COMPLETED, state=State.DELETED),
        "says when I delete it",
    ),
}


@pytest.mark.parametrize("event", LATE)
def test_line_that_arrives_late_claims_nothing_that_has_passed(event: str) -> None:
    then, since, claim = LATE[event]

    entry = Entry(at=NOON, event=event, actor_id="engine", surface="engine", details={})

    in_time, late = (thread_line.line(entry, asked, Policy()) for asked in (then, since))

    assert claim in in_time
    assert claim not in late
    assert late.endswith(".")


@pytest.mark.parametrize("purpose", [None, Purpose.STOP, Purpose.STOP_AND_DELETE])
def test_line_does_not_promise_to_check_a_request_that_the_settings_no_longer_serve(purpose: Purpose | None) -> None:
    unknown = request(state=State.UNKNOWN, stops=purpose, kore_account="st-1")
    assert "keep checking" in said("unknown", unknown, Policy(kore_account="st-1"))
    assert said("unknown", unknown, Policy(kore_account="st-2")) == (
        "I can't tell whether it took effect, and I can't check it now. The message above says why."
    )
