"""Change several requests of a list in one transaction, each with its journal entry, told in one line of the thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.lifecycle.transitions import ENGINE, changed, counted, entry_of, expiry_of
from deletion.stores.list_store import ListStore, Written

CAMPAIGNS = "campaigns"  # the detail of an entry that stands for the change of several requests


@dataclass(frozen=True)
class Move:
    """The change of one request: see ``Transitions.move``."""

    before: Request
    to: State
    event: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    expected_limits: DeleteLimits | None = None


class ListTransitions:
    def __init__(self, store: ListStore, policy: Policy) -> None:
        self._store = store
        self._policy = policy

    async def move_all(  # noqa: PLR0913 - an entry of the journal has that many parts
        self,
        moves: Sequence[Move],
        *,
        actor_id: str = ENGINE,
        actor_team_id: str = "",
        surface: str = ENGINE,
        commit_by: datetime | None = None,
        resumes: str | None = None,
    ) -> list[Request] | None:
        """Return the changed requests; None, with nothing written, if one of them was changed meanwhile.

        Also None if the limits differ, ``commit_by`` has come, or the list is not paused by the request ``resumes``.
        """
        at, by = now(), {"actor_id": actor_id, "actor_team_id": actor_team_id, "surface": surface}
        written, told = [], set()
        for move in moves:
            count = {CAMPAIGNS: str(sum(other.event == move.event for other in moves))}
            after = changed(move.before, move.to, at, move.changes)
            entry = entry_of(move.before, move.event, at, {**move.details, **count}, **by)
            owed = recipients(after, entry, self._policy, move.before.state)
            if move.event in told:
                owed = [message for message in owed if message.kind is not MessageKind.STORY]
            told.add(move.event)
            written.append(Written(after, entry, owed, move.before, move.expected_limits))
        if not await self._store.swap_all(written, commit_by, resumes):
            return None
        return [counted(move.before, each.after) for move, each in zip(moves, written, strict=True)]

    async def expire(self, requests: Sequence[Request]) -> None:
        """End requests that were not approved, or not executed, in time; none if one of them was changed meanwhile."""
        await self.move_all([Move(each, State.EXPIRED, expiry_of(each)) for each in requests])
