"""A deleted campaign made again: read from the archive, created once, looked at. Every step begins by reading the row.

A create is no more repeated blindly than a delete: made twice, there would be two.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import DeleteLimits, Freeze
from deletion.domain.models import Attempt, AttemptKind, Observation, Preview, Request, State
from deletion.domain.outcome import rebuilt
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.archive import Archive, Unopened
from deletion.lifecycle.rate_limit_pause import TO_BEGIN, TO_LOOK, Waiting, has_waited
from deletion.lifecycle.transitions import Transitions
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from kore_api.create_payload import NotEnoughError, create_payload, needs_flow_name
from kore_api.errors import KoreRateLimitError
from kore_api.models import Campaign

MAY_BE_REBUILT = frozenset({State.DELETED, State.GONE})
CLOCKS_DIFFER = timedelta(minutes=2)
LATE_CREATES = timedelta(minutes=10)  # an unanswered create that has not shown by then did not happen


@dataclass(frozen=True)
class Kept:
    """What the archive has of a deleted campaign, and the preview kept of it."""

    preview: Preview
    needs_flow_name: bool


class Rebuilding:
    """From a deleted request to a new campaign, which nobody here ever starts."""

    def __init__(
        self,
        store: RequestStore,
        previews: PreviewStore,
        transitions: Transitions,
        campaign: CampaignGateway,
        archive: Archive,
    ) -> None:
        self._store = store
        self._previews = previews
        self._transitions = transitions
        self._waiting = Waiting(transitions)
        self._campaign = campaign
        self._archive = archive

    async def request(self, request_id: str) -> Request | None:
        return await self._store.request(request_id)

    async def look(self, deleted: Request, user_id: str, channel_id: str) -> Kept | Unopened | Request | Freeze:
        """What can be made again; or why nothing can; or the request that has made it, or is about to."""
        freeze, _ = await self._store.current_freeze()
        if freeze:
            return freeze
        if earlier := await self._store.rebuild_of(deleted.id):
            return earlier
        found = await self._archive.open(deleted.id)
        if isinstance(found, Unopened):
            return found
        campaign = Campaign.model_validate(found)
        preview = Preview(
            id=uuid4().hex,
            team_id=deleted.team_id,
            user_id=user_id,
            channel_id=channel_id,
            campaign=CampaignFingerprint.of(campaign),
            taken_at=now(),
            rebuilds=deleted.id,
        )
        await self._previews.save_preview(preview)
        return Kept(preview, needs_flow_name(campaign))

    async def attempt_create(self, request: Request, limits: DeleteLimits) -> Request | None:
        """Create the campaign if this request is still approved and not frozen.

        The request then, or None if somebody else changed it or froze everything.

        The swap to "rebuilding" comes first and only its winner sends.
        """
        payload = await self._draft(request)
        if isinstance(payload, str):
            unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation=f"Nothing to rebuild it from: {payload}.")
            return await self._transitions.move(request, State.FAILED, "failed", attempt=unsent)
        anew: dict[str, Any] = {"attempt": None, "waiting_since": None}
        rebuilding = await self._transitions.move(
            request, State.REBUILDING, "rebuilding", expected_limits=limits, **anew
        )
        if rebuilding is None:
            return None
        attempt, created_id = await self._campaign.create(payload)
        is_held_back = attempt.kind is AttemptKind.NOT_SENT and attempt.retry_after_seconds is not None
        if is_held_back and not has_waited(request.waiting_since, TO_BEGIN):
            return await self._waiting.return_to_approved(rebuilding, attempt, request.waiting_since)
        return await self._transitions.move(
            rebuilding, State.REBUILDING, "attempted", details=attempt.told, attempt=attempt, created_id=created_id
        )

    async def _draft(self, request: Request) -> dict[str, Any] | str:
        """What is to be sent, or why there is nothing."""
        found = await self._archive.open(request.rebuilds or "")
        if isinstance(found, Unopened):
            return str(found)
        try:
            return create_payload(Campaign.model_validate(found), request.flow_name)
        except NotEnoughError as error:
            return f"the archive lacks {error}"

    async def verify(self, request: Request, *, patient: bool = True) -> Request | None:
        """Say how it ended; None if somebody else did. An attempt that nobody wrote down had no answer."""
        explanation = "The bot was interrupted while it was rebuilding."
        attempt = request.attempt or Attempt(kind=AttemptKind.NO_ANSWER, at=now(), explanation=explanation)
        created_id, seen = await self._look(request, attempt, patient=patient)
        if isinstance(seen, KoreRateLimitError):
            if request.state is State.UNKNOWN:
                return None  # it is looked at again and again anyway
            if not has_waited(request.waiting_since, TO_LOOK):
                return await self._waiting.defer(request, seen)
            seen = Observation.UNCLEAR
        ended = rebuilt(attempt.kind, seen)
        is_late = now() - attempt.at > LATE_CREATES
        if ended is State.UNKNOWN and seen is Observation.ABSENT and attempt.kind is AttemptKind.NO_ANSWER and is_late:
            ended = State.FAILED
        event = "looked again" if ended is request.state else str(ended)
        details = {**attempt.told, "observation": str(seen), "created": created_id}
        return await self._transitions.move(
            request, ended, event, details=details, attempt=attempt, observation=seen, created_id=created_id
        )

    async def _look(
        self, request: Request, attempt: Attempt, *, patient: bool
    ) -> tuple[str, Observation | KoreRateLimitError]:
        """The new campaign's id, if it is known or found, and what is seen of it."""
        if created_id := request.created_id:
            wanted = Observation.PRESENT
            return created_id, await self._campaign.observe(created_id, patient=patient, wanted=wanted)
        if attempt.kind is AttemptKind.NO_ANSWER:
            return await self._campaign.find_created(request.campaign.name, attempt.at - CLOCKS_DIFFER)
        return "", Observation.UNCLEAR
