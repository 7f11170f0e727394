"""Replicas of the bot that are killed at random and restarted by a supervisor."""

import asyncio
import random
import re
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.stories.bot import START_WITHIN_SECONDS, BotProcess

KILLED = -9
ERROR_LINE = re.compile(r"^[\w.]+(Error|Exception|Exceeded|Conflict)\w*\b.*|.* (WARNING|ERROR) .*")
BREATH_SECONDS = 0.5  # the supervisor's delay after a failed start


@dataclass
class Replica:
    """One replica; after a kill another process replaces it, unless the replica is lost for good."""

    bot: BotProcess
    is_ready: bool = False
    is_lost: bool = False
    failed_starts: list[str] = field(default_factory=list)

    async def live(self) -> None:
        """Start, and restart after each end, until the replica is lost."""
        while not self.is_lost:
            try:
                await self.bot.start()
            except (AssertionError, TimeoutError):
                await self._explain()
                continue
            self.is_ready = True
            assert self.bot.process, "just started"
            await self.bot.process.wait()
            self.is_ready = False

    def kill(self) -> None:
        """Kill it with ``kill -9``."""
        process = self.bot.process
        if process and process.returncode is None:
            self.is_ready = False
            process.kill()

    async def _explain(self) -> None:
        """Report a process that ended without being killed."""
        process = self.bot.process
        if process is None or process.returncode == KILLED:
            return
        self.failed_starts.append(f"exit {process.returncode}: {self.bot.log.read_text()[-500:]}")
        self.kill()
        await asyncio.sleep(BREATH_SECONDS)


@dataclass
class Replicas:
    """All replicas, and the means to kill them."""

    all: list[Replica]

    @property
    def ready(self) -> list[Replica]:
        return [replica for replica in self.all if replica.is_ready]

    @property
    def living(self) -> list[Replica]:
        return [replica for replica in self.all if not replica.is_lost]

    async def until_ready(self, how_many: int = 1) -> None:
        while len(self.ready) < how_many:  # noqa: ASYNC110 - other processes cannot set an Event
            await asyncio.sleep(0.01)

    def kill_one(self, dice: random.Random, *, for_good: bool = False) -> None:
        victim = dice.choice(self.living)
        victim.is_lost = for_good
        victim.kill()

    async def suspend_one(self, dice: random.Random, seconds: float) -> None:
        """Suspend a replica for that long, as a hypervisor would, wherever it is."""
        process = dice.choice(self.living).bot.process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)

    def pause(self) -> None:
        """Suspend all replicas, so that nothing changes while the judge reads."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def logs(self) -> list[str]:
        return [line for replica in self.all for line in replica.bot.log.read_text().splitlines()]

    def _signal(self, number: signal.Signals) -> None:
        for replica in self.all:
            process = replica.bot.process
            if process and process.returncode is None:
                process.send_signal(number)


@asynccontextmanager
async def living(url: str, folder: Path, how_many: int, **settings: str) -> AsyncIterator[Replicas]:
    """Run replicas on one database, each with its own port and Slack connection, all ready at the start."""
    replicas = Replicas([])
    for number in range(how_many):
        own = folder / str(number)
        own.mkdir()
        replicas.all.append(Replica(BotProcess.against(url, own, by_http=False, **settings)))
    lives = [asyncio.create_task(replica.live()) for replica in replicas.all]
    try:
        async with asyncio.timeout(START_WITHIN_SECONDS):
            await replicas.until_ready(how_many)
        yield replicas
    finally:
        for replica in replicas.all:
            replica.is_lost = True
            replica.kill()
        await asyncio.gather(*lives)


def complaints(logs: list[str]) -> Counter[str]:
    """Return the errors of the bots' logs by kind, without times, numbers and ids."""
    found = (match[0] for line in logs if (match := ERROR_LINE.match(line)))
    return Counter(re.sub(r"[0-9a-f-]{8,}|\d+", "#", line)[:160] for line in found)
