"""The cached campaign list: one copy in the database for all replicas, and one in the memory of each.

A sync runs when the list is used, at most once a minute, page by page. It is no workflow: the replica that uses the
list next continues a sync that a crash has interrupted.
"""

import asyncio
import logging
import time
from contextvars import copy_context
from datetime import timedelta
from uuid import uuid4

from deletion.catalogue.cache_store import UNREADABLE, CacheStore
from deletion.catalogue.listed_campaign import CachedList, ListedCampaign
from deletion.catalogue.memory_copy import MemoryCopy
from deletion.catalogue.recent_updates import RecentUpdates
from deletion.catalogue.similar_names import TOO_OLD
from deletion.catalogue.sync_state import FRESH, TYPES, SyncState
from deletion.db.connection import failure_code
from deletion.domain.clock import now
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.domain.text.typed_text import ids_as_typed
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, CampaignGateway
from kore_api.errors import KoreError

FIRST_PAGES = 10  # read without a pause: most accounts have no more
PAUSE_SECONDS = 3.0  # then 20 of the account's 60 calls a minute (docs.kore.ai/…/rate-limit-ccai)
YIELD_PAUSES = 3  # no page for so many pauses after a command
CLOSE_SECONDS = 3.0
FOLLOW_SECONDS = 1.0  # how often a replica follows another one's sync
log = logging.getLogger(__name__)


