"""Rebuild one deleted campaign: open its archive, send one create, and verify that the new campaign is there."""

from datetime import timedelta
from typing import Any

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from deletion.domain.execution_check import THERE_AGAIN
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.outcome import rebuilt
from deletion.domain.states import State
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, CampaignGateway
from deletion.lifecycle.archive import Archive, Unopened
from deletion.lifecycle.executor import Confirm, check_account, return_unsent
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.rate_limit_pause import TO_ATTEMPT, TO_VERIFY, RateLimitPause, has_waited
from deletion.lifecycle.refusal import end_refused
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.unread_campaign import unsent_attempt
from kore_api.create_payload import NotEnoughError, create_payload
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError
from kore_api.models import Campaign

CLOCKS_DIFFER = timedelta(minutes=10)  # by how much Kore.ai's clock may be behind the bot's
LATE_CREATES = timedelta(minutes=10)  # an unanswered create that has not shown by then did not happen


class RebuildExecutor:
    """The ``Executor`` of rebuilds. It never starts a campaign, and never repeats a create: that would make two."""

    def __init__(self, transitions: Transitions, campaign: CampaignGateway, archive: Archive, leases: Leases) -> None:
        self._transitions = transitions
        self._pause = RateLimitPause(transitions)
        self._campaign = campaign
        self._before_create = campaign.reserving(1)  # the create
        self._background = campaign.reserving(BACKGROUND_RESERVE)
        self._archive = archive
        self._leases = leases

    async def attempt(self, request: Request, limits: DeleteLimits, confirm: Confirm) -> None:
        found = await self._before_create.read(request.campaign.campaign_id)
        checked_at = await confirm()
        if checked_at is None or not await self._is_gone(request, found):
            return
        payload = await self._payload(request)
        if isinstance(payload, str):
            unsent = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation=f"It can't be rebuilt: {payload}.")
            await self._end_unsent(request, unsent)
            return
        lease = await self._leases.grant(request, checked_at)
        reset: dict[str, Any] = {"attempt": None, "waiting_since": None, "lease": lease.lease}
        rebuilding = await self._transitions.move(
            request, State.REBUILDING, "rebuilding", expected_limits=limits, **reset
        )
        if rebuilding is None:
            return

        async def before_send() -> None:
            await lease.use(rebuilding)
            check_account(rebuilding, self._campaign)

        try:
            attempt, created_id = await self._campaign.create(payload, before_send)
        except FencedError as error:
            await return_unsent(self._transitions, rebuilding, str(error), request.waiting_since)
            return
        is_limited = attempt.kind is AttemptKind.NOT_SENT and attempt.retry_after_seconds is not None
        if is_limited and not has_waited(request.waiting_since, TO_ATTEMPT):
            await self._pause.return_to_approved(rebuilding, attempt, request.waiting_since)
            return
        await self._transitions.move(
            rebuilding, State.REBUILDING, "attempted", details=attempt.told, attempt=attempt, created_id=created_id
        )

    async def _is_gone(self, request: Request, found: Campaign | KoreError) -> bool:
        """Return whether the deleted campaign is still not there; else end the request, or pause it.

        The looks after its delete end after half an hour.
        """
        if isinstance(found, CampaignNotFoundError):
            return True
        if isinstance(found, Campaign):
            await end_refused(self._transitions, request, THERE_AGAIN)
        elif unread := await unsent_attempt(self._campaign, self._transitions, request, found):
            await self._end_unsent(request, unread[0])
        return False

    async def _end_unsent(self, request: Request, unsent: Attempt) -> None:
        await self._transitions.move(request, State.FAILED, "failed", details=unsent.told, attempt=unsent)

    async def _payload(self, request: Request) -> dict[str, Any] | str:
        """Return what to send, or why there is nothing to send."""
        found = await self._archive.open(request.rebuilds or "")
        if isinstance(found, Unopened):
            return str(found)
        try:
            return create_payload(Campaign.model_validate(found), request.flow_name)
        except NotEnoughError as error:
            return f"the archive lacks {error}"

    async def verify(self, request: Request) -> None:
        await self._verify(request, patient=True)

    async def recheck(self, request: Request) -> bool:
        return await self._verify(request, patient=False)

    async def _verify(self, request: Request, *, patient: bool) -> bool:
        """Record the outcome, and return whether the request changed."""
        attempt = request.attempt
        if attempt is None:
            raise ValueError("an attempt is verified once its answer is recorded")
        created_id, seen = await self._look(request, attempt, patient=patient)
        if isinstance(seen, KoreRateLimitError):
            if request.state is State.UNKNOWN:
                return False  # the next sweep looks again
            if not has_waited(request.waiting_since, TO_VERIFY):
                return bool(await self._pause.defer(request, seen))
            seen = Observation.UNCLEAR
        ended = rebuilt(attempt.kind, seen)
        is_late = now() - attempt.at > LATE_CREATES
        if ended is State.UNKNOWN and seen is Observation.ABSENT and attempt.kind is AttemptKind.NO_ANSWER and is_late:
            ended = State.FAILED
        event = "looked again" if ended is request.state else str(ended)
        details = {**attempt.told, "observation": str(seen), "created": created_id}
        moved = await self._transitions.move(
            request, ended, event, details=details, observation=seen, created_id=created_id
        )
        return bool(moved)

    async def _look(
        self, request: Request, attempt: Attempt, *, patient: bool
    ) -> tuple[str, Observation | KoreRateLimitError]:
        """Return the new campaign's id if it is known or found, else "", and what was seen of it."""
        campaign = self._background if request.state is State.UNKNOWN else self._campaign
        if created_id := request.created_id:
            wanted = Observation.PRESENT
            return created_id, await campaign.observe(created_id, patient=patient, wanted=wanted)
        payload = await self._payload(request)
        if attempt.kind is not AttemptKind.NO_ANSWER or isinstance(payload, str):
            return "", Observation.UNCLEAR
        # ``attempt.at`` is when the create left, or when the wait for its response ended, at most a call later.
        return await campaign.find_created(payload, attempt.at - CLOCKS_DIFFER)
