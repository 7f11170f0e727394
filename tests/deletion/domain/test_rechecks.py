"""Unknown outcomes are rechecked less and less often for a day, and nothing else is."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.outcome import is_due_for_recheck
from deletion.domain.states import State
from tests.deletion.values import request


@pytest.mark.parametrize(
    ("since_attempt", "since_look", "due"),
    [
        (40, 40, True),
        (20, 20, False),
        (120, 60, True),
        (120, 50, False),
        (3 * 3600, 3600, False),
        (25 * 3600, 24 * 3600, False),
        (599, 100, False),
        (601, 100, True),  # a delete can't land any more
        (605, 3, False),
        (600, 3, False),  # it may still land
        (700, 100, True),  # looked for last when it could still land
        (24 * 3600 - 90, 6 * 3600, False),
        (24 * 3600 - 45, 6 * 3600, True),  # messages say that the bot checks until then
        (24 * 3600 - 10, 20, False),
        (24 * 3600, 12 * 3600, False),
    ],
)
def test_unknown_outcome_is_rechecked_less_and_less_often_for_a_day(
    since_attempt: int, since_look: int, due: bool
) -> None:
    at = now()
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=at - timedelta(seconds=since_attempt))
    unknown = request(state=State.UNKNOWN, attempt=attempt, changed_at=at - timedelta(seconds=since_look))
    assert is_due_for_recheck(unknown, at) == due


@pytest.mark.parametrize("changes", [{"state": State.FAILED}, {"attempt": None}])
def test_nothing_but_an_unknown_outcome_of_an_attempt_is_rechecked(changes: dict[str, Any]) -> None:
    unknown = {"state": State.UNKNOWN, "attempt": Attempt(kind=AttemptKind.NO_ANSWER, at=now())}
    assert not is_due_for_recheck(request(**{**unknown, **changes}), now() + timedelta(hours=1))
