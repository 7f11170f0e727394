"""Read a campaign, and note which sources show it."""

import asyncio
import time
from dataclasses import dataclass

from deletion.domain.clock import now
from deletion.domain.witnesses import Source, Witnesses
from deletion.kore.observation import find_second, sight_in_time
from deletion.kore.read_timeout import READ_SECONDS, within_time
from deletion.kore.sighting import Sighting
from kore_api.client import KoreClient
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.models import Campaign

STALE_SECONDS = 1.0
GRACE_SECONDS = 1.0  # a user who waits for a modal does not wait longer for the second source


@dataclass(frozen=True)
class Reading:
    """A campaign, the sources that showed it, and ``time.monotonic()`` of the moment when its GET was sent."""

    campaign: Campaign
    witnesses: Witnesses
    sent_at: float


async def look(kore: KoreClient, campaign_id: str, known: Witnesses | None, *, thorough: bool) -> Reading | KoreError:
    """Return the campaign with the sources that show it, or the error that says why it cannot be shown.

    GET and the status endpoint are asked at once. If the status endpoint does not show the campaign, ``thorough``
    asks the list narrowed by dates, and last the whole list; then the campaign is read again if that took long.
    Recently ``known`` sources are not asked again.
    """
    if known and known.second and known.is_recent(now()):
        return await _read_known(kore, campaign_id, known)
    sent_at = time.monotonic()
    found, status = await _read_with_status(kore, campaign_id, READ_SECONDS if thorough else GRACE_SECONDS)
    if isinstance(found, KoreError):
        return found
    if isinstance(status, KoreRateLimitError) and thorough:
        return status
    if status is Sighting.SHOWN or not thorough:
        second = (Source.STATUS,) if status is Sighting.SHOWN else ()
        return Reading(found, Witnesses(sources=(Source.GET, *second), at=now()), sent_at)
    witnesses = await find_second(kore, found)
    if isinstance(witnesses, KoreRateLimitError):
        return witnesses
    is_stale = time.monotonic() - sent_at > STALE_SECONDS
    return await _read_known(kore, campaign_id, witnesses) if is_stale else Reading(found, witnesses, sent_at)


async def _read_with_status(
    kore: KoreClient, campaign_id: str, wait_seconds: float
) -> tuple[Campaign | KoreError, Sighting | KoreRateLimitError]:
    """Ask both at once, and wait that long for the status endpoint once GET has answered."""
    asking = asyncio.create_task(sight_in_time(kore, Source.STATUS, campaign_id))
    try:
        found = await within_time(kore.get_campaign(campaign_id))
        done, _ = await asyncio.wait({asking}, timeout=wait_seconds)
        return found, asking.result() if done else Sighting.UNCLEAR
    finally:
        asking.cancel()


async def _read_known(kore: KoreClient, campaign_id: str, known: Witnesses) -> Reading | KoreError:
    sent_at = time.monotonic()
    found = await within_time(kore.get_campaign(campaign_id))
    return found if isinstance(found, KoreError) else Reading(found, known, sent_at)
