"""``python -m sandbox`` prints one line when it is ready, and exits cleanly."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import httpx
import pytest

from sandbox import environment
from tests.sandbox.driver import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
BOT = """
import json, os, pathlib
from aiohttp import web
pathlib.Path("seen.json").write_text(json.dumps(dict(os.environ)))
async def ready(_): return web.Response()
application = web.Application()
application.add_routes([web.get("/readyz", ready)])
web.run_app(application, host=os.environ["HOST"], port=int(os.environ["PORT"]), print=None)
pathlib.Path("ended.txt").write_text("cleanly")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def start(folder: Path, *options: str, **more: str) -> Process:
    """Start it in its own process group, as in a terminal."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "SANDBOX_PORT": str(free_port()), **more}
    command = (sys.executable, "-m", "sandbox", *options)
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=variables, stdout=PIPE, stderr=PIPE, process_group=0
    )


async def line_of(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)).decode().strip()


async def end_of(process: Process) -> tuple[int | None, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_sandbox_alone_prints_its_address_and_exits_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    process = await start(tmp_path, "--alone", SANDBOX_SCOPES="files:write")
    line = await line_of(process)
    assert line.startswith("Open http://127.0.0.1:")
    async with httpx.AsyncClient(base_url=line.split()[1], timeout=PATIENCE_SECONDS) as client:
        assert (await client.get("/sandbox/people")).status_code == httpx.codes.OK
        assert "files:write" in (await client.post("/api/auth.test")).headers["X-OAuth-Scopes"]
    process.send_signal(number)
    assert await end_of(process) == (0, "", "")


async def test_bot_is_started_and_stopped_with_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BOT, encoding="utf-8")
    process = await start(tmp_path, BOT_PORT=str(free_port()), SLACK_BOT_TOKEN="theirs", LOG_LEVEL="DEBUG")
    assert (await line_of(process)).endswith("(Ctrl-C ends the sandbox and the bot)")
    seen = (tmp_path / "seen.json").read_text(encoding="utf-8")
    assert '"SLACK_APP_TOKEN": "xapp-sandbox"' in seen
    assert '"SLACK_BOT_TOKEN": "xoxb-sandbox"' in seen
    assert '"LOG_LEVEL": "DEBUG"' in seen
    process.send_signal(signal.SIGINT)
    assert await end_of(process) == (0, "", "")
    assert (tmp_path / "ended.txt").read_text(encoding="utf-8") == "cleanly"


async def test_bot_that_fails_at_start_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit(3)", encoding="utf-8")
    status, out, err = await end_of(await start(tmp_path))
    assert (status, out, err) == (1, "", "The bot ended before it was ready (exit status 3).\n")


async def test_folder_without_a_bot_is_reported_in_one_line(tmp_path: Path) -> None:
    status, _, err = await end_of(await start(tmp_path))
    assert (status, err.count("\n")) == (1, 1)
    assert "app.py" in err


async def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, _, err = await end_of(await start(tmp_path, "--alone", SANDBOX_PORT=str(port)))
    assert status == 1
    assert err.startswith(f"The sandbox cannot listen on port {port}: ")
    assert err.count("\n") == 1


def test_bot_in_http_mode_gets_no_app_token() -> None:
    settings = environment.for_bot({"SLACK_APP_TOKEN": "xapp-real"}, "http://127.0.0.1:1", bot_port=3000, by_http=True)
    assert "SLACK_APP_TOKEN" not in settings
    assert settings["SLACK_API_URL"] == "http://127.0.0.1:1/api/"


def test_only_the_sandboxs_own_database_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine = environment.for_bot({}, "http://127.0.0.1:1", bot_port=3000, by_http=True)
    theirs = {**mine, "DATABASE_URL": "sqlite:///kept.sqlite3"}
    environment.reset_database(mine)
    for name in (environment.DATABASE, Path(f"{environment.DATABASE}-wal")):
        name.write_text("yesterday", encoding="utf-8")
    environment.reset_database(theirs)
    assert environment.DATABASE.exists()
    environment.reset_database(mine)
    assert list(environment.DATABASE.parent.iterdir()) == []
