"""Delete, exactly: re-read, compare, one DELETE, read back. Every step begins by reading the row and may run twice."""

from datetime import timedelta
from enum import StrEnum

from deletion.archive import Archive
from deletion.campaign import ATTEMPT_SECONDS, CampaignAtKore
from deletion.clock import now
from deletion.models import WATCHED, Attempt, AttemptKind, Observation, Purpose, Request, SnapshotKind, State
from deletion.outcome import outcome
from deletion.rebuilding import Rebuilding
from deletion.sighting import Sighting
from deletion.store import Store
from deletion.transition import Transitions
from kore_api.errors import CampaignNotFoundError, KoreError

TAKE_OVER_AFTER = timedelta(seconds=ATTEMPT_SECONDS + 5)  # by then, whoever was deleting has ended or died
FIRST_LOOK_AGAIN = timedelta(seconds=30)
LATE_DELETES = timedelta(minutes=10)  # an unanswered delete that has not shown by then did not happen


class Next(StrEnum):
    """What remains to be done with a request."""

    SETTLE = "settle"
    DELETE = "delete"
    WAIT = "wait"
    NOTHING = "nothing"


class Execution:
    """The steps between an approved request and its outcome, and the watch over one that is not known."""

    def __init__(
        self,
        store: Store,
        transitions: Transitions,
        campaign: CampaignAtKore,
        archive: Archive,
        rebuilding: Rebuilding,
    ) -> None:
        self._store = store
        self._transitions = transitions
        self._campaign = campaign
        self._archive = archive
        self._rebuilding = rebuilding

    async def delete_once(self, request_id: str) -> Next:
        """Re-read, compare, and send the DELETE if the campaign is what was approved.

        The swap to "deleting" comes first and only its winner sends, so a step that runs again never repeats a DELETE.
        The campaign is archived with that swap: what cannot be archived is not deleted.
        """
        request = await self._store.request(request_id)
        if request is None or request.state is not State.APPROVED:
            return _remaining(request)
        if request.execute_after and now() < request.execute_after:
            return Next.NOTHING  # the undo window is not over; whoever waits for its end comes back
        if request.purpose is Purpose.REBUILD:
            return Next.SETTLE if await self._rebuilding.create_once(request) else Next.NOTHING
        return await self._delete(request)

    async def _delete(self, request: Request) -> Next:
        found = await self._campaign.read(request.sighting.campaign_id)
        if isinstance(found, KoreError):
            await self._end_unsent(request, found)
            return Next.NOTHING
        if differences := request.sighting.differences(Sighting.of(found)):
            details = {"changed": ", ".join(difference.field for difference in differences)}
            await self._transitions.move(request, State.CHANGED, "changed", details=details, differences=differences)
            return Next.NOTHING
        before = self._archive.seal(request.id, SnapshotKind.BEFORE, found.raw)
        deleting = await self._transitions.move(request, State.DELETING, "attempting", snapshot=before)
        if deleting is None:
            return _remaining(await self._store.request(request.id))
        attempt, returned = await self._campaign.delete(request.sighting.campaign_id)
        after = self._archive.seal(request.id, SnapshotKind.RETURNED, returned) if returned else None
        attempted = await self._transitions.move(
            deleting, State.DELETING, "attempted", details=attempt.told, snapshot=after, attempt=attempt
        )
        return Next.SETTLE if attempted else Next.WAIT

    async def settle(self, request_id: str) -> None:
        """Read back what the recorded attempt did, and say how the request ended."""
        request = await self._store.request(request_id)
        if request and request.state is State.REBUILDING:
            await self._rebuilding.settle(request)
        if request is None or request.state is not State.DELETING or request.attempt is None:
            return
        patient = request.attempt.kind in (AttemptKind.CONFIRMED, AttemptKind.NO_ANSWER)
        seen = await self._campaign.observe(request.sighting.campaign_id, patient=patient)
        await self._end(request, request.attempt, seen)

    async def take_over(self, request_id: str) -> Next:
        """Somebody began to delete and never said what came of it: look before anything else is done."""
        request = await self._store.request(request_id)
        if request is None or _remaining(request) is not Next.WAIT:
            return _remaining(request)
        if now() - request.changed_at < TAKE_OVER_AFTER:
            return Next.WAIT
        if request.purpose is Purpose.REBUILD:
            return Next.SETTLE
        seen = await self._campaign.observe(request.sighting.campaign_id, patient=False)
        if seen is Observation.PRESENT:
            back = await self._transitions.move(request, State.APPROVED, "interrupted, still there")
            return Next.DELETE if back else Next.WAIT
        explanation = "The bot was interrupted while it was deleting."
        await self._end(request, Attempt(kind=AttemptKind.NO_ANSWER, at=now(), explanation=explanation), seen)
        return Next.NOTHING

    async def watch(self, request_id: str) -> bool:
        """Look again at a campaign of which nobody knows; True if that changed what people are told."""
        request = await self._store.request(request_id)
        if request is None or request.state is not State.UNKNOWN or not request.attempt:
            return False
        if request.purpose is Purpose.REBUILD:
            return await self._rebuilding.settle(request, patient=False) is not None
        seen = await self._campaign.observe(request.sighting.campaign_id, patient=False)
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

    async def _end_unsent(self, request: Request, error: KoreError) -> None:
        """The last look failed, so no DELETE was sent."""
        seen = Observation.UNCLEAR
        if isinstance(error, CampaignNotFoundError):
            seen = await self._campaign.observe(request.sighting.campaign_id, patient=False)
        unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), kore_message=error.kore_message, explanation=str(error))
        await self._end(request, unsent, seen)

    async def _end(self, request: Request, attempt: Attempt, seen: Observation) -> None:
        ended = outcome(attempt.kind, seen)
        details = {**attempt.told, "observation": str(seen)}
        await self._transitions.move(request, ended, str(ended), details=details, attempt=attempt, observation=seen)


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
    if request.state is State.APPROVED:
        return Next.DELETE
    return Next.SETTLE if request.attempt else Next.WAIT
