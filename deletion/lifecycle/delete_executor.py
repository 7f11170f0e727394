"""Delete one campaign: read it, compare it with what was approved, send one DELETE, and verify that it is gone."""

from typing import Any

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Attempt, AttemptKind, Observation, Request, Snapshot, SnapshotKind, State
from deletion.domain.outcome import never_happened, outcome
from deletion.domain.policy import Policy
from deletion.domain.witnesses import Witnesses
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, DELETE_RESERVE, CampaignGateway
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.rate_limit_pause import GAVE_UP, TO_ATTEMPT, TO_VERIFY, RateLimitPause, has_waited
from deletion.lifecycle.refusal import end_if_not_deletable
from deletion.lifecycle.transitions import Transitions
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError

INTERRUPTED = "The bot was interrupted while it was deleting."


class DeleteExecutor:
    """The ``Executor`` of deletes."""

    def __init__(self, transitions: Transitions, campaign: CampaignGateway, archive: Archive, policy: Policy) -> None:
        self._transitions = transitions
        self._policy = policy
        self._pause = RateLimitPause(transitions)
        self._campaign = campaign
        self._before_delete = campaign.reserving(DELETE_RESERVE)
        self._background = campaign.reserving(BACKGROUND_RESERVE)
        self._archive = archive

    async def attempt(self, request: Request, limits: DeleteLimits) -> None:
        found = await self._before_delete.look(request.campaign.campaign_id, request.witnesses)
        if isinstance(found, KoreError):
            await self._end_unsent(request, found)
        elif not await end_if_not_deletable(self._transitions, request, found.campaign, self._policy):
            before = self._archive.seal(request.id, SnapshotKind.BEFORE, found.campaign.raw)
            await self._send(request, before, found.witnesses, limits)

    async def _send(self, request: Request, before: Snapshot, witnesses: Witnesses, limits: DeleteLimits) -> None:
        """Swap the request to "deleting", archive the campaign with the swap, and send the DELETE if the swap was won.

        A step that runs again loses the swap, so it sends no second DELETE. After a freeze every swap is lost.
        """
        reset: dict[str, Any] = {"attempt": None, "observation": None, "waiting_since": None, "witnesses": witnesses}
        deleting = await self._transitions.move(
            request, State.DELETING, "attempting", snapshot=before, expected_limits=limits, **reset
        )
        if deleting is None:
            return
        attempt, returned = await self._campaign.delete(request.campaign.campaign_id)
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
        await self._end_or_pause(request, attempt, seen)

    async def recover(self, request: Request) -> None:
        lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now(), explanation=INTERRUPTED)
        seen = await self._campaign.observe(request.campaign.campaign_id, request.witnesses, patient=False)
        if seen is Observation.PRESENT:
            kept: dict[str, Any] = {"attempt": lost, "observation": seen, "waiting_since": None}
            await self._transitions.move(request, State.APPROVED, "interrupted, still there", **kept)
        else:
            await self._end_or_pause(request, lost, seen)

    async def recheck(self, request: Request) -> bool:
        seen = await self._background.observe(request.campaign.campaign_id, request.witnesses, patient=False)
        if isinstance(seen, KoreRateLimitError) or request.attempt is None:
            return False  # deletes and interactive reads come first; the next sweep looks again
        is_late = never_happened(request.attempt, seen, now())
        ended = State.FAILED if is_late else outcome(request.attempt.kind, seen)
        event = "looked again" if ended is State.UNKNOWN else str(ended)
        details = {"observation": str(seen)}
        return bool(await self._transitions.move(request, ended, event, details=details, observation=seen))

    async def _end_unsent(self, request: Request, error: KoreError) -> None:
        """End a request whose campaign could not be read. An earlier attempt keeps its answer."""
        seen: Observation | KoreError = error
        if isinstance(error, CampaignNotFoundError):
            seen = await self._campaign.observe(request.campaign.campaign_id, request.witnesses, patient=False)
        explanation = str(error)
        if isinstance(seen, KoreRateLimitError):
            if not has_waited(request.waiting_since, TO_ATTEMPT):
                await self._pause.defer(request, seen)
                return
            explanation = GAVE_UP
        unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), kore_message=error.kore_message, explanation=explanation)
        await self._end(request, request.attempt or unsent, seen)

    async def _end_or_pause(self, request: Request, attempt: Attempt, seen: Observation | KoreRateLimitError) -> None:
        if isinstance(seen, KoreRateLimitError) and not has_waited(request.waiting_since, TO_VERIFY):
            await self._pause.defer(request, seen)
        else:
            await self._end(request, attempt, seen)

    async def _end(self, request: Request, attempt: Attempt, looked: Observation | KoreError) -> None:
        seen = looked if isinstance(looked, Observation) else Observation.UNCLEAR
        ended = outcome(attempt.kind, seen)
        details = {**attempt.told, "observation": str(seen)}
        await self._transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)