class CampaignCache:
    """Answer from memory at once, and sync in the background."""

    def __init__(
        self, store: CacheStore, campaign: CampaignGateway, policy: Policy, *, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._store = store
        self._campaign = campaign.reserving(BACKGROUND_RESERVE)
        self._copy = MemoryCopy(store, policy)
        self._pause_seconds = pause_seconds
        self._name = uuid4().hex
        self._context = copy_context()
        self._refreshing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._command_at = float("-inf")
        self._updates = RecentUpdates(self._campaign)

    async def load(self) -> None:
        """Load what earlier runs and other replicas have read."""
        await self._copy.follow()

    async def follow(self) -> None:
        """Load what other replicas have written since. The copy stays as it is while the database does not answer."""
        try:
            await self._copy.follow()
        except UNREADABLE as error:
            log.warning("Campaign list not followed", extra={"error": failure_code(error)})

    async def forget(self, campaign_id: str) -> None:
        """Remove a campaign that was verified to be gone, for all replicas."""
        try:
            await self._store.forget(campaign_id)
        except UNREADABLE as error:
            extra = {"error": failure_code(error), "campaign_id": campaign_id}
            log.warning("Campaign not removed from the list", extra=extra)
        await self.follow()

    async def reread(self, campaign_id: str) -> None:
        """Read one campaign and list it, for all replicas. Where that fails, the next sync finds it."""
        found = await self._campaign.read(campaign_id)
        if isinstance(found, KoreError):
            log.warning("Campaign not read for the list", extra={"error": str(found), "campaign_id": campaign_id})
            return
        try:
            await self._store.put(ListedCampaign.of(found, "voice" if found.is_voice else TYPES[0], 0, now()))
        except UNREADABLE as error:
            extra = {"error": failure_code(error), "campaign_id": campaign_id}
            log.warning("Campaign not added to the list", extra=extra)
        await self.follow()

    def start(self) -> None:
        """Sync a list that is too old for the first command. Call it last: a sync writes while others set up."""
        self.cached_list(TOO_OLD)

    async def close(self) -> None:
        """Stop between two steps: a cancelled statement leaves its connection open."""
        self._closing.set()
        if self._refreshing:
            await asyncio.wait({self._refreshing}, timeout=CLOSE_SECONDS)
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    def cached_list(self, not_older_than: timedelta = FRESH) -> CachedList:
        """Return the list as known now. If it is older, start a sync."""
        is_reading = self._refreshing is not None and not self._refreshing.done()
        if not is_reading and not self._copy.sync.is_fresh(now() - not_older_than):
            # It serves all commands, so its log lines name no request.
            self._refreshing = asyncio.create_task(self._refresh(), context=self._context.copy())
        return self._copy.cached_list()

    async def fresh_list(self, not_older_than: timedelta, within_seconds: float) -> CachedList:
        """Return the list after waiting for a newer one, which may not come in time."""
        await self._follow_for_command()
        return await self._newer_list(not_older_than, within_seconds)

    async def _follow_for_command(self) -> None:
        """Load what other replicas have written, and let the sync make way for the command's own calls."""
        self._command_at = time.monotonic()
        await self.follow()

    async def _newer_list(self, not_older_than: timedelta, within_seconds: float) -> CachedList:
        copy = self.cached_list(not_older_than)
        if self._refreshing and not copy.is_fresh(now() - not_older_than):
            await asyncio.wait({self._refreshing}, timeout=within_seconds)
        return self.cached_list(not_older_than)

    async def fresh_names(self, within_seconds: float) -> CachedList:
        """Return the list to compare names with: at most a minute old, or older if that takes too long.

        Where a full sweep is next, which may take minutes, one page of the last updates is read first.
        """
        oldest, end = now() - FRESH, time.monotonic() + within_seconds
        await self._follow_for_command()
        sync, campaigns = self._copy.sync, self._copy.campaigns
        is_slow = not sync.is_fresh(oldest) and sync.is_full_next(now(), len(campaigns))
        names = await self._updates.merged(sync, campaigns, oldest, within_seconds) if is_slow else None
        if names:
            self.cached_list(FRESH)
            return names
        return await self._newer_list(FRESH, max(0.0, end - time.monotonic()))

    def listed(self, campaign_id: str, not_older_than: timedelta) -> ListedCampaign | None:
        """Return the campaign as the list showed it within that time, or None. Starts no sync."""
        found = self._copy.campaigns.get(campaign_id)
        is_recent = found and found.seen_at and found.seen_at >= now() - not_older_than
        return found if is_recent else None

    def ids_as_listed(self, text: str) -> tuple[str, ...]:
        """Return each campaign id in a typed text once, as ``as_listed`` returns it."""
        return tuple(dict.fromkeys(map(self.as_listed, ids_as_typed(text))))

    def as_listed(self, typed_id: str) -> str:
        """Return a typed id as the list writes it: capitals need not be typed, unless two ids differ in them alone.

        An id that is not listed is in lower case, as Kore.ai writes ids.
        """
        if typed_id in self._copy.campaigns:
            return typed_id
        same = [each for each in self._copy.campaigns if each.lower() == typed_id.lower()]
        return same[0] if len(same) == 1 else typed_id if same else typed_id.lower()

    async def _refresh(self) -> None:
        """Sync until the copy is fresh, or until the next page has to wait."""
        wanted = now() - FRESH
        try:
            await self._copy.follow()
            while not (self._copy.sync.is_fresh(wanted) or self._closing.is_set()):
                if self._copy.sync.sweeper == self._name:  # the copy was changed in between
                    await self._read_on()
                elif self._copy.sync.is_running(now()):
                    await self._rest(FOLLOW_SECONDS)
                elif claimed := self._copy.sync.claim(self._name, now(), len(self._copy.campaigns)):
                    if await self._copy.keep(self._copy.sync, claimed):
                        await self._read_on()
                elif self._copy.sync.trouble is Refusal.KORE_LIMIT:
                    await self._rest(FOLLOW_SECONDS)  # the minute belongs to calls with a smaller reserve
                else:
                    return
                await self._copy.follow()
        except UNREADABLE as error:
            log.warning("Campaign list not stored", extra={"error": failure_code(error)})

    async def _read_on(self) -> None:
        """Read page after page to the end, or until a page cannot be read or another replica has taken over."""
        pages = 0
        while not (self._copy.sync.is_over or self._closing.is_set()):
            if pages >= FIRST_PAGES and await self._pause():
                return
            if not await self._read_page():
                return
            pages += 1

    async def _pause(self) -> bool:
        """Wait before the next page, longer after a command, whose own calls come first. True if closing."""
        if await self._rest(self._pause_seconds):
            return True
        return await self._rest(max(0.0, self._command_at + YIELD_PAUSES * self._pause_seconds - time.monotonic()))

    async def _rest(self, seconds: float) -> bool:
        """Wait that long. Return True, and at once, if the cache is closing."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _read_page(self) -> bool:
        sync = self._copy.sync
        page = await self._campaign.page(sync.campaign_type, sync.skip, by_update=sync.is_delta)
        if isinstance(page, KoreError):
            log.warning("Campaign list page not read", extra={"error": str(page), "skip": sync.skip})
            await self._copy.keep(sync, sync.fail(why_unread(page), now()))
            return False
        if page.is_cut_short(sync.skip + len(page.items)):
            return await self._distrust(sync, "it ends before its own total")
        known = {key for key, campaign in self._copy.campaigns.items() if not campaign.is_voice}
        after = sync.after(page, now(), len(known | {item.id for item in page.items}))
        seen_at, kind = now(), sync.campaign_type
        found = {item.id: ListedCampaign.of(item, kind, after.sweep, seen_at) for item in page.items}
        if not sync.is_delta and after.skip > sync.skip and not any(map(self._is_new, found.values())):
            return await self._distrust(sync, "it repeats a page")
        return await self._copy.keep(sync, after, list(found.values()))

    async def _distrust(self, sync: SyncState, why: str) -> bool:
        log.warning("Campaign list contradicts itself", extra={"error": why, "skip": sync.skip})
        await self._copy.keep(sync, sync.fail(Refusal.KORE_SILENT, now()))
        return False

    def _is_new(self, campaign: ListedCampaign) -> bool:
        known = self._copy.campaigns.get(campaign.id)
        return known is None or known.sweep != campaign.sweep
