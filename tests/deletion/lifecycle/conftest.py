"""An approved request over a real database and the sandbox's Kore.ai, and parts over a database and four people."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.deletion.lifecycle.execution_world import World, open_world
from tests.deletion.lifecycle.list_world import Lists
from tests.deletion.lifecycle.party_world import POLICY, Bot, Open


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        yield world


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Bot]:
    bot = Bot(database_url)
    yield bot
    await bot.engine.dispose()


@pytest.fixture
async def lists(database_url: str) -> AsyncIterator[Lists]:
    lists = Lists(database_url)
    yield lists
    await lists.bot.engine.dispose()


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[Open]:
    """Open a bot with these settings."""
    async with AsyncExitStack() as stack:

        async def opened(**settings: Any) -> Bot:
            bot = Bot(database_url, POLICY.model_copy(update=settings))
            stack.push_async_callback(bot.engine.dispose)
            return bot

        yield opened
