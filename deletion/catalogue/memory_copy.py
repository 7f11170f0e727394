"""The campaign list in the memory of a replica, which follows the one in the database."""

import asyncio
from dataclasses import replace

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.listed_campaign import GONE, CachedList, ListedCampaign, sorted_for_picker
from deletion.catalogue.sync_state import SyncState
from deletion.domain.policy import Policy


class MemoryCopy:
    """Change ``sync`` and ``campaigns`` through ``follow`` and ``keep`` alone, one at a time."""

    def __init__(self, store: CacheStore, policy: Policy) -> None:
        self._store = store
        self._policy = policy
        self.sync = SyncState()
        self.campaigns: dict[str, ListedCampaign] = {}
        self._sorted: CachedList | None = None
        self._changing = asyncio.Lock()

    def cached_list(self) -> CachedList:
        """Return the list as it is, sorted for the picker."""
        if self._sorted is None:
            found = sorted_for_picker(self.campaigns.values(), self._policy)
            self._sorted = CachedList(found, self.sync.as_of, self.sync.total, self.sync.trouble)
        return self._sorted

    async def follow(self) -> None:
        """Load what was written since this replica looked last."""
        async with self._changing:
            sync = await self._store.sync_state()
            if sync.version == self.sync.version:
                return
            async for found in self._store.changed_since(self.sync.version):
                self.campaigns.update({campaign.id: campaign for campaign in found if campaign.sweep != GONE})
                for campaign in found:
                    if campaign.sweep == GONE:
                        self.campaigns.pop(campaign.id, None)
            self._remember(sync, [])

    async def keep(self, before: SyncState, after: SyncState, found: list[ListedCampaign] | None = None) -> bool:
        """Store and remember; False, and neither, if the copy was changed since ``before``."""
        async with self._changing:
            if not await self._store.swap(before, after, found or []):
                return False
            if before.is_delta and after.whole_sweep > before.whole_sweep:
                voice = {key: campaign for key, campaign in self.campaigns.items() if campaign.is_voice}
                self.campaigns.update({key: replace(each, sweep=after.sweep) for key, each in voice.items()})
            self._remember(after, found or [])
            return True

    def _remember(self, sync: SyncState, found: list[ListedCampaign]) -> None:
        self.campaigns.update({campaign.id: campaign for campaign in found})
        if sync.whole_sweep != self.sync.whole_sweep:
            seen = self.campaigns.items()
            self.campaigns = {key: campaign for key, campaign in seen if campaign.sweep >= sync.whole_sweep}
        self.sync = sync
        self._sorted = None
