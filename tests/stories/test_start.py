"""Start and stop: one line for each start-up failure, and a stop within ten seconds."""

import asyncio
import json
import signal
import socket
import time
from pathlib import Path

import pytest

from config import version
from sandbox.faults import Fault
from sandbox.server import running
from sandbox.slack.manifest import DEFAULT_PATH
from tests.stories.bot import BotProcess

CANNOT = [
    ({"PORT": "none"}, "PORT: expected a whole number"),
    ({"SLACK_BOT_TOKEN": "xoxb-sandbox-of-somebody-else"}, "SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)"),
    ({"SLACK_API_URL": "http://127.0.0.1:1/api/"}, "SLACK_API_URL: Slack cannot be reached"),
    ({"SLACK_APP_TOKEN": "xapp-sandbox-of-somebody-else"}, "SLACK_APP_TOKEN: Slack refuses it"),
    ({"OPS_ROOMS": "C0RANDOM"}, "OPS_ROOMS: C0RANDOM is no channel that the bot is in."),
    ({"DATABASE_URL": "sqlite:////nowhere/at/all/bot.sqlite3"}, "DATABASE_URL: sqlite:////nowhere/at/all/bot.sqlite3"),
    ({"DATABASE_URL": "postgresql://someone:hunter2@127.0.0.1:1/none"}, "DATABASE_URL: postgresql://someone:***@"),
]


@pytest.mark.parametrize(("settings", "said"), CANNOT)
async def test_startup_failure_prints_one_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    async with running() as sandbox:
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=False)
        bot.settings.update(settings)
        await bot.spawn()
        assert bot.process is not None
        assert await bot.process.wait() == 1
    (line,) = [line for line in bot.log.read_text().splitlines() if " INFO " not in line]
    assert line.startswith(said)
    assert "hunter2" not in line


async def test_startup_gives_up_on_unresponsive_slack(tmp_path: Path) -> None:
    async with running() as sandbox:
        sandbox.faults.add(Fault("slack", "auth.test", "delay", delay_ms=60_000))
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=True)
        await bot.spawn()
        assert bot.process is not None
        async with asyncio.timeout(30):
            assert await bot.process.wait() == 1
    assert "SLACK_API_URL: Slack cannot be reached (TimeoutError)" in bot.log.read_text()


async def test_used_port_prints_one_line(tmp_path: Path) -> None:
    async with running() as sandbox:
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=True)
        with socket.create_server(("127.0.0.1", int(bot.settings["PORT"]))):
            await bot.spawn()
            assert bot.process is not None
            assert await bot.process.wait() == 1
    assert "cannot be used" in bot.log.read_text()
    assert "Traceback" not in bot.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_bot_stops_within_ten_seconds(tmp_path: Path, number: signal.Signals) -> None:
    async with running() as sandbox:
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=False, LOG_FORMAT="json")
        await bot.start()
        began = time.monotonic()
        assert await bot.stop(number) == 0
        assert time.monotonic() - began < 10
    assert "Traceback" not in bot.log.read_text()
    assert all(line.startswith("{") for line in bot.log.read_text().splitlines())
    started = json.loads(bot.log.read_text().splitlines()[0])
    assert (started["message"], started["version"]) == ("Starting", version())


@pytest.mark.parametrize("required", ["on", "off"])
async def test_a_missing_scope_for_email_addresses_is_logged_where_they_are_required(
    tmp_path: Path, required: str
) -> None:
    lines = DEFAULT_PATH.read_text().splitlines()
    (tmp_path / "manifest.yml").write_text("\n".join(line for line in lines if "users:read.email" not in line))
    async with running(manifest=tmp_path / "manifest.yml") as sandbox:
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=True, REQUIRE_VERIFIED_EMAIL=required)
        await bot.start()
        assert await bot.stop() == 0
    logged = "Slack scope missing: no approval counts" in bot.log.read_text()
    assert logged is (required == "on")
