"""Stop one campaign: read it, send one stop, and verify that it is stopped. A delete may follow, never before that."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import CampaignStop, Purpose, Request
from deletion.domain.outcome import never_happened, stopped
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.domain.stopping import content_differences, is_stopped
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, DELETE_RESERVE, CampaignGateway
from deletion.lifecycle.executor import NO_STOP_NEEDED, STOP_VERIFIED, Confirm, check_account, return_unsent
from deletion.lifecycle.kept_promise import window_after_stop
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.rate_limit_pause import TO_ATTEMPT, TO_VERIFY, RateLimitPause, has_waited
from deletion.lifecycle.refusal import end_changed, end_if_not_stoppable
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.unread_campaign import refused_before, unsent_attempt
from kore_api.errors import KoreError, KoreRateLimitError
from kore_api.models import Campaign

RESET: dict[str, Any] = {"attempt": None, "observation": None, "waiting_since": None}


class StopExecutor:
    """The ``Executor`` of stops."""

    def __init__(self, transitions: Transitions, campaign: CampaignGateway, policy: Policy, leases: Leases) -> None:
        self._transitions = transitions
        self._policy = policy
        self._pause = RateLimitPause(transitions)
        self._campaign = campaign
        self._before_stop = campaign.reserving(DELETE_RESERVE)
        self._background = campaign.reserving(BACKGROUND_RESERVE)
        self._leases = leases

    async def attempt(self, request: Request, limits: DeleteLimits, confirm: Confirm) -> None:
        found, checked_at = await asyncio.gather(self._before_stop.read(request.campaign.campaign_id), confirm())
        if checked_at is None:
            return
        if isinstance(found, KoreError):
            await self._end_unread(request, found)
        elif not await end_if_not_stoppable(self._transitions, request, found, self._policy):
            if self._needs_no_stop(request, found):
                stop = await self._verified(self._campaign, request, None, found)
                await self._continue_to_delete(request, NO_STOP_NEEDED, CampaignFingerprint.of(found), stop)
            elif seen := await self._seen_stopped(request, found):
                await self._record_stop(request, refused_before(request), seen)
            else:
                await self._begin(request, limits, checked_at)

    def _needs_no_stop(self, request: Request, campaign: Campaign) -> bool:
        """Return whether the campaign has come by itself to a status that may be deleted without a stop."""
        status = campaign.status
        may_run = is_stopped(status) or self._policy.is_stoppable(status)
        return request.purpose is Purpose.STOP_AND_DELETE and self._policy.allows_status(status) and not may_run

    async def _seen_stopped(self, request: Request, found: Campaign) -> Campaign | None:
        """Return the campaign if both sources show that it is stopped already. Otherwise a stop is sent."""
        if not is_stopped(found.status):
            return None
        of = request.campaign.campaign_id, request.witnesses
        reading = await self._before_stop.observe_stop(*of, patient=False)
        return reading.campaign if reading.seen is Observation.STOPPED else None

    async def _begin(self, request: Request, limits: DeleteLimits, checked_at: float) -> None:
        """Swap the request to "stopping", and send the stop if the swap was won."""
        lease = await self._leases.grant(request, checked_at)
        stopping = await self._transitions.move(
            request, State.STOPPING, "stopping", expected_limits=limits, **RESET, lease=lease.lease
        )
        if stopping is None:
            return

        async def before_send() -> None:
            await lease.use(stopping)
            check_account(stopping, self._campaign)

        try:
            attempt = await self._campaign.stop(request.campaign.campaign_id, before_send)
        except FencedError as error:
            await return_unsent(self._transitions, stopping, str(error), request.waiting_since)
            return
        if attempt.retry_after_seconds is not None and not has_waited(request.waiting_since, TO_ATTEMPT):
            await self._pause.return_to_approved(stopping, attempt, request.waiting_since)
            return
        await self._transitions.move(stopping, State.STOPPING, "attempted", details=attempt.told, attempt=attempt)

    async def verify(self, request: Request) -> None:
        attempt = request.attempt
        if attempt is None:
            raise ValueError("an attempt is verified once its answer is recorded")
        patient = attempt.kind in (AttemptKind.CONFIRMED, AttemptKind.NO_ANSWER)
        of = request.campaign.campaign_id, request.witnesses
        reading = await self._campaign.observe_stop(*of, patient=patient)
        seen, campaign = reading.seen, reading.campaign
        if isinstance(seen, KoreRateLimitError):
            if not has_waited(request.waiting_since, TO_VERIFY):
                await self._pause.defer(request, seen)
                return
            seen = Observation.UNCLEAR
        if seen is Observation.STOPPED and campaign:
            await self._record_stop(request, attempt, campaign)
        else:
            await self._end(request, attempt, seen)

    async def recheck(self, request: Request) -> bool:
        """Look again at an unknown outcome. A stop that is seen so late is not followed by a delete."""
        attempt, of = request.attempt, (request.campaign.campaign_id, request.witnesses)
        reading = await self._background.observe_stop(*of, patient=False)
        if isinstance(reading.seen, KoreRateLimitError) or attempt is None:
            return False
        if reading.seen is not Observation.STOPPED or reading.campaign is None:
            return await self._end(request, attempt, reading.seen)
        stop = await self._verified(self._background, request, attempt, reading.campaign)
        return await self._end(request, attempt, Observation.STOPPED, stop=stop)

    async def _record_stop(self, request: Request, attempt: Attempt | None, campaign: Campaign) -> None:
        """Record a verified stop: the end of the request, or the beginning of the undo window of its delete.

        What is deleted then is the campaign as it was just read, if nothing but what a stop changes is different.
        """
        stop = await self._verified(self._campaign, request, attempt, campaign)
        told = {**(attempt.told if attempt else {}), "status": campaign.status}
        if request.purpose is Purpose.STOP:
            details = {**told, "observation": str(Observation.STOPPED)}
            ended: dict[str, Any] = {
                "attempt": attempt,
                "observation": Observation.STOPPED,
                "stop": stop,
                "waiting_since": None,
            }
            await self._transitions.move(
                request, State.CAMPAIGN_STOPPED, str(State.CAMPAIGN_STOPPED), details=details, **ended
            )
            return
        seen = CampaignFingerprint.of(campaign)
        if differences := content_differences(request.campaign, seen):
            # The attempt was the stop's; no delete was sent.
            unsent = {"stop": str(attempt.kind) if attempt else "", "attempt": str(AttemptKind.NOT_SENT)}
            read: dict[str, Any] = {
                "campaign": request.campaign.model_copy(update={"status": seen.status}),
                "stop": stop,
            }
            await end_changed(self._transitions, request, differences, unsent, **RESET, **read)
            return
        await self._continue_to_delete(request, STOP_VERIFIED, seen, stop, told)

    async def _continue_to_delete(
        self,
        request: Request,
        event: str,
        seen: CampaignFingerprint,
        stop: CampaignStop,
        told: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Begin the undo window of the delete. An approval that has expired meanwhile stays expired."""
        entries = await self._transitions.entries(request.id)
        at = now()
        execute_after = at + window_after_stop(request, entries, self._policy)
        is_expired = request.expires_at is not None and at >= request.expires_at
        await self._transitions.move(
            request,
            State.APPROVED,
            event,
            details={"status": seen.status, **told, "fingerprint_to_delete": seen.digest},
            **RESET,
            execute_after=execute_after,
            expires_at=request.expires_at if is_expired else execute_after + self._policy.approval_ttl,
            campaign=seen,
            stop=stop,
        )

    async def _verified(
        self, gateway: CampaignGateway, request: Request, attempt: Attempt | None, campaign: Campaign
    ) -> CampaignStop:
        return CampaignStop(
            at=now(),
            status_before=request.campaign.status,
            attempt=attempt,
            messages_sent=await gateway.messages_sent(campaign.id, campaign.created_at),
            created_at=campaign.created_at,
        )

    async def _end_unread(self, request: Request, error: KoreError) -> None:
        """End a request whose campaign could not be read. Nothing more is sent."""
        if found := await unsent_attempt(self._campaign, self._transitions, request, error):
            unsent, seen = found
            # If it is there after all, its status was not read.
            read = Observation.UNCLEAR if seen is Observation.PRESENT else seen
            await self._end(request, unsent, read)

    async def _end(self, request: Request, attempt: Attempt, seen: Observation, **changes: Any) -> bool:
        """End the request by what was seen, and return whether it changed."""
        ended = State.FAILED if never_happened(attempt, seen, now()) else stopped(attempt.counts_as, seen)
        event = "looked again" if ended is request.state else str(ended)
        details = {**attempt.told, "observation": str(seen)}
        return bool(
            await self._transitions.move(
                request, ended, event, details=details, attempt=attempt, observation=seen, **changes
            )
        )
