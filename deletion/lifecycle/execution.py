"""Delete, exactly: re-read, compare, one DELETE, read back. Every step begins by reading the row and may run twice."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import (
    WATCHED,
    Attempt,
    AttemptKind,
    Observation,
    Purpose,
    Request,
    Snapshot,
    SnapshotKind,
    State,
)
from deletion.domain.outcome import outcome
from deletion.kore.campaign_gateway import ATTEMPT_SECONDS, BACKGROUND_RESERVE, DELETE_RESERVE, CampaignGateway
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.rate_limit_pause import GAVE_UP, TO_BEGIN, TO_LOOK, Waiting, has_waited, is_not_due
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError

RECOVER_AFTER = timedelta(seconds=ATTEMPT_SECONDS + 5)  # by then, whoever was deleting has ended or died
FIRST_LOOK_AGAIN = timedelta(seconds=30)
LATE_DELETES = timedelta(minutes=10)  # an unanswered delete that has not shown by then did not happen
INTERRUPTED = "The bot was interrupted while it was deleting."


class Next(StrEnum):
    """What remains to be done with a request."""

    VERIFY = "settle"
    DELETE = "delete"
    WAIT = "wait"
    LATER = "later"
    NOTHING = "nothing"


class Execution:
    """The steps between an approved request and its outcome, and the watch over one that is not known."""

    def __init__(
        self,
        store: RequestStore,
        transitions: Transitions,
        campaign: CampaignGateway,
        archive: Archive,
        rebuilding: Rebuilding,
    ) -> None:
        self._store = store
        self._transitions = transitions
        self._waiting = Waiting(transitions)
        self._campaign = campaign
        self._beginning = campaign.reserving(DELETE_RESERVE)
        self._watching = campaign.reserving(BACKGROUND_RESERVE)
        self._archive = archive
        self._rebuilding = rebuilding

    async def due(self, request_id: str) -> datetime | None:
        """When the engine is to go on with a request, if that is later."""
        request = await self._store.request(request_id)
        return request.execute_after if request else None

    async def attempt_delete(self, request_id: str) -> Next:
        """Re-read, compare, and send the DELETE if the campaign is what was approved."""
        request = await self._store.request(request_id)
        if request is None or request.state is not State.APPROVED:
            return _remaining(request)
        limits = await self._store.delete_limits(request.team_id, request.requester_id, exclude_request_id=request.id)
        if limits.freeze:
            return Next.NOTHING  # whoever ends the freeze comes back
        if is_not_due(request):
            return Next.LATER
        if await self._expires(request):
            return Next.NOTHING
        if request.purpose is Purpose.REBUILD:
            return _remaining(await self._rebuilding.attempt_create(request, limits))
        return await self._delete(request, limits)

    async def _delete(self, request: Request, limits: DeleteLimits) -> Next:
        found = await self._beginning.read(request.campaign.campaign_id)
        if isinstance(found, KoreError):
            return await self._end_unsent(request, found)
        if differences := request.campaign.differences(CampaignFingerprint.of(found)):
            details = {"changed": ", ".join(difference.field for difference in differences)}
            await self._transitions.move(request, State.CHANGED, "changed", details=details, differences=differences)
            return Next.NOTHING
        return await self._send(request, self._archive.seal(request.id, SnapshotKind.BEFORE, found.raw), limits)

    async def _send(self, request: Request, before: Snapshot, limits: DeleteLimits) -> Next:
        """The swap to "deleting" comes first and only its winner sends, so a step that runs again repeats no DELETE.

        After a freeze nobody wins it. The campaign is archived with that swap: what cannot be archived is not deleted.
        """
        anew: dict[str, Any] = {"attempt": None, "observation": None, "waiting_since": None}
        deleting = await self._transitions.move(
            request, State.DELETING, "attempting", snapshot=before, expected_limits=limits, **anew
        )
        if deleting is None:
            return await self._now(request)
        attempt, returned = await self._campaign.delete(request.campaign.campaign_id)
        if attempt.retry_after_seconds is not None and not has_waited(request.waiting_since, TO_BEGIN):
            # Nothing happened. Before another DELETE the campaign is read and compared again.
            return await self._now(
                request, await self._waiting.return_to_approved(deleting, attempt, request.waiting_since)
            )
        after = self._archive.seal(request.id, SnapshotKind.RETURNED, returned) if returned else None
        attempted = await self._transitions.move(
            deleting, State.DELETING, "attempted", details=attempt.told, snapshot=after, attempt=attempt
        )
        return Next.VERIFY if attempted else Next.WAIT

    async def verify(self, request_id: str) -> Next:
        """Read back what the recorded attempt did, and say how the request ended."""
        request = await self._store.request(request_id)
        if request and is_not_due(request):
            return Next.LATER
        if request and request.state is State.REBUILDING:
            return await self._now(request, await self._rebuilding.verify(request))
        if request is None or request.state is not State.DELETING or request.attempt is None:
            return Next.NOTHING
        patient = request.attempt.kind in (AttemptKind.CONFIRMED, AttemptKind.NO_ANSWER)
        seen = await self._campaign.observe(request.campaign.campaign_id, patient=patient)
        if isinstance(seen, KoreRateLimitError) and not has_waited(request.waiting_since, TO_LOOK):
            return await self._now(request, await self._waiting.defer(request, seen))
        return await self._end(request, request.attempt, seen)

    async def recover(self, request_id: str) -> Next:
        """Somebody began to delete and never said what came of it: look before anything else is done."""
        request = await self._store.request(request_id)
        if request is None or _remaining(request) is not Next.WAIT:
            return _remaining(request)
        if now() - request.changed_at < RECOVER_AFTER:
            return Next.WAIT
        if request.purpose is Purpose.REBUILD:
            return Next.VERIFY
        seen = await self._campaign.observe(request.campaign.campaign_id, patient=False)
        if isinstance(seen, KoreRateLimitError) and not has_waited(request.waiting_since, TO_LOOK):
            return await self._now(request, await self._waiting.defer(request, seen))
        lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now(), explanation=INTERRUPTED)
        if seen is Observation.PRESENT:
            kept: dict[str, Any] = {"attempt": lost, "observation": seen, "waiting_since": None}
            back = await self._transitions.move(request, State.APPROVED, "interrupted, still there", **kept)
            return Next.DELETE if back else Next.WAIT
        return await self._end(request, lost, seen)

    async def recheck(self, request_id: str) -> bool:
        """Look again at a campaign of which nobody knows; True if that changed what people are told."""
        request = await self._store.request(request_id)
        if request is None or request.state is not State.UNKNOWN or not request.attempt:
            return False
        if request.purpose is Purpose.REBUILD:
            return await self._rebuilding.verify(request, patient=False) is not None
        seen = await self._watching.observe(request.campaign.campaign_id, patient=False)
        if isinstance(seen, KoreRateLimitError):
            return False  # people and deletes come first; the next sweep looks
        never_happened = (
            request.attempt.kind is AttemptKind.NO_ANSWER
            and seen is Observation.PRESENT
            and now() - request.attempt.at > LATE_DELETES
        )
        ended = State.FAILED if never_happened else outcome(request.attempt.kind, seen)
        event = "looked again" if ended is State.UNKNOWN else str(ended)
        details = {"observation": str(seen)}
        moved = await self._transitions.move(request, ended, event, details=details, observation=seen)
        return moved is not None

    async def _expires(self, request: Request) -> bool:
        """Whether the approval is too old to be used; then that is how the request ends."""
        if request.expires_at is None or now() < request.expires_at:
            return False
        await self._transitions.move(request, State.EXPIRED, "expired, unused")
        return True

    async def _end_unsent(self, request: Request, error: KoreError) -> Next:
        """The last look failed, so no DELETE is sent now; an earlier one keeps the answer that it had."""
        seen: Observation | KoreError = error
        if isinstance(error, CampaignNotFoundError):
            seen = await self._campaign.observe(request.campaign.campaign_id, patient=False)
        explanation = str(error)
        if isinstance(seen, KoreRateLimitError):
            if not has_waited(request.waiting_since, TO_BEGIN):
                return await self._now(request, await self._waiting.defer(request, seen))
            explanation = GAVE_UP
        unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), kore_message=error.kore_message, explanation=explanation)
        return await self._end(request, request.attempt or unsent, seen)

    async def _end(self, request: Request, attempt: Attempt, looked: Observation | KoreError) -> Next:
        seen = looked if isinstance(looked, Observation) else Observation.UNCLEAR
        ended = outcome(attempt.kind, seen)
        details = {**attempt.told, "observation": str(seen)}
        await self._transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)
        return Next.NOTHING

    async def _now(self, request: Request, moved: Request | None = None) -> Next:
        """What remains of a request after a move of ours, or of somebody who was quicker."""
        return _remaining(moved or await self._store.request(request.id))


def is_due_for_a_look(request: Request) -> bool:
    """An unknown outcome is looked at half a minute after the attempt, then after twice that time, for a day."""
    if request.state is not State.UNKNOWN or not request.attempt:
        return False
    waited = request.changed_at - request.attempt.at
    is_watched = now() - request.attempt.at < WATCHED
    return is_watched and now() - request.changed_at >= max(FIRST_LOOK_AGAIN, waited)


def _remaining(request: Request | None) -> Next:
    if request is None or request.state not in (State.APPROVED, State.DELETING, State.REBUILDING):
        return Next.NOTHING
    if is_not_due(request):
        return Next.LATER
    if request.state is State.APPROVED:
        return Next.DELETE
    return Next.VERIFY if request.attempt else Next.WAIT
