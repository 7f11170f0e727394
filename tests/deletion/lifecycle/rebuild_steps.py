"""Requests to rebuild a deleted campaign, over a real database and the sandbox's Kore.ai."""

from datetime import UTC, datetime
from typing import Any

from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.stores.row_mapping import row_of
from kore_api.create_payload import create_payload
from kore_api.models import Campaign
from sandbox.kore.campaign_state import as_read
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.values import request
from tests.kore_api.samples import SEEDED_ID

REQUESTED = Entry(at=now(), event="rebuild requested", actor_id="U0ALICE", surface="test")


async def rebuild(world: World, **fields: Any) -> Request:
    """Return an approved rebuild of the sandbox's first campaign, which had these fields and was deleted."""
    world.kore.memory.put(SEEDED_ID, fields)
    await world.change(campaign=as_requested(world), other_fields=None)
    await world.advance()
    deleted = await world.request()
    assert deleted.state is State.DELETED
    await world.a_minute_later()
    asked = request(campaign=deleted.campaign, rebuilds=world.id, flow_name="Support")
    await world.store.add(asked, REQUESTED, [])
    return asked


def as_requested(world: World) -> dict[str, Any]:
    seen = Campaign.model_validate(as_read(world.kore.memory.campaigns[SEEDED_ID]))
    return CampaignFingerprint.of(seen).model_dump(mode="json", exclude={"other_fields"})


def made(world: World, created_at: datetime, **fields: Any) -> str:
    """Create what the rebuild would send at Kore.ai, but for these fields; return its id."""
    sent = create_payload(Campaign.model_validate(as_read(world.kore.memory.campaigns[SEEDED_ID])), "Support")
    at = created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raw = world.kore.memory.create(sent)
    raw.update({"createdAt": at, **fields})
    return str(raw["_id"])


async def changed(world: World, asked: Request, **changes: Any) -> Request:
    kept = asked.model_copy(update=changes)
    async with world.database.begin() as connection:
        await connection.execute(requests.update().where(requests.c.id == asked.id).values(**row_of(kept)))
    return kept


async def begun(world: World, kind: AttemptKind, created_id: str = "", **changes: Any) -> Request:
    """Return a rebuild whose create had this result, which is not verified yet."""
    plain = {"state": State.REBUILDING, "attempt": Attempt(kind=kind, at=now()), "created_id": created_id}
    return await changed(world, await rebuild(world), **{**plain, **changes})
