"""Put campaigns on hold, and release them: a person who holds one cannot release it alone."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from uuid import uuid4

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.hold import Hold
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.lifecycle.refusal import end_refused
from deletion.lifecycle.transitions import Transitions
from deletion.stores.hold_store import HoldStore

HELD, RELEASED = "campaign held", "campaign released"  # the journal's events
SURFACE = "command"
TRIES = 5


class NotReleased(StrEnum):
    """Why a hold was not released."""

    NO_HOLD = "not on hold"
    REAL = "not a hold of practice"
    OWN = "another approver must release it"
    UNVERIFIED = "an email address is not verified"
    UNKNOWN_HOLDER = "it is unknown who holds it"


class Holding:
    def __init__(self, holds: HoldStore, transitions: Transitions, policy: Policy) -> None:
        self._holds = holds
        self._transitions = transitions
        self._policy = policy

    async def hold(self, permit: Permit, campaign_id: str, name: str, reason: str) -> tuple[Hold, bool]:
        """Return the campaign's hold, and whether it is new. When this returns, no delete of the campaign begins."""
        _check(permit, Action.HOLD)
        hold = Hold(
            id=uuid4().hex,
            team_id=permit.person.team_id,
            campaign_id=campaign_id,
            campaign_name=name,
            kore_account=self._policy.kore_account,
            application=self._policy.application,
            held_by=permit.person.id,
            held_at=now(),
            reason=reason,
        )
        existing = await self._holds.hold(hold, _entry(HELD, hold, permit, reason))
        return existing or hold, existing is None

    async def end_open(self, hold: Hold) -> list[Request]:
        """End the campaign's requests whose execution has not begun, and return them. Their cards have buttons.

        What a crash leaves here cannot be approved, and the execution ends it when it is due.
        """
        ended: list[Request] = []
        for _ in range(TRIES):  # one that is changed at the same moment, as by a reminder, is read again
            found = [await end_refused(self._transitions, each, ON_HOLD) for each in await self._holds.not_begun(hold)]
            ended += [request for request in found if request]
            if all(found):
                break
        return ended

    async def release(
        self, permit: Permit, campaign_id: str, reason: str, person: Callable[[str], Awaitable[Person]]
    ) -> Hold | NotReleased:
        """Release the campaign, and return its hold. ``person`` looks up who holds it: a second account is no other."""
        _check(permit, Action.RELEASE)
        hold = await self._holds.current(campaign_id, self._policy.kore_account)
        if hold is None:
            return NotReleased.NO_HOLD
        if self._policy.practice and hold.application != self._policy.application:
            return NotReleased.REAL
        holder = await person(hold.held_by)
        if permit.person.is_same_person(holder):
            return NotReleased.OWN
        if holder.membership is Membership.UNKNOWN:
            return NotReleased.UNKNOWN_HOLDER
        if self._policy.require_verified_email and not _are_told_apart(permit.person, holder):
            return NotReleased.UNVERIFIED
        released = hold.model_copy(update={"released_by": permit.person.id, "released_at": now()})
        is_released = await self._holds.release(released, _entry(RELEASED, released, permit, reason))
        return released if is_released else NotReleased.NO_HOLD

    async def has_begun(self, hold: Hold) -> bool:
        """Return whether a delete of the campaign had begun before the hold, so that it may not prevent it."""
        return bool(await self._holds.begun(hold))

    async def is_stopping(self, hold: Hold) -> bool:
        """Return whether a request to delete the campaign is stopping it. It ends after that: see ``Execution``."""
        return bool(await self._holds.stopping(hold))

    async def newest(self) -> list[Hold]:
        return await self._holds.newest(self._policy.kore_account)


def _are_told_apart(person: Person, holder: Person) -> bool:
    """Return whether both have a verified address, by which two accounts of one person are known.

    A deactivated holder need not have one, so that the hold can be released.
    """
    is_known = holder.has_verified_email or holder.membership is Membership.DEACTIVATED
    return person.has_verified_email and is_known


def _check(permit: Permit, action: Action) -> None:
    if permit.action is not action:
        raise ValueError(f"not permitted to {action}")


def _entry(event: str, hold: Hold, permit: Permit, reason: str) -> Entry:
    details = {"hold": hold.id, "campaign": hold.campaign_id, "reason": reason}
    details |= {"application": hold.application} if hold.application else {}
    actor = {"actor_id": permit.person.id, "actor_team_id": permit.person.team_id}
    return Entry(at=hold.released_at or hold.held_at, event=event, **actor, surface=SURFACE, details=details)
