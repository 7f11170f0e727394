"""Socket Mode pings arrive in time for clients that give up after ten seconds without one."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.sandbox.driver import PATIENCE_SECONDS, Driver
from tests.stopped_loop import StoppedLoop

FIRST_PING_WITHIN_SECONDS = 10.0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": StoppedLoop}


async def test_first_ping_arrives_within_ten_seconds(driver: Driver) -> None:
    link = (await driver.call("apps.connections.open", token="xapp-sandbox"))["url"]
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StoppedLoop)
    async with aiohttp.ClientSession() as session, session.ws_connect(link, autoping=False) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        receiving = asyncio.create_task(socket.receive())
        loop.moved_seconds += FIRST_PING_WITHIN_SECONDS
        hangs_at = time.monotonic() + PATIENCE_SECONDS
        while not receiving.done() and time.monotonic() < hangs_at:  # noqa: ASYNC110 - the stopped clock ends no wait
            await asyncio.sleep(0)
        assert receiving.done()
        assert receiving.result().type is aiohttp.WSMsgType.PING
