"""When a sync of the cached list begins, what it reads next, and when the list is whole."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.catalogue.sync_state import (
    AGAIN_AFTER,
    DELTA_LIMIT,
    FRESH,
    OVERLAP,
    RECOVER_AFTER,
    TOO_LATE_AFTER,
    TYPES,
    SyncState,
)
from deletion.domain.policy import Refusal
from kore_api.models import Campaign
from kore_api.paging import Page
from tests.deletion.catalogue_world import NOON


def page(count: int, *, has_more: bool, total: int | None = None) -> Page[Campaign]:
    return Page([Campaign.model_validate({"id": f"cd-{n}"}) for n in range(count)], has_more, total)


def begun() -> SyncState:
    sweep = SyncState().claim("me", NOON)
    assert sweep
    return sweep


def delta(**changes: Any) -> SyncState:
    """Return a delta that begins a minute after a full sweep of 1,000 campaigns."""
    done = begun().after(page(0, has_more=False), NOON).after(page(0, has_more=False), NOON)
    claimed = done.claim("me", NOON + FRESH, 1_000)
    assert claimed
    assert claimed.is_delta
    return claimed.model_copy(update=changes)


def updated(*minutes: int, has_more: bool = True, total: int | None = 1_000) -> Page[Campaign]:
    """Return a page whose campaigns were updated so many minutes after the full sweep."""
    dates = [NOON + timedelta(minutes=at) for at in minutes]
    items = [{"id": f"cd-{n}", "updatedAt": at.isoformat()} for n, at in enumerate(dates)]
    return Page([Campaign.model_validate(item) for item in items], has_more, total)


def test_delta_goes_on_until_a_page_reaches_back_before_the_last_sync() -> None:
    later = delta().after(updated(30, 20), NOON + FRESH, 1_000)
    assert (later.is_delta, later.skip) == (True, 2)

    done = later.after(updated(10, -60), NOON + FRESH, 1_000)

    assert (done.is_over, done.as_of, done.full_at) == (True, NOON + FRESH, NOON)


@pytest.mark.parametrize(
    ("read", "known", "skip"),
    [
        (updated(10, 20, -60), 1_000, 0),
        (updated(10, -60, total=1_001), 1_000, 0),
        (updated(10, -60, total=None), 1_000, 0),
        (updated(30, 20), 1_000, DELTA_LIMIT),
        (Page([Campaign(id="cd-1"), Campaign(id="cd-2")], True, 1_000), 1_000, 0),
    ],
    ids=["not sorted", "more than known", "no total", "too long", "no dates"],
)
def test_delta_that_proves_nothing_makes_a_full_sweep_due(read: Page[Campaign], known: int, skip: int) -> None:
    after = delta(skip=skip).after(read, NOON + FRESH, known)

    assert (after.is_over, after.as_of, after.full_at) == (True, NOON, None)
    full = after.claim("me", NOON + 2 * FRESH, 1_000)
    assert full
    assert not full.is_full_over


@pytest.mark.parametrize(("size", "wait"), [(33, timedelta(minutes=10)), (100_000, timedelta(minutes=500))])
def test_full_sweeps_are_rarer_the_larger_the_account_is(size: int, wait: timedelta) -> None:
    done = begun().after(page(0, has_more=False), NOON).after(page(0, has_more=False), NOON)
    early, due = done.claim("me", NOON + wait - FRESH, size), done.claim("me", NOON + wait, size)

    assert early
    assert due
    assert (early.is_delta, due.is_delta) == (True, False)


def test_a_sweep_goes_through_both_lists_and_then_says_since_when_it_is_whole() -> None:
    steps = [begun()]
    for has_more in (True, False, False):
        steps.append(steps[-1].after(page(100, has_more=has_more), NOON + timedelta(seconds=1)))

    assert [(step.campaign_type, step.skip) for step in steps] == [("sms", 0), ("sms", 95), ("voice", 0), ("voice", 0)]
    assert [step.is_over for step in steps] == [False, False, False, True]
    assert (steps[-1].as_of, steps[-1].sweeper) == (NOON, "")
    assert [step.version for step in steps] == [1, 2, 3, 4]


@pytest.mark.parametrize("campaign_type", TYPES)
def test_when_more_have_gone_than_the_pages_overlap_it_goes_back_even_from_the_end(campaign_type: str) -> None:
    before = begun().model_copy(update={"campaign_type": campaign_type, "skip": 195, "total": 250})
    after = before.after(page(49, has_more=False, total=250 - OVERLAP - 1), NOON)
    assert (after.campaign_type, after.skip, after.is_over) == (campaign_type, 189, False)
    assert after.after(page(55, has_more=False, total=244), NOON).campaign_type != "sms"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_short_pages_come_to_an_end_too(size: int) -> None:
    assert begun().after(page(size, has_more=True), NOON).skip > 0


def test_nobody_begins_within_a_minute_or_beside_somebody_who_reads() -> None:
    done = begun().after(page(0, has_more=False), NOON).after(page(0, has_more=False), NOON)
    assert done.is_over
    assert done.claim("you", NOON + FRESH - timedelta(seconds=1)) is None
    assert done.claim("you", NOON + FRESH)

    assert begun().claim("you", NOON + RECOVER_AFTER - timedelta(seconds=1)) is None
    taken = begun().after(page(100, has_more=True), NOON).claim("you", NOON + RECOVER_AFTER)
    assert taken
    assert (taken.sweeper, taken.skip, taken.sweep) == ("you", 95, 1)


def test_what_was_left_for_long_begins_anew() -> None:
    left = begun().after(page(100, has_more=True), NOON).fail(Refusal.KORE_LIMIT, NOON)
    assert left.claim("you", NOON + AGAIN_AFTER - timedelta(seconds=1)) is None
    soon, late = left.claim("you", NOON + AGAIN_AFTER), left.claim("you", NOON + TOO_LATE_AFTER * 2)
    assert soon
    assert late
    assert (soon.sweep, soon.skip, soon.trouble) == (1, 95, Refusal.KORE_LIMIT)
    assert (late.sweep, late.skip) == (2, 0)
