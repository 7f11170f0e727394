"""Delete one campaign: read it, compare it with what was approved, send one DELETE, and verify that it is gone."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from deletion.domain.execution_check import ARCHIVE_LOST
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import CampaignStop, Request
from deletion.domain.outcome import never_happened, outcome
from deletion.domain.policy import Policy
from deletion.domain.records import Snapshot, SnapshotKind
from deletion.domain.states import State
from deletion.domain.witnesses import Witnesses
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, DELETE_RESERVE, CampaignGateway
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.executor import Confirm, check_account, return_unsent
from deletion.lifecycle.kept_promise import has_lost_archive
from deletion.lifecycle.lease import READING_OUTDATED, HeldLease, Leases
from deletion.lifecycle.rate_limit_pause import TO_ATTEMPT, TO_VERIFY, RateLimitPause, has_waited
from deletion.lifecycle.refusal import end_if_not_deletable, end_refused
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.unread_campaign import unsent_attempt
from kore_api.elapsed_time import elapsed_seconds
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.models import Campaign

MAX_AGE_SECONDS = 2.0  # of the reading, when the DELETE leaves
COUNT_SECONDS = MAX_AGE_SECONDS  # the number of messages sent is for people: the DELETE does not wait longer for it
MAX_READ_SECONDS = 5.0  # which the reading itself took


@dataclass(frozen=True)
class TimedReading:
    """A campaign as Kore.ai showed it, how long that took, and when its answer arrived, by the monotonic clock."""

    campaign: Campaign
    witnesses: Witnesses
    took_seconds: float
    read_at: float

    def is_outdated(self, at: float) -> bool:
        return at - self.read_at > MAX_AGE_SECONDS or self.took_seconds > MAX_READ_SECONDS


class DeleteExecutor:
    """The ``Executor`` of deletes."""

    def __init__(
        self, transitions: Transitions, campaign: CampaignGateway, archive: Archive, policy: Policy, leases: Leases
    ) -> None:
        self._transitions = transitions
        self._policy = policy
        self._pause = RateLimitPause(transitions)
        self._campaign = campaign
        self._before_delete = campaign.reserving(DELETE_RESERVE)
        self._background = campaign.reserving(BACKGROUND_RESERVE)
        self._archive = archive
        self._leases = leases

    async def attempt(self, request: Request, limits: DeleteLimits, confirm: Confirm) -> None:
        # At once, because a user waits; a reading that is outdated by the end of the check is repeated.
        reading, checked_at, stop = await asyncio.gather(
            self._read(request, request.witnesses), confirm(), self._with_messages_sent(request)
        )
        if checked_at is None:
            return
        if isinstance(reading, KoreError):
            await self._end_unsent(request, reading)
        elif await self._has_lost_archive(request):
            await end_refused(self._transitions, request, ARCHIVE_LOST, Observation.PRESENT)
        elif not await end_if_not_deletable(self._transitions, request, reading.campaign, self._policy):
            before = None
            if not request.is_practice:
                before = self._archive.seal(request.id, SnapshotKind.BEFORE, reading.campaign.raw)
            await self._begin(request.model_copy(update={"stop": stop}), reading, before, limits, checked_at)

    async def _has_lost_archive(self, request: Request) -> bool:
        """Return whether a form of this request said that the campaign is archived, and it would not be."""
        if self._policy.archives or request.is_practice:
            return False
        return has_lost_archive(request, await self._transitions.entries(request.id), self._policy)

    async def _with_messages_sent(self, request: Request) -> CampaignStop | None:
        """Return the request's stop with the messages that its campaign has sent so far, if Kore.ai says so soon."""
        stop = request.stop
        if stop is None:
            return None
        try:
            async with asyncio.timeout(COUNT_SECONDS):
                sent = await self._before_delete.messages_sent(request.campaign.campaign_id, stop.created_at)
        except TimeoutError:
            return stop
        return stop.model_copy(update={"messages_sent_at_delete": sent})

    async def _read(self, request: Request, known: Witnesses | None) -> TimedReading | KoreError:
        found = await self._before_delete.look(request.campaign.campaign_id, known)
        if isinstance(found, KoreError):
            return found
        read_at = self._leases.monotonic() - (elapsed_seconds() - found.answered_at)
        return TimedReading(found.campaign, found.witnesses, found.answered_at - found.sent_at, read_at)

    async def _begin(
        self, request: Request, reading: TimedReading, before: Snapshot | None, limits: DeleteLimits, checked_at: float
    ) -> None:
        """Swap the request to "deleting", archive the campaign with the swap, and send the DELETE if the swap was won.

        In practice ``before`` is None: a campaign that stays is not archived.

        A step that runs again loses the swap, so it sends no second DELETE. After a freeze every swap is lost. The
        campaign is read again if the swap took so long that the reading is outdated.
        """
        lease = await self._leases.grant(request, checked_at)
        reset: dict[str, Any] = {"attempt": None, "observation": None, "waiting_since": None}
        reset |= {"witnesses": reading.witnesses, "lease": lease.lease}
        deleting = await self._transitions.move(
            request, State.DELETING, "attempting", snapshot=before, expected_limits=limits, **reset
        )
        if deleting is None:
            return
        if reading.is_outdated(self._leases.monotonic()):
            again = await self._read(request, reading.witnesses)
            # The two readings are compared whole; the fingerprint of a request of the previous version is not.
            before_swap = CampaignFingerprint.of(reading.campaign)
            if isinstance(again, KoreError) or before_swap.differences(CampaignFingerprint.of(again.campaign)):
                since = request.waiting_since
                await return_unsent(self._transitions, deleting, READING_OUTDATED, since, retry_after=timedelta(0))
                return
            reading = again
        await self._send(request, deleting, reading, lease)

    async def _send(self, request: Request, deleting: Request, reading: TimedReading, lease: HeldLease) -> None:
        async def before_send() -> None:
            await lease.use(deleting)
            check_account(deleting, self._campaign)
            if reading.is_outdated(self._leases.monotonic()):
                raise FencedError(READING_OUTDATED)

        try:
            attempt, returned = await self._campaign.delete(request.campaign.campaign_id, before_send)
        except FencedError as error:
            await return_unsent(self._transitions, deleting, str(error), request.waiting_since)
            return
        if attempt.retry_after_seconds is not None and not has_waited(request.waiting_since, TO_ATTEMPT):
            await self._pause.return_to_approved(deleting, attempt, request.waiting_since)
            return
        after = self._archive.seal(request.id, SnapshotKind.RETURNED, returned) if returned else None
        await self._transitions.move(
            deleting, State.DELETING, "attempted", details=attempt.told, snapshot=after, attempt=attempt
        )

    async def verify(self, request: Request) -> None:
        attempt = request.attempt
        if attempt is None:
            raise ValueError("an attempt is verified once its answer is recorded")
        patient = attempt.kind in (AttemptKind.CONFIRMED, AttemptKind.NO_ANSWER)
        seen = await self._campaign.observe(request.campaign.campaign_id, request.witnesses, patient=patient)
        if isinstance(seen, KoreRateLimitError) and not has_waited(request.waiting_since, TO_VERIFY):
            await self._pause.defer(request, seen)
        else:
            await self._end(request, attempt, seen)

    async def recheck(self, request: Request) -> bool:
        seen = await self._background.observe(request.campaign.campaign_id, request.witnesses, patient=False)
        if isinstance(seen, KoreRateLimitError) or request.attempt is None:
            return False  # deletes and interactive reads come first; the next sweep looks again
        is_late = never_happened(request.attempt, seen, now())
        ended = State.FAILED if is_late else outcome(request.attempt.counts_as, seen)
        event = "looked again" if ended is State.UNKNOWN else str(ended)
        details = {"observation": str(seen)}
        return bool(await self._transitions.move(request, ended, event, details=details, observation=seen))

    async def _end_unsent(self, request: Request, error: KoreError) -> None:
        """End a request whose campaign could not be read."""
        if found := await unsent_attempt(self._campaign, self._transitions, request, error):
            unsent, seen = found
            await self._end(request, unsent, seen)

    async def _end(self, request: Request, attempt: Attempt, looked: Observation | KoreError) -> None:
        seen = looked if isinstance(looked, Observation) else Observation.UNCLEAR
        is_late = never_happened(attempt, seen, now())
        ended = State.FAILED if is_late else outcome(attempt.counts_as, seen)
        details = {**attempt.told, "observation": str(seen)}
        await self._transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)
