"""What this bot does to a campaign at Kore.ai: read it, delete it once, look whether it is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt, wait_exponential

from deletion.domain.clock import now
from deletion.domain.models import Attempt, AttemptKind, Observation
from kore_api.client import KoreClient
from kore_api.errors import (
    CampaignNotFoundError,
    KoreError,
    KoreNoAnswerError,
    KoreRateLimitError,
    KoreThrottledError,
    KoreUnreachableError,
)
from kore_api.models import Campaign
from kore_api.paging import Page

CALLS_PER_DELETE = 4  # calls: read it again, delete it, and look with a GET and the list
DELETE_RESERVE = CALLS_PER_DELETE - 1  # a delete that begins has room to end
INTERACTIVE_RESERVE = CALLS_PER_DELETE  # what people look at leaves room for a delete
BACKGROUND_RESERVE = 2 * CALLS_PER_DELETE  # what nobody waits for leaves room for people too
READ_SECONDS = 20  # all tries together
INTERACTIVE_WAIT = timedelta(seconds=150)  # before a modal, when Kore.ai's limit is used up
ATTEMPT_SECONDS = 25  # connecting and reading together; a DELETE that takes longer counts as not answered


OnRateLimited = Callable[
    [datetime], Awaitable[bool]
]  # says until when Kore.ai's limit is used up; False if nobody looks


class CampaignGateway:
    """Kore.ai as the story needs it: its errors become values, because an outcome is never an exception."""

    def __init__(self, kore: KoreClient) -> None:
        self._kore = kore

    def reserving(self, places: int) -> "CampaignGateway":
        """The same, but no call is made unless that many of the minute's places stay free."""
        return CampaignGateway(self._kore.reserving(places))

    async def read(self, campaign_id: str) -> Campaign | KoreError:
        """The campaign, or the error that says why it cannot be shown; people wait for this, so not for long."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self._kore.get_campaign(campaign_id)
        except TimeoutError:
            return KoreNoAnswerError(f"Kore.ai did not answer within {READ_SECONDS} seconds.")
        except KoreError as error:
            return error

    async def read_when_allowed(self, campaign_id: str, tell: OnRateLimited) -> Campaign | KoreError:
        """For somebody who waits: while Kore.ai's limit is used up they are told until when, and then it is read.

        The limit's error, if that takes too long or nobody looks any more.
        """
        give_up_at = now() + INTERACTIVE_WAIT
        while isinstance(found := await self.read(campaign_id), KoreRateLimitError):
            again_at = now() + timedelta(seconds=found.retry_after_seconds or 0)
            if again_at > give_up_at or not await tell(again_at):
                return found
            await asyncio.sleep((again_at - now()).total_seconds())
        return found

    async def page(self, campaign_type: str, skip: int) -> Page[Campaign] | KoreError:
        """One page of the list, or the error that says why there is none. Nobody waits for it."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self._kore.list_page(campaign_type, skip=skip)
        except TimeoutError:
            return KoreNoAnswerError(f"Kore.ai did not answer within {READ_SECONDS} seconds.")
        except KoreError as error:
            return error

    async def list_sizes(self, names: tuple[str, ...]) -> dict[str, int | None]:
        """Contacts in each of these lists, by name; None where Kore.ai does not say, or two lists share the name."""
        sizes: dict[str, int | None] = dict.fromkeys(names)
        if not names:
            return sizes
        try:
            lists = await self._kore.get_contact_lists()
        except KoreError:
            return sizes
        for name in sizes:
            found = [contact_list.total_record_count for contact_list in lists if contact_list.name == name]
            sizes[name] = found[0] if len(found) == 1 else None
        return sizes

    async def messages_sent(self, campaign_id: str) -> int | None:
        """Messages sent so far. Only the campaign list tells (docs.kore.ai/…/get-all-campaigns)."""
        try:
            async for campaign in self._kore.list_campaigns():
                if campaign.id == campaign_id:
                    return campaign.total_messages_sent
        except KoreError:
            pass
        return None

    async def delete(self, campaign_id: str) -> tuple[Attempt, dict[str, Any] | None]:
        """Send one DELETE and say what came of it. Nothing here sends a second one.

        Beside the attempt the campaign as Kore.ai returned it, if it did: personal, so no part of what is kept openly.
        """
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                deleted = await self._kore.delete_campaign(campaign_id)
        except TimeoutError:
            return _attempt(AttemptKind.NO_ANSWER, explanation=f"No answer within {ATTEMPT_SECONDS} seconds."), None
        except KoreError as error:
            again = error.retry_after_seconds if isinstance(error, KoreRateLimitError) else None
            return _attempt(_kind(error), error.kore_message, str(error), again), None
        return _attempt(AttemptKind.CONFIRMED, deleted.message), deleted.campaign.raw if deleted.campaign else None

    async def create(self, payload: dict[str, Any]) -> tuple[Attempt, str]:
        """Make one campaign and say what came of it, with the new one's id. Nothing here makes a second one."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                created = await self._kore.create_campaign(payload)
        except TimeoutError:
            return _attempt(AttemptKind.NO_ANSWER, explanation=f"No answer within {ATTEMPT_SECONDS} seconds."), ""
        except KoreError as error:
            again = error.retry_after_seconds if isinstance(error, KoreRateLimitError) else None
            return _attempt(_kind(error), error.kore_message, str(error), again), ""
        return _attempt(AttemptKind.CONFIRMED, created.message), created.campaign.id

    async def find_created(self, name: str, since: datetime) -> tuple[str, Observation | KoreRateLimitError]:
        """The id of the one campaign of this name that was made since then: present; none: absent; else unclear."""
        try:
            found = [
                campaign.id
                async for campaign in self._kore.list_campaigns()
                if campaign.name == name and campaign.created_at and campaign.created_at > since
            ]
        except KoreRateLimitError as error:
            return "", error
        except KoreError:
            return "", Observation.UNCLEAR
        if not found:
            return "", Observation.ABSENT
        return (found[0], Observation.PRESENT) if len(found) == 1 else ("", Observation.UNCLEAR)

    async def observe(
        self, campaign_id: str, *, patient: bool, wanted: Observation = Observation.ABSENT
    ) -> Observation | KoreRateLimitError:
        """Look whether the campaign is there: one GET, and the list if the GET does not find it.

        Absent only if both agree. ``patient`` looks again for about three seconds while it is not as ``wanted``,
        because Kore.ai does not say how soon a delete or a create shows. The error where this minute has no room.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_result(lambda seen: isinstance(seen, Observation) and seen is not wanted),
            stop=stop_after_attempt(3 if patient else 1),
            wait=wait_exponential(multiplier=1),
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        ):
            with attempt:
                seen = await self._look(campaign_id)
            attempt.retry_state.set_result(seen)
        return seen

    async def _look(self, campaign_id: str) -> Observation | KoreRateLimitError:
        try:
            await self._kore.get_campaign(campaign_id)
        except CampaignNotFoundError:
            pass
        except KoreRateLimitError as error:
            return error
        except KoreError:
            return Observation.UNCLEAR
        else:
            return Observation.PRESENT
        try:
            listed = await self._kore.is_listed(campaign_id)
        except KoreRateLimitError as error:
            return error
        except KoreError:
            return Observation.UNCLEAR
        return Observation.PRESENT if listed else Observation.ABSENT


def _kind(error: KoreError) -> AttemptKind:
    if error.may_have_happened:
        return AttemptKind.NO_ANSWER
    unsent = isinstance(error, KoreUnreachableError | KoreThrottledError)
    return AttemptKind.NOT_SENT if unsent else AttemptKind.REFUSED


def _attempt(
    kind: AttemptKind, kore_message: str = "", explanation: str = "", retry_after_seconds: float | None = None
) -> Attempt:
    return Attempt(
        kind=kind,
        at=now(),
        kore_message=kore_message,
        explanation=explanation,
        retry_after_seconds=retry_after_seconds,
    )
