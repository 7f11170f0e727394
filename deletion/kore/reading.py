"""Read a campaign, and note which sources show it."""

import asyncio
from dataclasses import dataclass, replace

from deletion.domain.clock import now
from deletion.domain.witnesses import Source, Witnesses
from deletion.kore.observation import find_second, sight_in_time
from deletion.kore.read_timeout import READ_SECONDS, within_time
from deletion.kore.sighting import Sighting
from kore_api.client import KoreClient
from kore_api.elapsed_time import elapsed_seconds
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.models import Campaign

STALE_SECONDS = 1.0
GRACE_SECONDS = 1.0  # a user who waits for a modal does not wait longer for the second source


@dataclass(frozen=True)
class Reading:
    """A campaign, and the sources that showed it.

    ``sent_at`` and ``answered_at`` are ``elapsed_seconds()`` when its GET was sent, and when the answer had arrived.
    """

    campaign: Campaign
    witnesses: Witnesses
    sent_at: float
    answered_at: float


async def look(kore: KoreClient, campaign_id: str, known: Witnesses | None, *, thorough: bool) -> Reading | KoreError:
    """Return the campaign with the sources that show it, or the error that says why it cannot be shown.

    GET and the status endpoint are asked at once. If the status endpoint does not show the campaign, ``thorough``
    asks the list narrowed by dates, and last the whole list; then the campaign is read again if that took long.
    Recently ``known`` sources are not asked again.
    """
    if known and known.second and known.is_recent(now()):
        return await _read_known(kore, campaign_id, known)
    reading, status = await _read_with_status(kore, campaign_id, READ_SECONDS if thorough else GRACE_SECONDS)
    if isinstance(reading, KoreError):
        return reading
    if status is Sighting.SHOWN:
        return replace(reading, witnesses=Witnesses(sources=(Source.GET, Source.STATUS), at=now()))
    if not thorough:
        return reading
    found = status if isinstance(status, KoreRateLimitError) else await find_second(kore, reading.campaign)
    if isinstance(found, KoreRateLimitError):
        return found
    is_stale = elapsed_seconds() - reading.sent_at > STALE_SECONDS
    return await _read_known(kore, campaign_id, found) if is_stale else replace(reading, witnesses=found)


async def _read_with_status(
    kore: KoreClient, campaign_id: str, wait_seconds: float
) -> tuple[Reading | KoreError, Sighting | KoreRateLimitError]:
    """Ask both at once, and wait that long for the status endpoint once GET has answered."""
    asking = asyncio.create_task(sight_in_time(kore, Source.STATUS, campaign_id))
    try:
        reading = await _read_known(kore, campaign_id, Witnesses(sources=(Source.GET,), at=now()))
        done, _ = await asyncio.wait({asking}, timeout=wait_seconds)
        return reading, asking.result() if done else Sighting.UNCLEAR
    finally:
        asking.cancel()


async def _read_known(kore: KoreClient, campaign_id: str, known: Witnesses) -> Reading | KoreError:
    sent_at = elapsed_seconds()
    read = await within_time(kore.get_campaign_with_time(campaign_id))
    if isinstance(read, KoreError):
        return read
    found, answered_at = read
    return Reading(found, known, sent_at, answered_at)
