"""Find a second source beside GET that shows a campaign, and ask both again to see whether it is gone."""

import asyncio
from datetime import datetime

from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.witnesses import Source, Witnesses
from deletion.kore.read_timeout import within_time
from deletion.kore.sighting import Sighted, Sighting, judge, refuses_only, sight
from kore_api.client import KoreClient
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.models import Campaign


async def find_second(kore: KoreClient, campaign: Campaign) -> Witnesses | KoreRateLimitError:
    """Return GET and the cheapest list that shows the campaign; GET alone if none does."""
    for source in (Source.LIST_BY_DATE, Source.LIST):
        seen = await sight_in_time(kore, source, campaign.id, campaign.created_at)
        if isinstance(seen, KoreRateLimitError):
            return seen
        if seen is Sighting.SHOWN:
            return Witnesses(sources=(Source.GET, source), at=now(), created_at=campaign.created_at)
    return Witnesses(sources=(Source.GET,), at=now())


async def observe_once(kore: KoreClient, campaign_id: str, witnesses: Witnesses) -> Observation | KoreRateLimitError:
    """Ask GET and the second witness, at once unless that is the whole list, and judge what they say together."""
    second = witnesses.second
    if second is Source.LIST:  # its cost grows with the account, so only if GET does not settle it
        first = await sight_in_time(kore, Source.GET, campaign_id)
        if first is Sighting.SHOWN:
            return Observation.PRESENT
        other = await sight_in_time(kore, second, campaign_id)
    elif second:
        first, other = await asyncio.gather(
            sight_in_time(kore, Source.GET, campaign_id),
            sight_in_time(kore, second, campaign_id, witnesses.created_at),
        )
    else:
        first, other = await sight_in_time(kore, Source.GET, campaign_id), Sighting.UNCLEAR
    seen = judge(first, other)
    if seen is not None:
        return seen
    return Observation.ABSENT if await refuses_only(kore, campaign_id) else Observation.UNCLEAR


async def sight_in_time(
    kore: KoreClient, source: Source, campaign_id: str, created_at: datetime | None = None
) -> Sighted:
    """Ask one source within the time of a read."""
    seen = await within_time(sight(kore, source, campaign_id, created_at))
    return Sighting.UNCLEAR if isinstance(seen, KoreError) and not isinstance(seen, KoreRateLimitError) else seen
