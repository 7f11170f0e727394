"""The campaigns of these tests: one whose request was rejected before, another one, and one that is running."""

from collections.abc import AsyncIterator

import pytest

from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.intake.asking_world import open_asking_world


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_asking_world(database_url) as world:
        yield world
