"""The campaigns that were updated since the last sync, read with one call. Nothing of it is stored."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from deletion.catalogue.listed_campaign import CachedList, ListedCampaign
from deletion.catalogue.sync_state import SyncState
from deletion.domain.clock import now
from deletion.kore.campaign_gateway import CampaignGateway
from kore_api.errors import KoreError


class RecentUpdates:
    """Brings the cached list up to date for a comparison of names while a full sweep would take too long."""

    def __init__(self, campaign: CampaignGateway) -> None:
        self._campaign = campaign
        self._merged: CachedList | None = None
        self._reading = asyncio.Lock()

    async def merged(
        self, sync: SyncState, known: Mapping[str, ListedCampaign], oldest: datetime, within_seconds: float
    ) -> CachedList | None:
        """Return the known campaigns with the updates, no older than ``oldest``.

        None if one page of the last updates does not reach back to the last sync, or does not come in time.
        """
        if sync.as_of is None:
            return None
        try:
            async with asyncio.timeout(within_seconds), self._reading:
                if self._merged is None or not self._merged.is_fresh(oldest):
                    self._merged = await self._read(sync.as_delta(now()), known)
        except TimeoutError:
            return None
        return self._merged

    async def _read(self, delta: SyncState, known: Mapping[str, ListedCampaign]) -> CachedList | None:
        page = await self._campaign.page(delta.campaign_type, 0, by_update=True)
        if isinstance(page, KoreError) or page.is_cut_short(len(page.items)):
            return None
        found = {item.id: ListedCampaign.of(item, delta.campaign_type, delta.sweep, now()) for item in page.items}
        campaigns = {**known, **found}
        after = delta.after(page, now(), sum(not campaign.is_voice for campaign in campaigns.values()))
        return CachedList(tuple(campaigns.values()), after.as_of) if after.as_of == delta.began_at else None
