"""Ask Kore.ai by GET and by the status endpoint whether a campaign is stopped."""

import asyncio
from dataclasses import dataclass

from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt
from tenacity.wait import wait_base

from deletion.domain.attempt import Observation
from deletion.domain.stopping import is_stopped
from deletion.kore.read_timeout import within_time
from kore_api.client import KoreClient
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError
from kore_api.models import Campaign


@dataclass(frozen=True)
class StopReading:
    """What both sources say together, with the campaign as GET showed it if it did.

    ``seen`` is PRESENT if both show another status than "Stopped". ``is_missing``: GET found no such campaign.
    """

    seen: Observation | KoreRateLimitError
    campaign: Campaign | None = None
    is_missing: bool = False

    @property
    def is_worth_another_look(self) -> bool:
        is_unsettled = self.seen in (Observation.PRESENT, Observation.UNCLEAR)
        return is_unsettled and not self.is_missing


async def look_for_stop(kore: KoreClient, campaign_id: str, wait: wait_base, looks: int) -> StopReading:
    """Look up to so many times until the campaign is stopped, missing, or no call is left in this minute."""
    reading = StopReading(Observation.UNCLEAR)
    async for look in AsyncRetrying(
        retry=retry_if_result(lambda read: read.is_worth_another_look),
        stop=stop_after_attempt(looks),
        wait=wait,
        retry_error_callback=lambda state: state.outcome and state.outcome.result(),
    ):
        with look:
            reading = await _read(kore, campaign_id)
        look.retry_state.set_result(reading)
    return reading


async def _read(kore: KoreClient, campaign_id: str) -> StopReading:
    found, status = await asyncio.gather(
        within_time(kore.get_campaign(campaign_id)), within_time(kore.get_status(campaign_id))
    )
    for answer in (found, status):
        if isinstance(answer, KoreRateLimitError):
            return StopReading(answer)
    if isinstance(found, KoreError):
        return StopReading(Observation.UNCLEAR, is_missing=isinstance(found, CampaignNotFoundError))
    if isinstance(status, KoreError):
        return StopReading(Observation.UNCLEAR, found)
    match is_stopped(found.status), is_stopped(status.status):
        case True, True:
            return StopReading(Observation.STOPPED, found)
        case False, False:
            return StopReading(Observation.PRESENT, found)
        case _:
            return StopReading(Observation.UNCLEAR, found)
