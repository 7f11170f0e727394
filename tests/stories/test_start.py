"""Start and stop: one line for each start-up failure, and a stop within ten seconds."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
from pytest_mock import MockerFixture

import app
from config import version
from sandbox.environment import for_bot
from sandbox.faults import Fault
from sandbox.server import running
from tests.postgres import free_port
from tests.silent_server import silent_server
from tests.stories.bot import ROOT, BotProcess
from tests.stories.person import PATIENCE_SECONDS, eventually

CANNOT = [
    ({"PORT": "none"}, "PORT: expected a whole number"),
    ({"SLACK_BOT_TOKEN": "xoxb-sandbox-of-somebody-else"}, "SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)"),
    ({"SLACK_APP_TOKEN": "xapp-sandbox-of-somebody-else"}, "SLACK_APP_TOKEN: Slack refuses it"),
    ({"OPS_ROOMS": "C0RANDOM"}, "OPS_ROOMS: #random (C0RANDOM) is no channel that the bot is in."),
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


async def test_bot_waits_for_slack_serves_health_meanwhile_and_stops_when_told(tmp_path: Path) -> None:
    """Slack is down at the start, then answers while its wss host hangs, as behind a firewall."""
    async with running(latency_ms=0) as sandbox, httpx.AsyncClient() as http:
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=False)

        async def readiness() -> str:
            with suppress(httpx.TransportError):
                return (await http.get(f"{bot.url}/readyz")).text
            return ""

        async def is_(reason: str) -> bool:
            return reason in await readiness()

        sandbox.faults.add(Fault("slack", "auth.test", "error", error="internal_error", times=None))
        sandbox.faults.add(Fault("slack", "wss", "delay", delay_ms=60_000, times=None))
        await bot.spawn()
        try:
            await eventually(partial(is_, "Slack is unavailable (internal_error)"), "the reason")
            assert (await http.get(f"{bot.url}/healthz")).status_code == httpx.codes.OK
            sandbox.faults.active.pop(0)
            await eventually(partial(is_, "Slack's socket is not connected (not connected yet)"), "the next reason")
            began = time.monotonic()
            assert await bot.stop() == 0
            assert time.monotonic() - began < 10
        finally:
            await bot.stop(signal.SIGKILL)
    assert "Traceback" not in bot.log.read_text()


# Nothing goes through them: the sandbox is on this machine.
DEAD_PROXIES = {"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "socks5://x"}
SIGNALLED_AT_IMPORT = """
import os, runpy, sys
class Signalled:
    def find_spec(self, name, path, target=None):
        if name == "composition":
            os.kill(os.getpid(), int(sys.argv.pop()))
            open("/proc/self/status").read()  # a moment in which Python runs the handler
            raise AssertionError("the signal was ignored")
