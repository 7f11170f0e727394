"""Socket Mode pings arrive in time for clients that give up after ten seconds without one."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.sandbox.driver import Driver

FIRST_PING_WITHIN_SECONDS = 10.0
ARRIVES_WITHIN_SECONDS = 5.0  # on a slow machine


class AdjustableLoop(asyncio.SelectorEventLoop):
    """A loop whose clock a test can put forward."""

    ahead_seconds = 0.0

    def time(self) -> float:
        return super().time() + self.ahead_seconds


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": AdjustableLoop}


async def test_first_ping_arrives_within_ten_seconds(driver: Driver) -> None:
    link = (await driver.call("apps.connections.open", token="xapp-sandbox"))["url"]
    loop = asyncio.get_running_loop()
    assert isinstance(loop, AdjustableLoop)
    async with aiohttp.ClientSession() as session, session.ws_connect(link, autoping=False) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        due = loop.time() + FIRST_PING_WITHIN_SECONDS
        receiving = asyncio.create_task(socket.receive())
        await asyncio.sleep(0)
        loop.ahead_seconds += due - loop.time()
        await asyncio.wait({receiving}, timeout=ARRIVES_WITHIN_SECONDS)
        assert receiving.done()
        assert receiving.result().type is aiohttp.WSMsgType.PING
