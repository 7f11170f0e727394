"""The callbacks of a call: before the request is sent, and about its result."""

import asyncio
import os

import pytest

from kore_api.account import KoreAccount
from kore_api.causes import Cause
from kore_api.client import KoreClient, open_client
from kore_api.errors import KoreError, KoreUnreachableError
from tests.kore_api.conftest import AUTH, FakeRateLimit, World
from tests.kore_api.raw_server import serve, silent
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID
from tests.kore_api.send_steps import PROXIES, client_of, failure_of_delete


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


async def test_rate_limiter_that_fails_means_not_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.rate_limit, "acquire", fail)

    failure = await failure_of_delete(world.client)

    assert (type(failure), failure.cause) == (KoreUnreachableError, Cause.UNEXPECTED)
    assert world.traffic.after() == []


async def test_callback_that_fails_does_not_hide_the_result(world: World) -> None:
    async def fail(_: KoreError | None) -> None:
        raise ZeroDivisionError

    async with open_client(world.account, AUTH) as http:
        client = KoreClient(world.account, http, FakeRateLimit(), on_result=fail)
        assert (await client.delete_campaign(SEEDED_ID)).message


class StoppedError(Exception):
    pass


@pytest.mark.parametrize("allowed", [0, 1])
async def test_before_send_stops_the_request_when_slot_is_held_and_again_when_connection_is_open(
    world: World, allowed: int
) -> None:
    held: list[int] = []

    async def stop() -> None:
        held.append(world.rate_limit.held)
        if len(held) > allowed:
            raise StoppedError

    with pytest.raises(StoppedError):
        await world.client.delete_campaign(SEEDED_ID, before_send=stop)

    assert held == [1] * (allowed + 1)
    assert world.rate_limit.held == 0
    assert world.traffic.after() == []
    assert (await world.client.delete_campaign(SEEDED_ID)).message


async def test_before_send_runs_after_the_tunnel_is_open() -> None:
    calls = 0

    async def count() -> None:
        nonlocal calls
        calls += 1

    async with serve(PROXIES["403"]) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        async with client_of("https://kore.example", proxy=address) as client:
            with pytest.raises(KoreUnreachableError):
                await client.delete_campaign(SEEDED_ID, before_send=count)

    assert calls == 1


async def test_request_that_is_cancelled_reports_no_result() -> None:
    results: list[KoreError | None] = []

    async def record(error: KoreError | None) -> None:
        results.append(error)

    async with serve(silent) as server:
        account = KoreAccount(base_url=f"http://127.0.0.1:{server.port}", app_id=APP_ID, account_id=ACCOUNT_ID)
        async with open_client(account, AUTH) as http:
            client = KoreClient(account, http, FakeRateLimit(), on_result=record)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.delete_campaign(SEEDED_ID), 0.2)

    assert results == []
