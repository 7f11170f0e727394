"""Requests of different minutes, campaigns and people, kept in the database."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.stores.row_mapping import row_of
from tests.deletion.values import fingerprint, request

SIZE = 3
FIRST = now() - timedelta(days=2)  # the same number of rows lies within the last hour at any time of day


def asked(minute: int, state: State = State.DELETED, campaign_number: int = 1, **changes: object) -> Request:
    """A request of that minute after the first."""
    campaign_id = f"cd-3aefda80-f98e-5f4f-ad41-92803abb{campaign_number:04}"
    at = FIRST + timedelta(minutes=minute)
    seen = fingerprint().model_copy(update={"campaign_id": campaign_id, "name": changes.pop("name", "Spring Sale")})
    return request(state=state, requested_at=at, changed_at=at, campaign=seen, **changes)


def message(of: Request, kind: MessageKind) -> Message:
    ts = f"{of.id[:24]}.{kind}"
    return Message(request_id=of.id, key=f"{kind}-1", kind=kind, target_id="C0", channel_id="C0", ts=ts)


async def keep(engine: AsyncEngine, *kept: Request) -> None:
    async with engine.begin() as connection:
        await connection.execute(requests.insert(), [row_of(each) for each in kept])


def watched(engine: AsyncEngine) -> list[tuple[str, Any]]:
    """Every statement that is sent from now on, with its values."""
    sent: list[tuple[str, Any]] = []

    @sa.event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(_one: object, _two: object, statement: str, values: object, _three: object, _four: object) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    return sent
