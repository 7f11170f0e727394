"""Lease the sending of one request to one replica: none sends after the lease, none takes over before its end.

Kore.ai accepts no fencing token, so the sender checks its own lease as late as it can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pydantic import AwareDatetime

from deletion.domain import clock
from deletion.domain.attempt import AttemptKind, Lease
from deletion.domain.clock import now
from deletion.domain.errors import FencedError
from deletion.domain.models import Request
from deletion.stores.request_store import RequestStore
from kore_api.transport import CALL_SECONDS

LEASE = timedelta(seconds=10)  # from before the swap until the request has left
ATTEMPT = timedelta(seconds=CALL_SECONDS)
MAX_CHECK_AGE_SECONDS = 10.0  # of the party check when the request leaves: 5 s, and 5 s to read the campaign meanwhile
CHECK_OUTDATED = "Too much time had passed since the requester and approvers were checked."
EXPIRED = "The approval expired before anything was sent."
TOO_SLOW = "I was too slow to send anything."
READING_OUTDATED = "Too much time had passed since the campaign was read."
WITHOUT_LEASE = ATTEMPT + timedelta(seconds=5)  # a version of the bot that knows no lease wrote the row
Monotonic = Callable[[], float]


@dataclass(frozen=True)
class HeldLease:
    """A lease that this process holds until ``ends``; requester and approvers were checked from ``checked_at`` on.

    Both are times of its monotonic clock.
    """

    store: RequestStore
    monotonic: Monotonic
    lease: Lease
    ends: float
    checked_at: float

    async def use(self, request: Request) -> None:
        """Record that the request leaves now. Raises FencedError if it must not."""
        at = await self.store.begin_sending(request)
        if at is None:
            raise FencedError("It was changed, frozen or put on hold before anything was sent.")
        if at >= self.lease.until or self.monotonic() >= self.ends:
            raise FencedError(TOO_SLOW)
        if self.monotonic() - self.checked_at > MAX_CHECK_AGE_SECONDS:
            raise FencedError(CHECK_OUTDATED)
        if request.expires_at and max(at, now()) >= request.expires_at:
            raise FencedError(EXPIRED)


class Leases:
    """Grants leases. ``monotonic`` returns seconds that no change of the wall clock moves."""

    def __init__(self, store: RequestStore, monotonic: Monotonic = clock.monotonic) -> None:
        self._store = store
        self.monotonic = monotonic

    async def grant(self, request: Request, checked_at: float) -> HeldLease:
        """Return a lease to be written with the next version of ``request``, whose parties were checked then."""
        ends = self.monotonic() + LEASE.total_seconds()
        until = await self._store.database_time() + LEASE
        lease = Lease(version=request.version + 1, until=until)
        return HeldLease(self._store, self.monotonic, lease, ends, checked_at)


def held_lease(request: Request) -> Lease | None:
    """Return the lease in the row, or None if a version of the bot that knows no lease has written the row since."""
    return request.lease if request.lease and request.lease.version == request.version else None


def unanswered_since(request: Request) -> AwareDatetime | None:
    """Return when a call left, or may have left, that Kore.ai has not answered; None if there is none."""
    if request.attempt:
        return request.attempt.at if request.attempt.kind is AttemptKind.NO_ANSWER else None
    lease = held_lease(request)
    return lease.sending_at if lease else request.changed_at


def sender_ends_at(request: Request) -> AwareDatetime:
    """Return when nothing can leave any more for a begun request, and its sender no longer waits for the answer."""
    lease = held_lease(request)
    return lease.until + ATTEMPT if lease else request.changed_at + WITHOUT_LEASE
