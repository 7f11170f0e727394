"""How a request ends while its attempt may still take effect: an unanswered one settles nothing for ten minutes."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.models import CampaignStop, Purpose
from deletion.domain.outcome import (
    LATE_DELETES,
    may_land_until,
    may_take_effect,
    never_happened,
    rebuilt,
    settled,
    stopped,
)
from deletion.domain.reappearance import first_recheck, next_recheck
from deletion.domain.rebuildable import is_there_again
from deletion.domain.states import State
from deletion.domain.witnesses import RECENT, Source, Witnesses, after_upgrade
from tests.deletion.values import NOON, request

MOMENT, MINUTE = timedelta(microseconds=1), timedelta(minutes=1)
LATE = LATE_DELETES + MOMENT  # an unanswered delete has taken effect by then, or never will
UNANSWERED = Attempt(kind=AttemptKind.NO_ANSWER, at=NOON)
STOP_VERIFIED = CampaignStop(at=NOON, status_before="Active")


@pytest.mark.parametrize(
    ("kind", "seen", "after", "never"),
    [
        (AttemptKind.NO_ANSWER, Observation.PRESENT, LATE, True),
        (AttemptKind.NO_ANSWER, Observation.PRESENT, LATE_DELETES, False),
        (AttemptKind.NO_ANSWER, Observation.ABSENT, LATE, False),
        (AttemptKind.NO_ANSWER, Observation.UNCLEAR, LATE, False),
        (AttemptKind.NO_ANSWER, Observation.STOPPED, LATE, False),
        (AttemptKind.CONFIRMED, Observation.PRESENT, LATE, False),
        (AttemptKind.REFUSED, Observation.PRESENT, LATE, False),
    ],
)
def test_only_an_unanswered_attempt_without_effect_after_ten_minutes_never_happened(
    kind: AttemptKind, seen: Observation, after: timedelta, never: bool
) -> None:
    assert never_happened(Attempt(kind=kind, at=NOON), seen, NOON + after) == never


@pytest.mark.parametrize(
    ("attempt", "to", "after", "state"),
    [
        (UNANSWERED, State.FAILED, LATE, State.FAILED),
        (UNANSWERED, State.FAILED, LATE_DELETES, State.UNKNOWN),
        (UNANSWERED, State.CHANGED, LATE, State.UNKNOWN),
        (UNANSWERED, State.STOPPED, MINUTE, State.UNKNOWN),
        (UNANSWERED, State.GONE, MINUTE, State.GONE),
        (Attempt(kind=AttemptKind.REFUSED, at=NOON), State.FAILED, MINUTE, State.FAILED),
        (Attempt(kind=AttemptKind.NOT_SENT, at=NOON), State.CHANGED, MINUTE, State.CHANGED),
        (None, State.CANCELLED, MINUTE, State.CANCELLED),
    ],
)
def test_after_an_unanswered_attempt_only_a_late_failure_claims_that_nothing_was_done(
    attempt: Attempt | None, to: State, after: timedelta, state: State
) -> None:
    assert settled(request(attempt=attempt), to, NOON + after) is state


@pytest.mark.parametrize(
    ("changes", "after", "may_land"),
    [
        ({}, LATE_DELETES, True),
        ({}, LATE, False),
        ({"state": State.FAILED}, MINUTE, False),
        ({"attempt": None}, MINUTE, False),
        ({"attempt": Attempt(kind=AttemptKind.CONFIRMED, at=NOON)}, MINUTE, False),
        ({"stops": Purpose.STOP}, MINUTE, False),
        ({"stops": Purpose.STOP_AND_DELETE}, MINUTE, False),
        ({"stops": Purpose.STOP_AND_DELETE, "stop": STOP_VERIFIED}, MINUTE, True),
    ],
)
def test_unanswered_delete_of_an_unknown_request_may_land_for_ten_minutes(
    changes: dict[str, Any], after: timedelta, may_land: bool
) -> None:
    unknown = request(**{"state": State.UNKNOWN, "attempt": UNANSWERED, **changes})
    assert may_land_until(unknown, NOON + after) == (NOON + LATE_DELETES if may_land else None)


@pytest.mark.parametrize(("after", "may"), [(MINUTE, True), (LATE_DELETES, True), (LATE, False)])
def test_unanswered_call_may_take_effect_for_ten_minutes(after: timedelta, may: bool) -> None:
    assert may_take_effect(NOON, NOON + after) == may


@pytest.mark.parametrize("attempt", AttemptKind)
@pytest.mark.parametrize("seen", Observation)
def test_rebuilt_is_said_if_the_new_campaign_was_seen_and_failed_if_none_can_exist(
    attempt: AttemptKind, seen: Observation
) -> None:
    was_sent = attempt in (AttemptKind.CONFIRMED, AttemptKind.NO_ANSWER)
    in_doubt = State.REBUILT if seen is Observation.PRESENT else State.UNKNOWN
    assert rebuilt(attempt, seen) is (in_doubt if was_sent else State.FAILED)


@pytest.mark.parametrize(
    ("attempt", "seen"),
    [
        (AttemptKind.CONFIRMED, Observation.PRESENT),
        (AttemptKind.CONFIRMED, Observation.UNCLEAR),
        (AttemptKind.NO_ANSWER, Observation.PRESENT),
        (AttemptKind.NO_ANSWER, Observation.UNCLEAR),
        (AttemptKind.REFUSED, Observation.UNCLEAR),
    ],
)
def test_stop_that_may_have_happened_and_was_not_seen_is_unknown(attempt: AttemptKind, seen: Observation) -> None:
    assert stopped(attempt, seen) is State.UNKNOWN


@pytest.mark.parametrize(
    ("state", "kind", "changes", "is_watched"),
    [
        (State.DELETED, AttemptKind.CONFIRMED, {}, True),
        (State.GONE, AttemptKind.NO_ANSWER, {}, True),
        (State.GONE, AttemptKind.REFUSED, {}, False),
        (State.GONE, AttemptKind.NOT_SENT, {}, False),
        (State.GONE, None, {}, False),
        (State.UNKNOWN, AttemptKind.CONFIRMED, {}, False),
        (State.GONE, AttemptKind.NO_ANSWER, {"stops": Purpose.STOP}, False),
        (State.DELETED, AttemptKind.CONFIRMED, {"stops": Purpose.STOP_AND_DELETE, "stop": STOP_VERIFIED}, True),
    ],
)
def test_campaign_that_the_bot_may_have_deleted_is_looked_for_after_a_minute(
    state: State, kind: AttemptKind | None, changes: dict[str, Any], is_watched: bool
) -> None:
    attempt = Attempt(kind=kind, at=NOON) if kind else None
    ended = request(state=state, attempt=attempt, changed_at=NOON, **changes)
    assert first_recheck(ended) == (NOON + MINUTE if is_watched else None)


@pytest.mark.parametrize(("looked", "following"), [(0, 1), (1, 5), (2, 5), (5, 30), (29, 30), (30, None)])
def test_deleted_campaign_is_looked_for_three_times(looked: int, following: int | None) -> None:
    assert next_recheck(NOON, NOON + looked * MINUTE) == (following and NOON + following * MINUTE)


@pytest.mark.parametrize("state", State)
def test_campaign_whose_deletion_is_in_doubt_may_be_there_again(state: State) -> None:
    assert is_there_again(request(state=state)) == (state not in (State.DELETED, State.GONE))
    assert not is_there_again(None)


@pytest.mark.parametrize(("age", "is_recent"), [(RECENT - MOMENT, True), (RECENT, False)])
def test_sources_are_recent_for_five_minutes(age: timedelta, is_recent: bool) -> None:
    assert RECENT == 5 * MINUTE
    assert Witnesses(sources=(Source.GET,), at=NOON).is_recent(NOON + age) == is_recent


def test_request_of_a_previous_version_is_verified_by_get_and_the_whole_list() -> None:
    assert after_upgrade(NOON) == Witnesses(sources=(Source.GET, Source.LIST), at=NOON)
