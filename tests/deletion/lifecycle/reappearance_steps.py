"""Let time pass after a delete, and let the campaign come back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.transitions import Transitions
from deletion.stores.recheck_store import RecheckStore
from tests.deletion.lifecycle.execution_world import POLICY, World, open_world
from tests.kore_api.samples import SEEDED_ID

OPS = POLICY.model_copy(update={"ops_rooms": ("C0OPS",)})


@asynccontextmanager
async def open_deleted_world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url, OPS) as world:
        await world.advance()
        assert (await world.request()).state is State.DELETED
        yield world


def reappearances(world: World, **settings: Any) -> Reappearances:
    policy = OPS.model_copy(update=settings)
    return Reappearances(RecheckStore(world.database), Transitions(world.store, policy), world.gateway, policy)


async def wait(world: World, waited: timedelta) -> Request:
    """Let the request have ended that long ago, with its next look due and the whole rate limit free."""
    await world.a_minute_later()
    await world.change(changed_at=now() - waited, recheck_at=now() - timedelta(seconds=1))
    return await world.request()


def come_back(world: World) -> None:
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = False
