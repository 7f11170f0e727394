"""Readiness, health and metrics, also before the bot is ready."""

import aiohttp
import pytest
from aiohttp import web
from pytest_mock import MockerFixture

from handlers.connection.health import Health
from handlers.ingress.http import SLACK_PATH
from handlers.ingress.server import Server
from tests.handlers.ingress.signed_requests import Client
from tests.postgres import free_port


async def test_readiness_and_health_state_their_reasons(client: Client, health: Health, mocker: MockerFixture) -> None:
    database, socket = mocker.AsyncMock(return_value=""), mocker.AsyncMock(return_value="")
    health.needs(database)
    health.lives_by(socket)
    assert await probed(client) == [(200, "ready\n"), (200, "ok\n")]
    database.return_value, socket.return_value = "the database does not answer", "Slack's socket is down"
    assert await probed(client) == [(503, "the database does not answer\n"), (503, "Slack's socket is down\n")]
    health.phase, socket.return_value = "Slack is unavailable", ""
    assert await probed(client) == [(503, "Slack is unavailable\n"), (200, "ok\n")]


async def probed(client: Client) -> list[tuple[int, str]]:
    answers = [await client.get(path) for path in ("/readyz", "/healthz")]
    return [(answer.status, await answer.text()) for answer in answers]


async def test_metrics_stay_readable_when_a_gauge_cannot_be_refreshed(client: Client, health: Health) -> None:
    async def refresh() -> None:
        raise ConnectionError

    health.measures(refresh)

    answer = await client.get("/metrics")

    assert answer.status == 200
    assert "process_cpu_seconds_total" in await answer.text()


async def test_slack_gets_503_and_health_is_served_before_the_bot_is_ready(mocker: MockerFixture) -> None:
    health, port = Health(), free_port()
    server = Server(health, serves_slack=True)
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as http, server.serving("127.0.0.1", port):
        assert (await http.post(url + SLACK_PATH)).status == 503
        assert (await http.get(f"{url}/healthz")).status == 200
        assert await (await http.get(f"{url}/readyz")).text() == "starting\n"
        on_slack = mocker.AsyncMock(return_value=web.Response(status=202))
        async with server.receiving(on_slack):
            assert (await http.post(url + SLACK_PATH)).status == 202
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{url}/healthz")
