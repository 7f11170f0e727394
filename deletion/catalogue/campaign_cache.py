"""The list of all campaigns, at hand: one copy in the database for all replicas, and one in the memory of each.

Read when somebody looks, at most once a minute, a page at a time. No workflow: a sync that a crash has broken off is
gone on with by whoever looks next.
"""

import asyncio
import logging
from datetime import timedelta
from uuid import uuid4

from deletion.catalogue.cache_store import UNREADABLE, CacheStore
from deletion.catalogue.listed_campaign import CachedList, ListedCampaign, sorted_for_picker
from deletion.catalogue.sync_state import FRESH, SyncState
from deletion.domain.clock import now
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, CampaignGateway
from kore_api.errors import KoreError

FIRST_PAGES = 10  # read without a pause: most accounts have no more
PAUSE_SECONDS = 3.0  # then 20 of the 60 calls that everybody has in a minute (docs.kore.ai/…/rate-limit-ccai)
CLOSE_SECONDS = 3.0
FOLLOW_SECONDS = 1.0  # how often a replica looks how far another one is
log = logging.getLogger(__name__)


class CampaignCache:
    """Answers from memory, at once, and brings itself up to date behind the back of whoever asked."""

    def __init__(
        self, store: CacheStore, campaign: CampaignGateway, policy: Policy, *, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._store = store
        self._campaign = campaign.reserving(BACKGROUND_RESERVE)
        self._policy = policy
        self._pause_seconds = pause_seconds
        self._name = uuid4().hex
        self._sync = SyncState()
        self._campaigns: dict[str, ListedCampaign] = {}
        self._copy: CachedList | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    async def load(self) -> None:
        """Take over what earlier runs and other replicas have read."""
        await self._follow()

    async def close(self) -> None:
        """Ends between two steps: a statement that is broken off leaves its connection open."""
        self._closing.set()
        if self._refreshing:
            await asyncio.wait({self._refreshing}, timeout=CLOSE_SECONDS)
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def cached_list(self, not_older_than: timedelta = FRESH) -> CachedList:
        """What is known now. If that is older, it is read again meanwhile."""
        is_reading = self._refreshing is not None and not self._refreshing.done()
        if not is_reading and not self._sync.is_fresh(now() - not_older_than):
            self._refreshing = asyncio.create_task(self._refresh())
        if self._copy is None:
            found = sorted_for_picker(self._campaigns.values(), self._policy)
            self._copy = CachedList(found, self._sync.as_of, self._sync.total, self._sync.trouble)
        return self._copy

    async def fresh_list(self, not_older_than: timedelta, within_seconds: float) -> CachedList:
        """The same, after a wait for a newer one. It may be old all the same."""
        copy = self.cached_list(not_older_than)
        if self._refreshing and not copy.is_fresh(now() - not_older_than):
            await asyncio.wait({self._refreshing}, timeout=within_seconds)
        return self.cached_list(not_older_than)

    async def _refresh(self) -> None:
        """Until there is a copy of this minute, or reading it has to wait."""
        wanted = now() - FRESH
        try:
            await self._follow()
            while not (self._sync.is_fresh(wanted) or self._closing.is_set()):
                if self._sync.is_running(now()):
                    await self._rest(FOLLOW_SECONDS)
                elif claimed := self._sync.claim(self._name, now()):
                    if await self._keep(claimed):
                        await self._read_on()
                elif self._sync.trouble is Refusal.KORE_LIMIT:
                    await self._rest(FOLLOW_SECONDS)  # more important calls have the minute; it passes
                else:
                    return
                await self._follow()
        except UNREADABLE as error:
            log.warning("The list of campaigns cannot be kept", extra={"error": type(error).__name__})

    async def _read_on(self) -> None:
        """Page after page to the end, or until a page cannot be read or somebody else has taken over."""
        pages = 0
        while not (self._sync.is_over or self._closing.is_set()):
            if pages >= FIRST_PAGES and await self._rest(self._pause_seconds):
                return
            if not await self._read_page():
                return
            pages += 1

    async def _rest(self, seconds: float) -> bool:
        """True, and at once, when it is time to end."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _read_page(self) -> bool:
        sync = self._sync
        page = await self._campaign.page(sync.campaign_type, sync.skip)
        if isinstance(page, KoreError):
            log.warning("The list of campaigns cannot be read", extra={"error": str(page)})
            await self._keep(sync.fail(why_unread(page), now()))
            return False
        found = {item.id: ListedCampaign.of(item, sync.campaign_type, sync.sweep) for item in page.items}
        after = sync.after(page, now())
        if after.skip > sync.skip and not any(self._is_new(campaign) for campaign in found.values()):
            log.warning("The list of campaigns repeats itself", extra={"skip": sync.skip})
            await self._keep(sync.fail(Refusal.KORE_SILENT, now()))
            return False
        return await self._keep(after, list(found.values()))

    def _is_new(self, campaign: ListedCampaign) -> bool:
        known = self._campaigns.get(campaign.id)
        return known is None or known.sweep != campaign.sweep

    async def _keep(self, after: SyncState, found: list[ListedCampaign] | None = None) -> bool:
        """Write and remember; False if somebody else was first, and then nothing is."""
        if not await self._store.swap(self._sync, after, found or []):
            return False
        self._remember(after, found or [])
        return True

    async def _follow(self) -> None:
        """Take over what has been written since this process looked last."""
        sync = await self._store.sync_state()
        async for found in self._store.changed_since(self._sync.version):
            self._campaigns.update({campaign.id: campaign for campaign in found})
        self._remember(sync, [])

    def _remember(self, sync: SyncState, found: list[ListedCampaign]) -> None:
        self._campaigns.update({campaign.id: campaign for campaign in found})
        if sync.whole_sweep != self._sync.whole_sweep:
            seen = self._campaigns.items()
            self._campaigns = {key: campaign for key, campaign in seen if campaign.sweep >= sync.whole_sweep}
        self._sync = sync
        self._copy = None
