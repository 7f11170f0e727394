"""Bring approved requests to their outcome. The request's row alone says what remains to be done."""

import logging
from datetime import datetime, timedelta

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain import clock, log_context
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD, OTHER_ACCOUNT, lacks_approvals
from deletion.domain.models import Purpose, Request
from deletion.domain.outcome import is_due_for_recheck
from deletion.domain.policy import Policy
from deletion.domain.states import BEGUN, State
from deletion.lifecycle.executor import Executor, return_unsent
from deletion.lifecycle.lease import Monotonic, held_lease, sender_ends_at
from deletion.lifecycle.party_check import PartyCheck
from deletion.lifecycle.rate_limit_pause import is_not_due, without_held_pause
from deletion.lifecycle.refusal import end_refused, why_not_rebuilt
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from deletion.stores.watched import LONGEST

LEFT_ALONE = timedelta(seconds=30)  # then the sweep executes a request that is due and has not moved
INTERRUPTED = "I was interrupted before Kore.ai's answer arrived."
INTERRUPTED_UNSENT = "I was interrupted before anything was sent."
log = logging.getLogger(__name__)
EXECUTABLE = BEGUN | {State.APPROVED}


class Execution:
    """Run the executors of a request's actions, step by step."""

    def __init__(  # noqa: PLR0913 - the checks and the executors
        self,
        store: RequestStore,
        transitions: Transitions,
        party_check: PartyCheck,
        policy: Policy,
        *,
        delete: Executor,
        rebuild: Executor,
        stop: Executor,
        catalogue: CampaignCache | None = None,
        monotonic: Monotonic = clock.monotonic,
    ) -> None:
        self._store = store
        self._transitions = transitions
        self._party_check = party_check
        self._policy = policy
        self._catalogue = catalogue
        self._monotonic = monotonic
        self._executors = {Purpose.DELETE: delete, Purpose.REBUILD: rebuild, Purpose.STOP: stop}

    async def advance(self, request_id: str) -> datetime | None:
        """Take every step that is due. Return when the next one is.

        None if none remains, or if a freeze or the request's list holds it.
        """
        while (request := await self._store.request(request_id)) and request.state in EXECUTABLE:
            with log_context.enter(request, "execute"):
                if is_not_due(request):
                    return request.execute_after
                executor = self._executors[request.due_action]
                if request.state is State.APPROVED:
                    if not await self._has_turn(request) or not await self._attempt(executor, request):
                        return None
                elif not request.attempt and await self._store.database_time() < (ends_at := sender_ends_at(request)):
                    return ends_at
                elif not request.attempt:
                    await self._recover(request)
                elif not self._policy.serves(request):
                    await self._end_unserved(request)
                else:
                    await executor.verify(request)
                    await self._end_if_held(request)
        return None

    async def _end_if_held(self, begun: Request) -> None:
        """End a request whose campaign was put on hold while it was being stopped: no delete will follow."""
        request = await self._store.request(begun.id) if begun.state is State.STOPPING else None
        if request and request.state is State.APPROVED and (await self._store.limits_of(request)).hold:
            await end_refused(self._transitions, request, ON_HOLD)

    async def update_list(self, request: Request) -> None:
        """Bring the cached list in line with what was deleted, stopped or rebuilt. A read of it may be slow."""
        if self._catalogue is None:
            return
        if request.state is State.REBUILT and request.created_id:
            await self._catalogue.reread(request.created_id)
        elif request.state is State.CAMPAIGN_STOPPED or (request.state is State.APPROVED and request.stop):
            await self._catalogue.reread(request.campaign.campaign_id)
        elif request.campaign_to_delete and request.state in (State.DELETED, State.GONE):
            await self._catalogue.forget(request.campaign.campaign_id)

    async def _attempt(self, executor: Executor, request: Request) -> bool:
        """Return False if a freeze holds the request; unfreezing executes it again."""
        request = without_held_pause(request)
        limits = await self._store.limits_of(request)
        if limits.freeze:
            return False
        if request.expires_at and now() >= request.expires_at:
            await self._transitions.expire(request)
        elif not self._policy.serves(request):
            await self._end_unserved(request)
        elif request.attempt and request.attempt.kind is AttemptKind.NO_ANSWER:
            # Only the previous version returns such a request to "approved". A second DELETE could hide the first.
            await self._transitions.move(request, State.UNKNOWN, "unknown")
        elif limits.hold:
            await end_refused(self._transitions, request, ON_HOLD)
        elif why := await why_not_rebuilt(self._store, request):
            await end_refused(self._transitions, request, why)
        elif lacks_approvals(request, self._policy):
            await self._confirm(request)  # which reopens it, without a call to Kore.ai
        else:
            await executor.attempt(request, limits, lambda: self._confirm(request))
        return True

    async def next_in_list(self, request: Request) -> str | None:
        """Return the id of the request that follows a closed one in its list and is due now."""
        listed = await self._store.listed(request.list_id) if request.list_id and not request.is_open else None
        following = listed.next if listed else None
        return following.id if following and not is_not_due(following) else None

    async def _has_turn(self, request: Request) -> bool:
        """Return whether the request may begin as far as its list is concerned. The swap judges it again."""
        listed = await self._store.listed(request.list_id) if request.list_id else None
        return listed is None or (listed.next is not None and listed.next.id == request.id)

    async def _end_unserved(self, request: Request) -> None:
        await end_refused(self._transitions, request, OTHER_ACCOUNT)
        await self._end_rest(request, OTHER_ACCOUNT)

    async def _confirm(self, request: Request) -> float | None:
        checked_at = self._monotonic()
        confirmed = await self._party_check.confirm(request)
        if confirmed and confirmed.state is State.FAILED and confirmed.attempt:
            await self._end_rest(request, confirmed.attempt.explanation)
        elif confirmed and confirmed.state is not State.APPROVED:
            for each in await self._waiting_with(request):  # their approvals may be others
                await self._party_check.confirm(each)
        return checked_at if confirmed is request else None

    async def _end_rest(self, request: Request, why: str) -> None:
        """End the approved requests of the same list for the same reason, so that there is nothing left to continue.

        Slack is not asked again: without an answer the rest would wait, paused.
        """
        for each in await self._waiting_with(request):
            await end_refused(self._transitions, each, why)

    async def _waiting_with(self, request: Request) -> tuple[Request, ...]:
        """Return the approved requests of the same list, as they are now."""
        listed = await self._store.listed(request.list_id) if request.list_id else None
        return listed.waiting if listed else ()

    async def _recover(self, request: Request) -> None:
        """Record what is known of an attempt that left no answer: it was not sent, or it may have been.

        Its lease is over, so the row says for good whether it left. A reading from before the end may lack that.
        """
        if await self._store.request(request.id) != request:
            return
        lease = held_lease(request)
        if request.is_practice or (lease and not lease.sending_at):
            await return_unsent(self._transitions, request, INTERRUPTED_UNSENT, retry_after=timedelta(0))
            return
        left_at = lease.sending_at if lease and lease.sending_at else request.changed_at
        lost = Attempt(kind=AttemptKind.NO_ANSWER, at=left_at, explanation=INTERRUPTED)
        await self._transitions.move(request, request.state, "interrupted", details=lost.told, attempt=lost)

    async def recheck_unknown(self) -> list[str]:
        """Look again at each unknown outcome that is due. Return the ids of the requests that changed.

        A failure is logged and leaves the request to the next sweep.
        """
        unknown = await self._store.unknown(now() - LONGEST)
        ours = [request for request in unknown if self._policy.serves(request)]
        due = [request for request in ours if is_due_for_recheck(request, now())]
        return [request.id for request in due if await self._rechecked(request)]

    async def _rechecked(self, request: Request) -> bool:
        with log_context.enter(request, "recheck"):
            try:
                return await self._executors[request.due_action].recheck(request)
            except Exception:
                log.exception("Recheck failed")
                return False
