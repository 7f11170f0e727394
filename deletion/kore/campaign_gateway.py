"""Read, delete, stop and create campaigns at Kore.ai. Errors become values: an outcome is never an exception."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt, wait_exponential
from tenacity.wait import wait_base

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.witnesses import Witnesses, after_upgrade
from deletion.kore.attempted import attempt_of, attempted
from deletion.kore.created_campaign import find_created
from deletion.kore.observation import observe_once, sight_in_time
from deletion.kore.read_timeout import within_time
from deletion.kore.reading import Reading, look
from deletion.kore.sighting import Sighted, list_by_date
from deletion.kore.stop_reading import StopReading, look_for_stop
from kore_api.client import KoreClient
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.models import Campaign
from kore_api.paging import Page
from kore_api.send_trace import BeforeSend

CALLS_PER_DELETE = 5  # before and after the DELETE: a GET and a second source
DELETE_RESERVE = CALLS_PER_DELETE - 1  # calls of the minute: a delete that begins can end
INTERACTIVE_RESERVE = CALLS_PER_DELETE  # a read for a user leaves room for a delete
BACKGROUND_RESERVE = 8  # background reads leave room for users too; less than the smallest KORE_CALLS_PER_MINUTE
INTERACTIVE_WAIT = timedelta(seconds=150)  # how long a user waits for the rate limit before a modal
OBSERVE_SECONDS = 45  # all looks together; less than the time after which the engine resumes an orphaned workflow
LOOKS = 3  # of a patient observation
OBSERVE_WAIT = wait_exponential(multiplier=1)

# Called with the time at which the rate limit allows the next try; returns False if the user has gone.
OnRateLimited = Callable[[datetime], Awaitable[bool]]
Read = TypeVar("Read")


class CampaignGateway:
    def __init__(self, kore: KoreClient, observe_wait: wait_base = OBSERVE_WAIT) -> None:
        self._kore = kore
        self._observe_wait = observe_wait

    @property
    def account(self) -> str:
        """The key of the Kore.ai account that it calls."""
        return self._kore.account_key

    def reserving(self, calls: int) -> "CampaignGateway":
        """Return a gateway that calls only while that many calls of the minute stay free."""
        return CampaignGateway(self._kore.reserving(calls), self._observe_wait)

    async def read(self, campaign_id: str) -> Campaign | KoreError:
        """Return the campaign, or the error that says why it cannot be shown, within ``READ_SECONDS``."""
        return await within_time(self._kore.get_campaign(campaign_id))

    async def read_when_allowed(self, campaign_id: str, tell: OnRateLimited) -> Campaign | KoreError:
        """Read for a user who waits: while the rate limit is used up, tell until when, then read.

        Returns the rate limit's error if that takes too long or the user has gone.
        """
        return await _when_allowed(lambda: self.read(campaign_id), tell)

    async def look(
        self, campaign_id: str, known: Witnesses | None = None, *, thorough: bool = True
    ) -> Reading | KoreError:
        """Read the campaign and note which sources show it, so that ``observe`` can tell later that it is gone.

        Recently ``known`` sources are not asked again; ``thorough`` asks the lists too, if they are needed.
        """
        return await look(self._kore, campaign_id, known, thorough=thorough)

    async def look_when_allowed(self, campaign_id: str, tell: OnRateLimited) -> Reading | KoreError:
        """Look for a user who waits, as ``read_when_allowed``; sources other than the status endpoint cost too much."""
        return await _when_allowed(lambda: self.look(campaign_id, thorough=False), tell)

    async def page(self, campaign_type: str, skip: int, *, by_update: bool = False) -> Page[Campaign] | KoreError:
        """Return one page of the list, or the error that says why there is none."""
        return await within_time(
            self._kore.list_page(campaign_type, skip=skip, sort_by="updatedAt" if by_update else "createdAt")
        )

    async def list_sizes(self, names: tuple[str, ...]) -> dict[str, int | None]:
        """Return the contacts in each of these lists, by name; None where unknown or two share a name."""
        sizes: dict[str, int | None] = dict.fromkeys(names)
        lists = await within_time(self._kore.get_contact_lists()) if names else []
        if isinstance(lists, KoreError):
            return sizes
        for name in sizes:
            found = [contact_list.total_record_count for contact_list in lists if contact_list.name == name]
            sizes[name] = found[0] if len(found) == 1 else None
        return sizes

    async def messages_sent(self, campaign_id: str, created_at: datetime | None) -> int | None:
        """Return the messages sent so far, or None where unknown.

        Only the list tells (docs.kore.ai/…/get-all-campaigns), so it is asked narrowed around the creation date: one
        call, whatever the size of the account. A list that ignores the dates does not show an old campaign.
        """
        if created_at is None:
            return None
        found = await within_time(list_by_date(self._kore, created_at))
        listed = [] if isinstance(found, KoreError) else found
        return next((each.total_messages_sent for each in listed if each.id == campaign_id), None)

    async def delete(self, campaign_id: str, before_send: BeforeSend) -> tuple[Attempt, dict[str, Any] | None]:
        """Send one DELETE, never a second one, and return its result.

        Beside the attempt, return the campaign as Kore.ai's response shows it, if it does. It is personal data.
        ``before_send`` runs right before the request leaves; if it raises, nothing is sent and its error is passed on.
        """
        deleted = await attempted(self._kore.delete_campaign(campaign_id, before_send=before_send))
        if isinstance(deleted, Attempt):
            return deleted, None
        return attempt_of(AttemptKind.CONFIRMED, deleted.message), deleted.campaign.raw if deleted.campaign else None

    async def stop(self, campaign_id: str, before_send: BeforeSend) -> Attempt:
        """Send one stop, and return its result. ``before_send``: see ``delete``."""
        message = await attempted(self._kore.stop_campaign(campaign_id, before_send=before_send))
        return message if isinstance(message, Attempt) else attempt_of(AttemptKind.CONFIRMED, message)

    async def observe_stop(self, campaign_id: str, witnesses: Witnesses | None, *, patient: bool) -> StopReading:
        """Return whether the campaign is stopped: only if GET and the status endpoint both show it so.

        With ``patient``, look again for about three seconds until it is.
        """
        looking = look_for_stop(self._kore, campaign_id, self._observe_wait, looks=LOOKS if patient else 1)
        try:
            async with asyncio.timeout(OBSERVE_SECONDS):
                reading = await looking
        except TimeoutError:
            return StopReading(Observation.UNCLEAR)
        if reading.is_missing:
            seen = await self.observe(campaign_id, witnesses, patient=False)
            # If it is there after all, its status was not read.
            return StopReading(Observation.UNCLEAR if seen is Observation.PRESENT else seen)
        return reading

    async def create(self, payload: dict[str, Any], before_send: BeforeSend) -> tuple[Attempt, str]:
        """Create one campaign, never a second one, and return the result with the new campaign's id.

        ``before_send``: see ``delete``.
        """
        created = await attempted(self._kore.create_campaign(payload, before_send=before_send))
        if isinstance(created, Attempt):
            return created, ""
        return attempt_of(AttemptKind.CONFIRMED, created.message), created.campaign.id

    async def find_created(
        self, payload: dict[str, Any], since: datetime
    ) -> tuple[str, Observation | KoreRateLimitError]:
        """Return the id of the campaign that a create without a response made since then, and what was seen of it."""
        try:
            async with asyncio.timeout(OBSERVE_SECONDS):
                return await find_created(self._kore, payload, since)
        except KoreRateLimitError as error:
            return "", error
        except (KoreError, TimeoutError):
            return "", Observation.UNCLEAR

    async def observe(
        self,
        campaign_id: str,
        witnesses: Witnesses | None = None,
        *,
        patient: bool,
        wanted: Observation = Observation.ABSENT,
    ) -> Observation | KoreRateLimitError:
        """Return whether the campaign is there, within ``OBSERVE_SECONDS``.

        Absent only if GET and the second of the ``witnesses`` both showed it before and both no longer do; pass None
        for a request of a previous version. With ``patient``, look again for about three seconds until the result is
        ``wanted``: Kore.ai does not document how soon a delete or a create becomes visible. Return the rate limit's
        error if no call is left in this minute.
        """
        counted = witnesses or after_upgrade(now())
        seen: Observation | KoreRateLimitError = Observation.UNCLEAR
        try:
            async with asyncio.timeout(OBSERVE_SECONDS):
                async for attempt in AsyncRetrying(
                    retry=retry_if_result(lambda seen: isinstance(seen, Observation) and seen is not wanted),
                    stop=stop_after_attempt(LOOKS if patient else 1),
                    wait=self._observe_wait,
                    retry_error_callback=lambda state: state.outcome and state.outcome.result(),
                ):
                    with attempt:
                        seen = await observe_once(self._kore, campaign_id, counted)
                    attempt.retry_state.set_result(seen)
        except TimeoutError:
            return Observation.UNCLEAR
        return seen

    async def sight_second(self, campaign_id: str, witnesses: Witnesses | None) -> Sighted | None:
        """Ask the second of the ``witnesses`` alone. None if GET alone showed the campaign before."""
        known = witnesses or after_upgrade(now())
        second = known.second
        return await sight_in_time(self._kore, second, campaign_id, known.created_at) if second else None


async def _when_allowed(read: Callable[[], Awaitable[Read | KoreError]], tell: OnRateLimited) -> Read | KoreError:
    give_up_at = now() + INTERACTIVE_WAIT
    while isinstance(found := await read(), KoreRateLimitError):
        again_at = now() + timedelta(seconds=found.retry_after_seconds or 0)
        if again_at > give_up_at or not await tell(again_at):
            return found
        await asyncio.sleep((again_at - now()).total_seconds())
    return found
