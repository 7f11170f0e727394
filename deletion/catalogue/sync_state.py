"""How far the sync of the campaign list is, and what it reads next. Pure: replicas agree through this one row.

A full sweep reads every page. A delta reads only the SMS campaigns updated since the last sync: one page for most
accounts, large ones too.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from pydantic import AwareDatetime

from deletion.domain.policy import Refusal
from deletion.domain.stored import Stored
from kore_api.models import Campaign
from kore_api.paging import Page

TYPES = ("sms", "voice")  # each is a list of its own (docs.kore.ai/…/get-all-campaigns)
OVERLAP = 5  # campaigns
PAGE_SIZE = 100
DELTA_LIMIT = 1_000  # campaigns; after more, a full sweep is due
FRESH = timedelta(minutes=1)  # at most one sync a minute, for all users and replicas together
FULL_AFTER = timedelta(minutes=10)  # deltas see no deleted campaigns and no voice campaigns
FULL_AFTER_PER_PAGE = timedelta(seconds=30)  # so full sweeps take two calls a minute on average, at any size
AGAIN_AFTER = timedelta(seconds=10)  # after a page that could not be read
RECOVER_AFTER = timedelta(seconds=60)  # a page takes 20 seconds at most, so the reading replica has died
TOO_LATE_AFTER = timedelta(minutes=10)  # so long after its last page, a full sweep starts over
CLOCK_MARGIN = timedelta(minutes=5)  # between Kore.ai's clock and ours


class SyncState(Stored):
    """A sync reads the list page by page; it is past ``skip`` campaigns of ``campaign_type``.

    ``whole_sweep`` is the last full sweep that was completed, ``full_at`` when it began, and ``as_of`` when the last
    sync began that brought the copy up to date. While a replica reads a delta, ``whole_sweep`` equals ``sweep``.
    """

    version: int = 0
    sweep: int = 0
    sweeper: str = ""
    began_at: AwareDatetime | None = None
    touched_at: AwareDatetime | None = None
    campaign_type: str = TYPES[0]
    skip: int = 0
    total: int | None = None
    trouble: Refusal | None = None
    whole_sweep: int = 0
    as_of: AwareDatetime | None = None
    full_at: AwareDatetime | None = None

    @property
    def is_full_over(self) -> bool:
        return self.whole_sweep == self.sweep

    @property
    def is_over(self) -> bool:
        return self.is_full_over and not self.sweeper

    @property
    def is_delta(self) -> bool:
        return self.is_full_over and bool(self.sweeper)

    def is_fresh(self, at: datetime) -> bool:
        """Return whether the copy is complete and its reading began no earlier than ``at``."""
        return self.as_of is not None and self.as_of >= at

    def is_running(self, at: datetime) -> bool:
        """Return whether a replica is reading and has shown a sign of life lately."""
        return bool(self.sweeper) and self.touched_at is not None and at - self.touched_at < RECOVER_AFTER

    def is_full_next(self, at: datetime, size: int) -> bool:
        """Return whether a full sweep is running, or the next sync is one."""
        return not self.is_full_over or (not self.sweeper and self._is_full_due(at, size))

    def as_delta(self, at: datetime) -> "SyncState":
        """Return a delta that begins now, for one reader who stores nothing of it."""
        return self.model_copy(update={"sweep": self.whole_sweep, "sweeper": "reader", **_start(at)})

    def claim(self, sweeper: str, at: datetime, size: int = 0) -> "SyncState | None":
        """Return this sync, or a new one, claimed by ``sweeper``; None while none is due.

        ``size`` is the number of campaigns in the copy: the larger it is, the rarer are full sweeps.
        """
        if self.is_running(at) or (self.is_over and self.began_at and at - self.began_at < FRESH):
            return None
        mine = {"sweeper": sweeper, "trouble": self.trouble}
        start = _start(at)
        if self.is_full_over and not self._is_full_due(at, size):
            is_too_soon = self.trouble and self.touched_at and at - self.touched_at < AGAIN_AFTER
            return None if is_too_soon else self._next(at, **mine, **start)
        if self.is_full_over or self.touched_at is None or at - self.touched_at > TOO_LATE_AFTER:
            return self._next(at, **mine, **start, sweep=self.sweep + 1)
        is_too_soon = not self.sweeper and at - self.touched_at < AGAIN_AFTER
        return None if is_too_soon else self._next(at, **mine)

    def after(self, page: Page[Campaign], at: datetime, known: int | None = None) -> "SyncState":
        """Return the state once this page is read; it may be the last one.

        ``known`` is the number of SMS campaigns in the copy with this page, for a delta.
        """
        return self._after_delta(page, at, known) if self.is_delta else self._after_full(page, at)

    def _after_full(self, page: Page[Campaign], at: datetime) -> "SyncState":
        """A campaign deleted meanwhile moves those after it forward, over the edge of what is read already.

        So pages overlap, and where more were deleted than that, the sync goes back to before the edge.
        """
        gone = self.total - page.total if self.total is not None and page.total is not None else 0
        received = self.skip + len(page.items)
        if gone > OVERLAP:
            return self._next(at, skip=max(0, self.skip - gone), total=page.total)
        if page.goes_on(received):
            return self._next(at, skip=received - max(0, min(OVERLAP, len(page.items) - 1)), total=page.total)
        if self.campaign_type != TYPES[-1]:
            return self._next(at, campaign_type=TYPES[TYPES.index(self.campaign_type) + 1], skip=0, total=None)
        whole = {"whole_sweep": self.sweep, "as_of": self.began_at, "full_at": self.began_at}
        return self._next(at, sweeper="", total=None, **whole)

    def _after_delta(self, page: Page[Campaign], at: datetime, known: int | None) -> "SyncState":
        """Return a completed state once a page reaches back before the last sync.

        A first page that is the whole list counts as a full sweep of SMS campaigns. Where the list is not sorted by
        update, or has more campaigns than the copy, a full sweep is due.
        """
        received, since = self.skip + len(page.items), (self.as_of or at) - CLOCK_MARGIN
        done = {"sweeper": "", "total": None}
        if not page.goes_on(received) and self.skip == 0:
            return self._next(at, **done, sweep=self.sweep + 1, whole_sweep=self.sweep + 1, as_of=self.began_at)
        updated = [item.updated_at for item in page.items]
        is_sorted = all(a and b and a >= b for a, b in pairwise(updated))
        reaches_back = not page.goes_on(received) or any(at and at < since for at in updated)
        if is_sorted and not reaches_back and received < DELTA_LIMIT:
            return self._next(at, skip=received, total=page.total)
        is_complete = page.total is not None and known is not None and known >= page.total
        if is_sorted and reaches_back and is_complete:
            return self._next(at, **done, as_of=self.began_at)
        return self._next(at, **done, full_at=None)

    def fail(self, why: Refusal, at: datetime) -> "SyncState":
        """Return the same position, given up for a while."""
        return self._next(at, sweeper="", trouble=why)

    def _is_full_due(self, at: datetime, size: int) -> bool:
        wait = max(FULL_AFTER, size / PAGE_SIZE * FULL_AFTER_PER_PAGE)
        return self.as_of is None or self.full_at is None or at - self.full_at >= wait

    def _next(self, at: datetime, **changes: object) -> "SyncState":
        moved = {"version": self.version + 1, "touched_at": at, "trouble": None}
        return self.model_copy(update={**moved, **changes})


def _start(at: datetime) -> dict[str, Any]:
    return {"began_at": at, "campaign_type": TYPES[0], "skip": 0, "total": None}
