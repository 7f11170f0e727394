"""Freeze and unfreeze all requests, and tell when nothing is under way any more."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from uuid import uuid4

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent
from deletion.domain.models import Request
from deletion.domain.outcome import LATE_DELETES, may_take_effect
from deletion.domain.policy import Policy
from deletion.domain.recipients import rooms_of_a_freeze
from deletion.domain.records import Entry
from deletion.lifecycle.lease import sender_ends_at, unanswered_since
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.request_store import RequestStore

LOOK_EVERY_SECONDS = 0.2
LOOKED_BACK = LATE_DELETES + timedelta(minutes=1)  # replicas' clocks differ
SURFACE = "command"
REPLACED = "A real freeze replaces it."
REASON_GIVEN = "freeze explained"  # the journal's event


class NotUnfrozen(Enum):
    """Why no freeze was lifted."""

    NOT_FROZEN = auto()
    REAL = auto()  # and this is practice


@dataclass(frozen=True)
class Frozen:
    """The current freeze, and whether it was there before this command."""

    freeze: Freeze
    was_frozen: bool


class Freezing:
    """The freeze is a row, so it holds for every replica and through a restart."""

    def __init__(self, store: RequestStore, limits: FreezeStore, policy: Policy) -> None:
        self._store = store
        self._freezes = limits
        self._policy = policy

    async def freeze(self, permit: Permit, channel_id: str, reason: str, surface: str = SURFACE) -> Frozen:
        """Freeze all requests, with or without a reason. When this returns, no request begins any more.

        A freeze that is there stays, except that a real one replaces one of practice.
        """
        _check(permit, Action.FREEZE)
        freeze = Freeze(
            id=uuid4().hex,
            team_id=permit.person.team_id,
            frozen_by=permit.person.id,
            frozen_at=now(),
            reason=reason,
            frozen_in=channel_id,
            practice=self._policy.practice,
        )
        entry = _entry(FreezeEvent.FROZEN, freeze, permit, reason, surface)
        rooms = rooms_of_a_freeze(freeze, self._policy)
        while not await self._freezes.freeze(freeze, entry, rooms):
            current = await self._freezes.current()
            if current and (freeze.practice or not current.practice):
                return Frozen(current, was_frozen=True)
            if current and await self._replace(current, freeze, entry, permit, rooms):
                break
        return Frozen(freeze, was_frozen=False)

    async def _replace(
        self, practised: Freeze, freeze: Freeze, entry: Entry, permit: Permit, rooms: Sequence[str]
    ) -> bool:
        """Begin a real freeze in the place of one of practice, which practice could end. False if it has ended."""
        ending = {"lifted_by": permit.person.id, "lifted_at": freeze.frozen_at, "lifted_because": REPLACED}
        ended = practised.model_copy(update=ending)
        ended_with = ended, _entry(FreezeEvent.UNFROZEN, ended, permit, REPLACED)
        return await self._freezes.freeze(freeze, entry, rooms, instead_of=ended_with)

    async def give_reason(self, permit: Permit, freeze: Freeze, reason: str) -> Freeze | None:
        """Add the reason to a freeze without one, and return it; None if it has one, is over or is another person's."""
        _check(permit, Action.FREEZE)
        if freeze.reason or (freeze.team_id, freeze.frozen_by) != (permit.person.team_id, permit.person.id):
            return None
        explained = freeze.model_copy(update={"reason": reason})
        entry = _entry(REASON_GIVEN, explained, permit, reason).model_copy(update={"at": now()})
        return explained if await self._freezes.give_reason(explained, entry) else None

    async def unfreeze(self, permit: Permit, channel_id: str, reason: str) -> Freeze | NotUnfrozen:
        """Lift the freeze and return it. The approver who froze may lift it, too. Practice ends no real freeze."""
        _check(permit, Action.UNFREEZE)
        if not (current := await self._freezes.current()):
            return NotUnfrozen.NOT_FROZEN
        if self._policy.practice and not current.practice:
            return NotUnfrozen.REAL
        lifting = {"lifted_by": permit.person.id, "lifted_at": now(), "lifted_because": reason, "lifted_in": channel_id}
        lifted = current.model_copy(update=lifting)
        entry = _entry(FreezeEvent.UNFROZEN, lifted, permit, reason)
        done = await self._freezes.lift(lifted, entry, rooms_of_a_freeze(lifted, self._policy))
        return lifted if done else NotUnfrozen.NOT_FROZEN

    async def under_way(self) -> list[Request]:
        """Return the requests for which a call to Kore.ai may leave, or may still be answered: none of practice."""
        at = await self._store.database_time()
        begun = [request for request in await self._store.unanswered() if not request.is_practice]
        return [request for request in begun if at < sender_ends_at(request)]

    async def none_under_way(self, freeze: Freeze) -> None:
        """Return when nothing can be sent any more: each call has been answered, or its lease and time-out are over.

        Returns earlier if the freeze ends.
        """
        while not (await self.reread(freeze)).lifted_at and await self.under_way():  # noqa: ASYNC110 - another replica may be the sender
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def may_take_effect(self) -> list[Request]:
        """Return the requests whose call Kore.ai has not answered and may still carry out: none of practice."""
        at = await self._store.database_time()
        unsettled = [each for each in await self._store.unsettled(at - LOOKED_BACK) if not each.is_practice]
        sent = [(request, unanswered_since(request)) for request in unsettled]
        return [request for request, left_at in sent if left_at and may_take_effect(left_at, at)]

    async def reread(self, freeze: Freeze) -> Freeze:
        """Return the freeze as it is now: another approver may have lifted it."""
        return await self._freezes.freeze_by_id(freeze.id) or freeze


def _check(permit: Permit, action: Action) -> None:
    if permit.action is not action:
        raise ValueError(f"not permitted to {action}")


def _entry(event: str, freeze: Freeze, permit: Permit, reason: str, surface: str = SURFACE) -> Entry:
    at = freeze.lifted_at or freeze.frozen_at
    details = {"freeze": freeze.id, "reason": reason, **({"practice": "on"} if freeze.practice else {})}
    actor = {"actor_id": permit.person.id, "actor_team_id": permit.person.team_id}
    return Entry(at=at, event=event, **actor, surface=surface, details=details)