sys.meta_path.insert(0, Signalled())
runpy.run_path("app.py", run_name="__main__")
"""
IN_OWN_PID_NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("inside", [(), IN_OWN_PID_NAMESPACE], ids=["process", "process-1"])
def test_signal_during_imports_ends_the_process(number: signal.Signals, inside: tuple[str, ...]) -> None:
    """The kernel drops a signal to process 1 that has no handler for it."""
    if inside and subprocess.run([*inside, "true"], check=False, capture_output=True).returncode:  # noqa: S603 - ours
        pytest.skip("NOT RUN: this user may not make a PID namespace")
    command = [*inside, sys.executable, "-c", SIGNALLED_AT_IMPORT, str(int(number))]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_user_without_home_and_name_gets_one_line_for_each_setting() -> None:
    """As in a container that runs under an arbitrary user id."""
    inside = ("unshare", "--user", "--map-user=54321", "--map-group=54321")
    if subprocess.run([*inside, "true"], check=False, capture_output=True).returncode:  # noqa: S603 - ours
        pytest.skip("NOT RUN: this user may not make a user namespace")
    command, bare = [*inside, sys.executable, "app.py"], {"PATH": os.environ["PATH"]}
    ended = subprocess.run(command, cwd=ROOT, env=bare, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    assert ended.returncode == 1
    assert ended.stderr.startswith("SLACK_BOT_TOKEN: is required\n")


def test_proxy_of_the_webhook_that_cannot_be_used_ends_the_start_before_the_database(tmp_path: Path) -> None:
    database = tmp_path / "bot.sqlite3"
    given = {"DATABASE_URL": f"sqlite:///{database}"}
    webhook = {"WEBHOOK_URL": "https://receiver.example/", "WEBHOOK_SECRET": "a-secret-of-the-operator"}
    environ = {"PATH": os.environ["PATH"], **for_bot(given, "http://127.0.0.1:1", bot_port=free_port(), by_http=False)}
    command, environ = [sys.executable, "app.py"], {**environ, **webhook, "HTTPS_PROXY": "socks5://proxy.example:1080"}
    ended = subprocess.run(  # noqa: S603 - ours
        command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert (ended.returncode, ended.stderr.splitlines()) == (
        1,
        ["HTTPS_PROXY: expected an http:// or https:// proxy, such as http://proxy.example:3128"],
    )
    assert not database.exists()


async def test_bot_stops_while_its_database_never_answers(tmp_path: Path) -> None:
    with silent_server() as port:
        url = f"postgresql://bot@127.0.0.1:{port}/bot?connect_timeout=120"
        bot = BotProcess.against("http://127.0.0.1:1", tmp_path, by_http=False, DATABASE_URL=url)
        await bot.spawn()
        try:
            async with httpx.AsyncClient() as http:

                async def is_waiting() -> bool:
                    with suppress(httpx.TransportError):
                        return (await http.get(f"{bot.url}/readyz")).text == "preparing the database\n"
                    return False

                await eventually(is_waiting, "the bot waits for the database")
            began = time.monotonic()
            assert await bot.stop() == 0
            assert time.monotonic() - began < 10
        finally:
            await bot.stop(signal.SIGKILL)
    assert "Traceback" not in bot.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_before_anything_else_ends_the_start(
    mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py"])
    mocker.patch("app.read_applications", side_effect=lambda _: signal.raise_signal(number))
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        assert app.main() == 0
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


async def test_process_ends_although_a_part_does_not_stop(
    mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "STOP_WITHIN_SECONDS", 0.0)
    has_exited = threading.Event()
    mocker.patch("app.os._exit", side_effect=lambda _: has_exited.set())

    async def stuck() -> bool:
        app._stop_on_signal()  # noqa: SLF001 - the whole start would need a part that hangs
        with suppress(asyncio.CancelledError):
            signal.raise_signal(signal.SIGTERM)
            await asyncio.Event().wait()
        return await asyncio.to_thread(has_exited.wait, PATIENCE_SECONDS)

    try:
        assert await asyncio.create_task(stuck())
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)


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
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=False, LOG_FORMAT="json", **DEAD_PROXIES)
        await bot.start()
        began = time.monotonic()
        assert await bot.stop(number) == 0
        assert time.monotonic() - began < 10
    assert "Traceback" not in bot.log.read_text()
    assert all(line.startswith("{") for line in bot.log.read_text().splitlines())
    started = json.loads(bot.log.read_text().splitlines()[0])
    assert (started["message"], started["version"]) == ("Starting", version())


async def test_start_says_what_is_served_and_what_is_probably_a_mistake(tmp_path: Path) -> None:
    async with running(latency_ms=0) as sandbox:
        mistakes = {"APPROVERS_REQUIRED": "2", "DELETABLE_STATUSES": "Redy", "APPROVERS": "U0DORA,S0APPROVE"}
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=False, LOG_FORMAT="json", **mistakes)
        bot.settings["KORE_CLIENT_SECRET"] = "of-another-app-with-32-bytes-and-more"
        await bot.start()
        await eventually(lambda: is_logged(bot, "Ready"), "the line of a ready bot")
        await bot.stop()
    lines = [json.loads(line) for line in bot.log.read_text().splitlines()]
    (ready,) = [line for line in lines if line["message"] == "Ready"]
    assert {name: ready[name] for name in ("bot", "workspace", "mode", "application", "requesters", "approvers")} == {
        "bot": "@campaign_delete",
        "workspace": "Sandbox (T0SANDBOX)",
        "mode": "Socket Mode",
        "application": f"{bot.settings['KORE_APP_ID']} at {sandbox.url}",
        "requesters": 2,
        "approvers": 3,
    }
    assert ready["kore"] == "Kore.ai rejects the credentials"
    warned = {line["check"]: line.get("cure") for line in lines if line["message"] == "Check warning"}
    assert warned["APPROVERS_REQUIRED"] == "Did you mean APPROVALS_REQUIRED?"
    assert warned["DELETABLE_STATUSES"] == "Did you mean Ready?"
    assert warned["APPROVERS"] == "Replace the id in APPROVERS."
    assert [line["check"] for line in lines if line["message"] == "Check failed"] == ["Kore.ai"]
    assert [line["check"] for line in lines if line["message"] == "Settings remark"] == ["ARCHIVE_KEY"]


async def is_logged(bot: BotProcess, message: str) -> bool:
    return f'"message": "{message}"' in bot.log.read_text()
