"""Delete, exactly: re-read, compare, one DELETE, read back. Every step begins by reading the row and may run twice."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from deletion.audience import audience
from deletion.campaign import ATTEMPT_SECONDS, CampaignAtKore
from deletion.clock import now
from deletion.models import Attempt, AttemptKind, Entry, Observation, Request, State
from deletion.outcome import outcome
from deletion.policy import Policy
from deletion.sighting import Sighting
from deletion.store import Store
from kore_api.errors import CampaignNotFoundError, KoreError

ENGINE = "engine"  # the actor where it was no person
TAKE_OVER_AFTER = timedelta(seconds=ATTEMPT_SECONDS + 5)  # by then, whoever was deleting has ended or died


class Next(StrEnum):
    """What remains to be done with a request."""

    SETTLE = "settle"
    DELETE = "delete"
    WAIT = "wait"
    NOTHING = "nothing"


class Execution:
    """The three steps between an approved request and its outcome."""

    def __init__(self, store: Store, campaign: CampaignAtKore, policy: Policy) -> None:
        self._store = store
        self._campaign = campaign
        self._policy = policy

    async def delete_once(self, request_id: str) -> Next:
        """Re-read, compare, and send the DELETE if the campaign is what was approved.

        The swap to "deleting" comes first and only its winner sends, so a step that runs again never repeats a DELETE.
        """
        request = await self._store.request(request_id)
        if request is None or request.state is not State.APPROVED:
            return _remaining(request)
        found = await self._campaign.read(request.sighting.campaign_id)
        if isinstance(found, KoreError):
            await self._end_unsent(request, found)
            return Next.NOTHING
        if differences := request.sighting.differences(Sighting.of(found)):
            await self._move(request, State.CHANGED, "changed", differences=differences)
            return Next.NOTHING
        deleting = await self._move(request, State.DELETING, "attempting")
        if deleting is None:
            return Next.WAIT
        attempt = await self._campaign.delete(request.sighting.campaign_id)
        attempted = await self._move(deleting, State.DELETING, "attempted", attempt=attempt)
        return Next.SETTLE if attempted else Next.WAIT

    async def settle(self, request_id: str) -> None:
        """Read back what the recorded attempt did, and say how the request ended."""
        request = await self._store.request(request_id)
        if request is None or request.state is not State.DELETING or request.attempt is None:
            return
        patient = request.attempt.kind in (AttemptKind.CONFIRMED, AttemptKind.NO_ANSWER)
        seen = await self._campaign.observe(request.sighting.campaign_id, patient=patient)
        ended = outcome(request.attempt.kind, seen)
        await self._move(request, ended, str(ended), observation=seen)

    async def take_over(self, request_id: str) -> Next:
        """Somebody began to delete and never said what came of it: look before anything else is done."""
        request = await self._store.request(request_id)
        if _remaining(request) is not Next.WAIT or request is None:
            return _remaining(request)
        if now() - request.changed_at < TAKE_OVER_AFTER:
            return Next.WAIT
        seen = await self._campaign.observe(request.sighting.campaign_id, patient=False)
        if seen is Observation.PRESENT:
            await self._move(request, State.APPROVED, "interrupted, still there")
            return Next.DELETE
        lost = Attempt(
            kind=AttemptKind.NO_ANSWER, at=now(), explanation="The bot was interrupted while it was deleting."
        )
        await self._move(request, outcome(lost.kind, seen), "interrupted", attempt=lost, observation=seen)
        return Next.NOTHING

    async def _end_unsent(self, request: Request, error: KoreError) -> None:
        """The last look failed, so no DELETE was sent."""
        seen = Observation.UNCLEAR
        if isinstance(error, CampaignNotFoundError):
            seen = await self._campaign.observe(request.sighting.campaign_id, patient=False)
        unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), kore_message=error.kore_message, explanation=str(error))
        ended = outcome(unsent.kind, seen)
        await self._move(request, ended, str(ended), attempt=unsent, observation=seen)

    async def _move(self, request: Request, to: State, event: str, **facts: Any) -> Request | None:
        """The request in its new state, or None if somebody else moved it first."""
        moved = request.model_copy(update={"state": to, "version": request.version + 1, "changed_at": now(), **facts})
        entry = Entry(
            at=moved.changed_at,
            event=event,
            actor_id=ENGINE,
            surface=ENGINE,
            details={"fingerprint": request.sighting.fingerprint, **_told(facts)},
        )
        owed = audience(moved, self._policy.ops_rooms)
        return moved if await self._store.swap(request, moved, entry, owed) else None


def _remaining(request: Request | None) -> Next:
    if request is None or not request.is_open:
        return Next.NOTHING
    if request.state is State.APPROVED:
        return Next.DELETE
    return Next.SETTLE if request.attempt else Next.WAIT


def _told(facts: dict[str, Any]) -> dict[str, str]:
    """The facts of a transition as the journal keeps them."""
    told: dict[str, str] = {}
    if isinstance(attempt := facts.get("attempt"), Attempt):
        told |= {"attempt": attempt.kind, "kore_message": attempt.kore_message, "why": attempt.explanation}
    if observation := facts.get("observation"):
        told["observation"] = observation
    if differences := facts.get("differences"):
        told["changed"] = ", ".join(difference.field for difference in differences)
    return told
