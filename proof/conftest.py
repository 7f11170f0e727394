"""The recorded traffic that the modules share."""

import asyncio

import pytest

from proof import story
from proof.payload_roundtrip import Json
from proof.terminal_summary import pytest_terminal_summary
from tests.stories.conftest import open_world

CALLS_PER_MINUTE = int(story.SETTINGS["KORE_CALLS_PER_MINUTE"])
__all__ = ["pytest_terminal_summary"]  # pytest finds it here


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
async def traffic(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """Return the traffic in both directions: all chapters by HTTP, some by Socket Mode."""

    async def record(mode: str, version: str, chapters: tuple[story.Chapter, ...]) -> list[Json]:
        async with open_world(tmp_path_factory.mktemp(mode), mode, version, **story.SETTINGS) as world:
            world.sandbox.kore.limit.set(CALLS_PER_MINUTE, 60)  # all chapters take less than a minute
            for chapter in chapters:
                await chapter(world)
            exchanges: list[Json] = (await world.api.get("/sandbox/traffic")).json()
            return exchanges

    by_http, by_socket = await asyncio.gather(
        record("http", "v1", story.CHAPTERS), record("socket", "v2", story.CHAPTERS[:7])
    )
    return by_http + by_socket
