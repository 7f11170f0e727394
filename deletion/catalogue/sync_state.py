"""Who reads Kore.ai's list, how far they are, and when the next may begin. Pure: the one row that replicas agree by."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from deletion.domain.models import Stored
from deletion.domain.policy import Refusal
from kore_api.models import Campaign
from kore_api.paging import Page

TYPES = ("sms", "voice")  # each is a list of its own (docs.kore.ai/…/get-all-campaigns)
OVERLAP = 5  # campaigns
FRESH = timedelta(minutes=1)  # one sweep a minute, for all users and replicas together
AGAIN_AFTER = timedelta(seconds=10)  # a page that could not be read
RECOVER_AFTER = timedelta(seconds=60)  # by then, whoever was reading has died: a page takes 20 seconds at most
TOO_LATE_AFTER = timedelta(minutes=10)  # so long after its last page, a sweep begins anew


class SyncState(Stored):
    """A sweep reads the lists page by page; ``skip`` campaigns of ``campaign_type`` are behind it.

    ``whole_sweep`` is the last one that came to the end, and ``as_of`` is when it began.
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

    @property
    def is_over(self) -> bool:
        return self.whole_sweep == self.sweep

    def is_fresh(self, at: datetime) -> bool:
        """Whether the copy is whole, and was not begun before this time."""
        return self.as_of is not None and self.as_of >= at

    def is_running(self, at: datetime) -> bool:
        """Whether somebody reads, and has been heard of lately."""
        return bool(self.sweeper) and self.touched_at is not None and at - self.touched_at < RECOVER_AFTER

    def claim(self, sweeper: str, at: datetime) -> "SyncState | None":
        """This sweep, or a new one, in the hands of ``sweeper``; None while it is not time."""
        if self.is_running(at) or (self.began_at and self.is_over and at - self.began_at < FRESH):
            return None
        mine = {"sweeper": sweeper, "trouble": self.trouble}
        if self.is_over or self.touched_at is None or at - self.touched_at > TOO_LATE_AFTER:
            start = {"sweep": self.sweep + 1, "began_at": at, "campaign_type": TYPES[0], "skip": 0, "total": None}
            return self._next(at, **mine, **start)
        is_too_soon = not self.sweeper and at - self.touched_at < AGAIN_AFTER
        return None if is_too_soon else self._next(at, **mine)

    def after(self, page: Page[Campaign], at: datetime) -> "SyncState":
        """Where the sweep is when this page is behind it; it may be at its end.

        A campaign deleted meanwhile moves those after it forward, over the edge of what is read already. So pages
        overlap, and where more have gone than that, this page is read again from before the edge.
        """
        gone = self.total - page.total if self.total is not None and page.total is not None else 0
        received = self.skip + len(page.items)
        if gone > OVERLAP:
            return self._next(at, skip=max(0, self.skip - gone), total=page.total)
        if page.goes_on(received):
            return self._next(at, skip=received - max(0, min(OVERLAP, len(page.items) - 1)), total=page.total)
        if self.campaign_type != TYPES[-1]:
            return self._next(at, campaign_type=TYPES[TYPES.index(self.campaign_type) + 1], skip=0, total=None)
        return self._next(at, sweeper="", total=None, whole_sweep=self.sweep, as_of=self.began_at)

    def fail(self, why: Refusal, at: datetime) -> "SyncState":
        """The same place, given up for a while."""
        return self._next(at, sweeper="", trouble=why)

    def _next(self, at: datetime, **changes: object) -> "SyncState":
        moved = {"version": self.version + 1, "touched_at": at, "trouble": None}
        return self.model_copy(update={**moved, **changes})
