"""An approved request over a real database and the sandbox's Kore.ai."""

from collections.abc import AsyncIterator

import pytest

from tests.deletion.lifecycle.execution_world import World, open_world


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        yield world
