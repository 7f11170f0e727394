"""What a request's message says of an outcome holds at the moment when it is read."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.fingerprint import Difference
from deletion.domain.models import Request
from deletion.domain.outcome import LATE_DELETES
from deletion.domain.policy import Policy
from deletion.domain.states import WATCHED, State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import next_step
from slack_ui.parts.text import date, first_minute
from slack_ui.views import rebuild_modal
from tests.deletion.values import request
from tests.slack_ui.surfaces import card
from tests.stories import person

MINUTE = timedelta(minutes=1)


def unknown(age: timedelta, kind: AttemptKind = AttemptKind.NO_ANSWER) -> Request:
    attempt = Attempt(kind=kind, at=now() - age)
    return request(state=State.UNKNOWN, changed_at=now(), attempt=attempt, observation=Observation.PRESENT)


def what_follows(shown: Request, policy: Policy) -> str:
    return next_step.text(RequestView(shown), policy)


def test_card_names_the_time_at_which_an_unanswered_delete_is_settled() -> None:
    shown = unknown(MINUTE)
    assert shown.attempt
    said = card(shown)["text"]
    settled = date(first_minute(shown.attempt.at + LATE_DELETES))
    assert f"If the campaign is still there after {settled}, it was not deleted" in said
    assert date(shown.attempt.at + WATCHED) not in said


def test_card_names_the_end_of_the_watch_where_no_earlier_time_settles_the_outcome() -> None:
    for shown in (unknown(LATE_DELETES + MINUTE), unknown(MINUTE, AttemptKind.CONFIRMED)):
        assert shown.attempt
        assert f"I keep checking until {date(shown.attempt.at + WATCHED)}" in card(shown)["text"]


def test_an_answer_that_settles_nothing_is_not_called_no_response() -> None:
    answered = Attempt(kind=AttemptKind.NO_ANSWER, at=now(), kore_message="Internal error", explanation="HTTP 500.")
    for state in (State.UNKNOWN, State.FAILED):
        said = card(request(state=state, attempt=answered, observation=Observation.PRESENT))["text"]
        assert "No response" not in said
        assert "Kore.ai's response: No clear answer" in said
        assert ("may or may not" in said) is (state is State.UNKNOWN)


def test_changed_campaign_that_the_bot_would_stop_first_can_be_requested_as_it_is_now() -> None:
    started = Difference(field="status", before="Stopped", after="Active")
    told = what_follows(request(state=State.CHANGED, differences=(started,)), Policy())
    assert told == strings.deletion.DELETION.next_steps[State.CHANGED]


@pytest.mark.parametrize("stoppable", [{"stoppable_statuses": ()}, {"deletable_statuses": ("Ready",)}])
def test_changed_campaign_in_a_refused_status_has_to_be_stopped_first(stoppable: dict[str, Any]) -> None:
    policy = Policy(**{"deletable_statuses": ("Ready", "Stopped"), **stoppable})
    started = Difference(field="status", before="Stopped", after="Active")
    told = what_follows(request(state=State.CHANGED, differences=(started,)), policy)
    assert "status had changed to Active, and I delete only campaigns with one of these: Ready" in told
    assert "bring it to one of these in Kore.ai's console first (stop it if it is running)" in told


def test_changed_campaign_in_a_deletable_status_can_be_requested_as_it_is_now() -> None:
    policy = Policy(deletable_statuses=("Ready", "Stopped"))
    for difference in (
        Difference(field="status", before="Ready", after="stopped"),
        Difference(field="name", before="Spring", after="Autumn"),
    ):
        told = what_follows(request(state=State.CHANGED, differences=(difference,)), policy)
        assert told == strings.deletion.DELETION.next_steps[State.CHANGED]


def test_second_rebuild_names_the_new_campaign() -> None:
    rebuilt = request(state=State.REBUILT, rebuilds="another", created_id="cd-3aefda80-f98e-5f4f-ad41-92803abb4dd2")
    view = rebuild_modal.already(rebuilt).to_dict()
    assert f"was rebuilt {date(rebuilt.changed_at)} as `{rebuilt.created_id}`." in person.shown(view)
    assert not [block for block in view["blocks"] if block["type"] == "actions"]


def test_words_of_a_refusal_at_the_rate_limit_are_not_those_of_what_ended_the_request() -> None:
    refused = Attempt(
        kind=AttemptKind.REFUSED, at=now(), kore_message="Too many", explanation=ON_HOLD, retry_after_seconds=20
    )

    told = card(request(state=State.FAILED, attempt=refused))

    assert f"Kore.ai's response: Refused: `Too many`. {ON_HOLD}" in told["text"]
    assert f"Refused: Too many. {ON_HOLD}" in " ".join(person.shown(told["blocks"]).split()).replace(" . ", ". ")
