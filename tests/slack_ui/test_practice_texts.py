"""No text of practice says that something was, is being or will be deleted or stopped."""

import json
import re
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from deletion.domain.attempt import AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import CampaignStop, Purpose
from deletion.domain.records import Entry
from deletion.domain.states import State
from slack_ui.messages import home_row, list_progress, thread_line
from slack_ui.strings.by_purpose import PRACTISED
from slack_ui.strings.practice import PRACTICE
from tests.deletion.values import campaign_list, request
from tests.slack_ui.hostile_values import POLICY

DOES = ("will be", "is being")
IN_PRACTICE = POLICY.model_copy(update={"practice": True, "application": "practice"})
DID = {Purpose.DELETE: "deleted", Purpose.STOP: "stopped", Purpose.STOP_AND_DELETE: "stopped and deleted"}
ENTRY = {"at": now(), "actor_id": "U0BOB", "surface": "modal"}


def shown_texts(block: Block) -> str:
    return json.dumps(block.to_dict())


@pytest.mark.parametrize("state", State)
def test_row_of_the_home_does_not_say_that_practice_does_anything(state: State) -> None:
    for purpose in (None, Purpose.STOP, Purpose.STOP_AND_DELETE):
        practised = request(state=state, stops=purpose, application="practice")
        row = shown_texts(home_row.build(practised, None, None))
        assert not [said for said in DOES if said in row], row


def test_list_of_practice_does_not_say_that_a_campaign_is_being_deleted() -> None:
    listed = campaign_list(State.DELETING, State.APPROVED, application="practice")
    for told in (list_progress.line(listed), shown_texts(list_progress.table(listed))):
        assert "eing deleted" not in told


def test_practised_deletion_never_says_that_something_was_deleted() -> None:
    for state in (State.APPROVED, State.DELETING, State.PRACTISED):
        assert not re.search(r"\b(was|is being|will be) deleted\b", PRACTICE.headlines[state])
    assert PRACTICE.attempts[AttemptKind.PRACTISED] == "Not asked: this is practice"


def line_of(purpose: Purpose, event: str, **facts: Any) -> str:
    """Return the line of a practice request's thread about an event after the practised attempt."""
    stops = {} if purpose is Purpose.DELETE else {"stops": purpose}
    practised = request(**{"state": State.PRACTISED, "application": "practice", **stops, **facts})
    entry = Entry(event=event, details={"attempt": str(AttemptKind.PRACTISED)}, **ENTRY)
    return thread_line.line(entry, practised, IN_PRACTICE)


@pytest.mark.parametrize("purpose", DID)
def test_thread_of_practice_says_what_a_real_request_would_have_done(purpose: Purpose) -> None:
    assert f"I would have {DID[purpose]} the campaign now." in line_of(purpose, "practised")


def test_campaign_that_is_gone_after_a_practised_delete_is_not_put_down_to_the_bot() -> None:
    assert "I sent no delete" in line_of(Purpose.DELETE, "gone")


def test_verified_stop_of_practice_is_told_without_a_deletion() -> None:
    stop = CampaignStop(at=now(), status_before="Active")
    for state, claim in ((State.APPROVED, "The campaign is stopped"), (State.PRACTISED, "The campaign was stopped")):
        told = line_of(Purpose.STOP_AND_DELETE, "stop verified", stop=stop, state=state)
        assert claim in told
        assert "delete" not in told


@pytest.mark.parametrize("purpose", DID)
def test_next_step_of_practice_always_says_that_nothing_is_sent(purpose: Purpose) -> None:
    text = PRACTISED.get(purpose, PRACTICE)
    for steps in (text.next_steps, text.next_steps_while_rate_limited, text.next_steps_while_frozen):
        assert re.search(r"I send no(thing| delete)\.", steps[State.APPROVED]), steps[State.APPROVED]


@pytest.mark.parametrize("purpose", [Purpose.STOP, Purpose.STOP_AND_DELETE])
def test_practised_stop_never_says_that_a_stop_began_or_is_verified(purpose: Purpose) -> None:
    text = PRACTISED[purpose]
    for steps in (text.next_steps, text.next_steps_while_rate_limited, text.next_steps_while_frozen):
        assert steps.get(State.STOPPING, "I read the campaign").startswith(("Next: I read", "Kore.ai's rate limit has"))
        assert "is stopped" not in steps.get(State.STOPPING, "")
    assert "in practice" in text.approved_and_frozen
    assert "still frozen {until}, the request expires." in text.next_steps_while_frozen[State.APPROVED]
