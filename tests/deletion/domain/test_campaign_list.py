"""A list of requests: whose turn it is, what it waits for, and what pauses it."""

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.campaign_list import CampaignList, pauses
from deletion.domain.execution_check import ON_HOLD, OTHER_ACCOUNT
from deletion.domain.models import Decision, Verdict
from deletion.domain.states import State
from tests.deletion.values import NOON, campaign_list, request

ENDED, WAITS, RUNS = State.DELETED, State.APPROVED, State.DELETING


def approved_by_bob(found: CampaignList) -> CampaignList:
    given = (Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON),)
    return CampaignList(found.id, tuple(each.model_copy(update={"decisions": given}) for each in found.requests))


@pytest.mark.parametrize(
    ("states", "paused_on", "position"),
    [
        ((ENDED, WAITS, WAITS), None, 2),
        ((ENDED, WAITS, RUNS), None, 3),
        ((State.FAILED, WAITS, WAITS), 1, None),
        ((State.AWAITING_APPROVAL, ENDED), None, None),
    ],
)
def test_next_is_the_running_request_or_the_first_that_waits(
    states: tuple[State, ...], paused_on: int | None, position: int | None
) -> None:
    found = campaign_list(*states, paused_on=paused_on)
    assert (found.next and found.next.list_position) == position
    assert found.is_paused == (paused_on is not None)


def test_approval_of_a_list_is_withdrawn_only_from_requests_that_are_not_executed() -> None:
    found = approved_by_bob(campaign_list(State.AWAITING_APPROVAL, WAITS, RUNS, ENDED))
    assert [each.list_position for each in found.approved_by("U0BOB")] == [1, 2]
    assert found.approved_by("U0CAROL") == ()


def test_request_is_found_by_its_position() -> None:
    found = campaign_list(ENDED, WAITS)
    assert found.at("2") is found.requests[1]
    assert found.at("3") is None


@pytest.mark.parametrize(
    ("before", "after", "is_paused"),
    [
        (RUNS, State.FAILED, True),
        (RUNS, State.UNKNOWN, True),
        (ENDED, State.UNKNOWN, True),
        (RUNS, ENDED, False),
        (State.AWAITING_APPROVAL, State.FAILED, False),
        (State.UNKNOWN, State.FAILED, False),
    ],
)
def test_failure_or_unknown_outcome_of_a_sent_delete_pauses_the_list(
    before: State, after: State, is_paused: bool
) -> None:
    assert pauses(before, request(state=after)) == is_paused


@pytest.mark.parametrize(
    ("why", "after", "is_paused"),
    [(ON_HOLD, State.FAILED, False), (ON_HOLD, State.UNKNOWN, True), (OTHER_ACCOUNT, State.FAILED, True)],
)
def test_hold_pauses_the_list_only_where_an_earlier_attempt_may_have_deleted_the_campaign(
    why: str, after: State, *, is_paused: bool
) -> None:
    refused = Attempt(kind=AttemptKind.NOT_SENT, at=NOON, explanation=why)
    assert pauses(WAITS, request(state=after, attempt=refused)) is is_paused
