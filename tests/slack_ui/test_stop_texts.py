"""The messages of a stop claim no delete that was not sent, and no stop that was not seen."""

from typing import Any

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.models import CampaignStop, Decision, Purpose, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from slack_ui.messages import request_row, thread_line
from slack_ui.views import approve_modal, refusals, stop_modal
from slack_ui.views.approve_modal import Review
from tests.deletion.values import campaign, preview, request
from tests.slack_ui.surfaces import card
from tests.stories.person import shown

STOPPED = CampaignStop(at=now(), status_before="Active", attempt=Attempt(kind=AttemptKind.CONFIRMED, at=now()))
LOST = Attempt(kind=AttemptKind.NO_ANSWER, at=now())


def to_stop_first(**changes: Any) -> Request:
    return request(stops=Purpose.STOP_AND_DELETE, expires_at=now(), **changes)


def stopped_first(**changes: Any) -> Request:
    return to_stop_first(stop=STOPPED, **changes)


def line(event: str, asked: Request, **details: str) -> str:
    entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="engine", details=details)
    return thread_line.line(entry, asked, Policy())


def test_stop_that_was_seen_too_late_names_no_messages_of_a_delete() -> None:
    ended = stopped_first(state=State.CAMPAIGN_STOPPED, attempt=LOST, observation=Observation.STOPPED)
    assert "when deleted" not in card(ended)["text"]


@pytest.mark.parametrize("purpose", [Purpose.STOP, Purpose.STOP_AND_DELETE])
def test_campaign_that_is_gone_after_a_lost_stop_was_not_deleted_by_the_bot(purpose: Purpose) -> None:
    ended = request(state=State.GONE, stops=purpose, attempt=LOST, observation=Observation.ABSENT)
    assert "I sent a delete" not in card(ended)["text"]


@pytest.mark.parametrize("event", ["expired", "expired, unused", "stopped", "changed", "gone"])
def test_line_after_a_verified_stop_does_not_claim_that_nothing_was_sent(event: str) -> None:
    assert "Nothing was sent" not in line(event, stopped_first(), changed="status")


@pytest.mark.parametrize("purpose", [Purpose.STOP, Purpose.STOP_AND_DELETE])
@pytest.mark.parametrize("event", ["expired", "expired, unused", "stopped", "changed"])
def test_line_after_a_refused_stop_does_not_claim_that_nothing_was_sent(event: str, purpose: Purpose) -> None:
    asked = request(stops=purpose)
    assert "Nothing was sent" not in line(event, asked, changed="status", attempt=AttemptKind.REFUSED)
    assert "Nothing was sent" in line("stopped", asked)


def test_campaign_that_was_started_after_its_stop_is_not_called_stopped() -> None:
    started = Difference(field="status", before="Stopped", after="Active")
    ended = stopped_first(state=State.CHANGED, differences=(started,))
    assert "stays stopped" not in line("changed", ended, changed="status")
    assert "stays stopped" not in card(ended)["text"]


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.STOPPED, State.CHANGED, State.EXPIRED])
def test_message_that_stays_for_hours_does_not_say_that_the_campaign_is_stopped_now(state: State) -> None:
    said = card(stopped_first(state=state))["text"]
    assert "was stopped" in said
    assert "is stopped" not in said
    assert "stays stopped" not in said


def test_approval_after_the_stop_is_asked_for_the_delete_alone() -> None:
    missing: Any = {"missing": MissingApprovals(count=1), "missing_after": MissingApprovals(count=0)}
    for policy in (Policy(), Policy(undo_window=Policy().undo_window * 0)):
        view = approve_modal.build(Review(stopped_first(), campaign(), **missing), policy)
        said = shown(view.to_dict())
        assert "I stop the campaign" not in said
        assert "I first stop it" not in said


def test_campaign_that_needed_no_stop_is_not_called_stopped() -> None:
    completed = CampaignFingerprint.of(campaign(status="Completed"))
    unneeded = CampaignStop(at=now(), status_before="Active")
    for state in set(State) - {State.STOPPING, State.CAMPAIGN_STOPPED}:
        said = card(to_stop_first(campaign=completed, stop=unneeded, state=state))["text"]
        assert "is stopped" not in said.replace("unless the deletion is stopped", "")
        assert "was stopped and deleted" not in said
        assert "Stopped and verified" not in said
    waiting = card(to_stop_first(campaign=completed, stop=unneeded))["text"]
    assert "its status was Completed" in waiting
    assert "needs no stop" in line("no stop needed", to_stop_first(campaign=completed, stop=unneeded))


def test_verified_stop_without_an_answer_is_not_called_doubtful() -> None:
    verified = CampaignStop(at=now(), status_before="Active", attempt=LOST)
    said = card(to_stop_first(stop=verified))["text"]
    assert "Stopped and verified" in said
    assert "may or may not" not in said


@pytest.mark.parametrize("policy", [Policy(), Policy(practice=True)])
def test_offer_to_stop_alone_does_not_say_that_a_paused_campaign_runs(policy: Policy) -> None:
    said = str([block.to_dict() for block in stop_modal.offer(preview(status="Paused"), policy)])
    assert "is running" not in said
    assert "may be running" in said


@pytest.mark.parametrize("purpose", [None, Purpose.STOP_AND_DELETE])
@pytest.mark.parametrize("rebuilds", [None, "another"])
def test_request_that_was_stopped_in_time_does_not_call_its_campaign_stopped(
    rebuilds: str | None, purpose: Purpose | None
) -> None:
    said = card(request(state=State.STOPPED, stops=purpose, rebuilds=rebuilds))["text"]
    assert "stopped in time" in said
    assert "it was stopped" not in said


def test_stop_that_waits_for_the_rate_limit_is_not_called_immediate() -> None:
    waiting = request(state=State.APPROVED, stops=Purpose.STOP, waiting_since=now(), execute_after=now())
    said = card(waiting)["text"]
    assert "rate limit has been reached" in said
    assert "at once" not in said


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        (Purpose.STOP, "Taken back by <@U0BOB>."),
        (Purpose.STOP_AND_DELETE, "Deletion stopped by <@U0BOB>."),
        (None, "Stopped by <@U0BOB>."),
    ],
)
@pytest.mark.parametrize("approvals", [0, 1])
def test_stop_of_a_request_is_not_told_as_a_stop_of_the_campaign(
    approvals: int, purpose: Purpose | None, said: str
) -> None:
    by_bob = Decision(person_id="U0BOB", verdict=Verdict.STOPPED, at=now())
    ended = request(state=State.STOPPED, stops=purpose, decisions=(by_bob,), approvals_required=approvals)
    row = request_row.fallback_text(ended, [], None)
    texts = [card(ended)["text"], refusals.objection_text(Objection.ENDED, ended), row]
    assert all(said in text for text in texts), texts
    assert purpose is None or not [text for text in texts if "Stopped by" in text]
