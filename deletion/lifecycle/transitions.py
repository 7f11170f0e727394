"""Change a request: its row, its journal entry and the messages it owes, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prometheus_client import Counter, Histogram

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.outcome import settled
from deletion.domain.policy import Policy
from deletion.domain.reappearance import REAPPEARED, first_recheck
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry, Snapshot
from deletion.domain.states import TRANSITIONS, State
from deletion.stores.request_store import RequestStore

CHANGED = Counter("campaign_delete_requests", "A request came to be in this state", ["state"])
PRACTISED = Counter("campaign_delete_practice_requests", "A request in practice came to be in this state", ["state"])
BUCKETS = (5, 15, 60, 120, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600)
TO_APPROVAL = Histogram("campaign_delete_approval_seconds", "From the request to the last approval", buckets=BUCKETS)
TO_OUTCOME = Histogram("campaign_delete_outcome_seconds", "From the request to its end", ["state"], buckets=BUCKETS)
ENGINE = "engine"  # the actor of a change that no person made


class Transitions:
    """Every change of a request after it was recorded."""

    def __init__(self, store: RequestStore, policy: Policy) -> None:
        self._store = store
        self._policy = policy

    async def entries(self, request_id: str) -> list[Entry]:
        return await self._store.entries(request_id)

    async def move(  # noqa: PLR0913 - an entry of the journal has that many parts
        self,
        before: Request,
        to: State,
        event: str,
        *,
        actor_id: str = ENGINE,
        actor_team_id: str = "",
        surface: str = ENGINE,
        details: Mapping[str, str] | None = None,
        snapshot: Snapshot | None = None,
        expected_limits: DeleteLimits | None = None,
        commit_by: datetime | None = None,
        **changes: Any,
    ) -> Request | None:
        """Return the changed request, or None if ``before`` is stale, the limits differ, or ``commit_by`` has come.

        None means that nothing was written; the caller reads the request again. The state is "unknown" in place of
        ``to`` where an unanswered attempt may disprove it. ``snapshot`` is archived with the change, and its hash
        journalled. Raises ValueError for a change that ``TRANSITIONS`` does not allow: a bug.
        """
        at = now()
        after = changed(before, to, at, changes)
        archived = {"archive": snapshot.sha256} if snapshot else {}
        by = {"actor_id": actor_id, "actor_team_id": actor_team_id, "surface": surface}
        entry = entry_of(before, event, at, {**(details or {}), **archived}, **by)
        is_list_open = event == REAPPEARED and await self._is_list_open(before)
        owed = recipients(after, entry, self._policy, before.state, is_list_open=is_list_open)
        is_written = await self._store.swap(
            before, after, entry, owed, snapshot=snapshot, expected_limits=expected_limits, commit_by=commit_by
        )
        return counted(before, after) if is_written else None

    async def expire(self, request: Request) -> Request | None:
        """End a request that was not approved, or not executed, in time. None if it was changed at the same moment."""
        return await self.move(request, State.EXPIRED, expiry_of(request))

    async def _is_list_open(self, request: Request) -> bool:
        listed = await self._store.listed(request.list_id) if request.list_id else None
        return listed is not None and listed.is_open


def changed(before: Request, to: State, at: datetime, changes: Mapping[str, Any]) -> Request:
    """Return the next version of a request: see ``Transitions.move``."""
    # A change ends the lease of the version before, unless it brings a new one.
    fixed = {"version": before.version + 1, "changed_at": at}
    after = before.model_copy(update={"lease": None, **changes, **fixed})
    after = after.model_copy(update={"state": settled(after, to, at)})
    if after.state is not before.state and after.state not in TRANSITIONS.get(before.state, ()):
        raise ValueError(f"a request never goes from {before.state} to {after.state}")
    return after.model_copy(update={"recheck_at": first_recheck(after)})


def entry_of(before: Request, event: str, at: datetime, details: Mapping[str, str], **by: str) -> Entry:
    """Return the journal entry of a change ``by`` a person, with the campaign's fingerprint and the earlier attempt."""
    earlier = {"attempt": str(before.attempt.kind)} if before.attempt else {}
    told = {**before.named, **before.listed_as, "fingerprint": before.campaign.digest, **earlier, **details}
    return Entry(at=at, event=event, details=told, **by)


def expiry_of(request: Request) -> str:
    """Return the event of a request that was not approved, or not executed, in time."""
    return "expired, unused" if request.state is State.APPROVED else "expired"


def counted(before: Request, after: Request) -> Request:
    """Count a written change in the metrics, and return the changed request."""
    if after.state is not before.state:
        _count(before, after)
    return after


def count_state(request: Request) -> None:
    """Count that the request came to be in its state; in practice apart."""
    (PRACTISED if request.is_practice else CHANGED).labels(request.state).inc()


def _count(before: Request, after: Request) -> None:
    count_state(after)
    if after.is_practice:
        return
    waited_seconds = (after.changed_at - before.requested_at).total_seconds()
    if before.state is State.AWAITING_APPROVAL and after.state is State.APPROVED:
        TO_APPROVAL.observe(waited_seconds)
    if before.is_open and not after.is_open:
        TO_OUTCOME.labels(after.state).observe(waited_seconds)
