"""The real bot as its own process, started, stopped and killed as in production."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from sandbox.environment import for_bot
from tests.postgres import kept_port

ROOT = Path(__file__).parents[2]
START_WITHIN_SECONDS = 120
NO_BUDGET = {"DELETES_PER_HOUR": "1000", "DELETES_PER_PERSON_PER_HOUR": "1000"}  # tests delete a lot


@dataclass
class BotProcess:
    """``python app.py`` against a sandbox. ``settings`` are its whole environment except PATH."""

    settings: dict[str, str]
    log: Path
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    code: Path = ROOT  # of this version, unless another one runs

    @classmethod
    def against(cls, url: str, folder: Path, *, by_http: bool, **settings: str) -> Self:
        given = {"DATABASE_URL": f"sqlite:///{folder}/bot.sqlite3", "LOG_LEVEL": "INFO", **NO_BUDGET, **settings}
        return cls(for_bot(given, url, bot_port=kept_port(), by_http=by_http), folder / "bot.log")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings['PORT']}"

    async def start(self) -> None:
        """Return when ``/readyz`` answers 200; fail with the log's text if the bot ends before that."""
        await self.spawn()
        async with asyncio.timeout(START_WITHIN_SECONDS), httpx.AsyncClient() as http:
            while not await self._is_ready(http):
                assert self.process, "spawned above"
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.02)

    async def spawn(self) -> None:
        environment = {"PATH": os.environ["PATH"], **self.settings}
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "app.py", cwd=self.code, env=environment, stdout=log, stderr=log
            )

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        assert self.process, "never started"
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()

    def send(self, number: signal.Signals) -> None:
        assert self.process, "started"
        self.process.send_signal(number)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Let it do nothing for the duration of the block."""
        self.send(signal.SIGSTOP)
        try:
            yield
        finally:
            self.send(signal.SIGCONT)

    async def _is_ready(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.url}/readyz")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False
