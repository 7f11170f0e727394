"""Fixtures of stories in virtual time: a fresh world and loop for each test."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from zlib import crc32

import pytest

from tests.simulation.loop import SimulatedLoop
from tests.simulation.world import SimulatedWorld, open_simulated_world


@pytest.fixture(autouse=True)
def patience() -> None:
    """Keep the limits: in virtual time nothing is slow unless a story says so."""


@pytest.fixture
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """Run each test in virtual time, always in the same order of callbacks."""
    seed = crc32(request.node.nodeid.encode())
    return "asyncio", {"loop_factory": partial(SimulatedLoop, seed)}


@pytest.fixture
def settings() -> dict[str, str]:
    """Return settings of the bot that differ from the sandbox's; a module overrides it."""
    return {}


@pytest.fixture
async def world(settings: dict[str, str]) -> AsyncIterator[SimulatedWorld]:
    async with open_simulated_world(**settings) as world:
        yield world


@pytest.fixture
async def campaign(world: SimulatedWorld) -> str:
    """Return the id of a campaign of the test's own."""
    return await world.fresh_campaign()
