"""The world of a story in virtual time: the bot, the sandbox, and the API of tests/stories/conftest.World."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx
from multidict import CIMultiDict
from sqlalchemy.ext.asyncio import AsyncEngine

from sandbox.environment import for_bot
from sandbox.faults import Faults
from settings.applications import ApplicationSettings, read_applications
from tests.simulation.database import Database
from tests.simulation.engine_store import EngineStore, Status
from tests.simulation.local_http import body_of
from tests.simulation.log import Log
from tests.simulation.network import Network
from tests.simulation.replica import NotListeningError, Replica
from tests.simulation.sandbox import URL, LocalSandbox
from tests.stories import conftest as stories
from tests.stories.bot import NO_BUDGET, BotProcess
from tests.stories.person import Person

LATENCY_MS = 5


class SimulatedBot:
    """The bot of a story, with the methods of tests/stories/bot.BotProcess."""

    def __init__(self, settings: dict[str, str], replica: Replica) -> None:
        self.settings = settings
        self.url = URL
        self.log = Log()
        self._replica = replica

    async def start(self) -> None:
        self._replica.applications = read_applications(self.settings)
        await self._replica.start()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it as this signal does, and return its exit code."""
        if number is signal.SIGTERM:
            await self._replica.stop()
            return 0
        self._replica.kill()
        return -number

    def suspend_computer(self, seconds: float) -> None:
        """Let its whole computer sleep for that long."""
        now = asyncio.get_running_loop().time()
        assert self._replica.process, "it was started"
        self._replica.process.sleep(now + seconds, now)


@dataclass(kw_only=True)
class SimulatedPerson(Person):
    """Looks without an HTTP client, because a look takes a tenth of a story's time with one."""

    local: LocalSandbox

    async def sees(self) -> dict[str, Any]:
        answer = await self.local.server.answer("GET", f"/sandbox/state?as={self.id}", CIMultiDict(), b"")
        state: dict[str, Any] = json.loads(body_of(answer))
        return state


class SimulatedWorld(stories.World):
    """A world of stories without sockets, processes and real time. ``replica`` is its bot."""

    def __init__(
        self, api: httpx.AsyncClient, local: LocalSandbox, bot: SimulatedBot, database: Database, workflows: EngineStore
    ) -> None:
        super().__init__(api, cast("BotProcess", bot), local.parts)
        self.database = database
        self._bot = bot
        self._local = local
        self._workflows = workflows

    def person(self, user_id: str, channel: str = "C0CAMPAIGNS") -> Person:
        return SimulatedPerson(self.api, user_id, channel, local=self._local)

    def workflows_in_flight(self, name: str) -> list[str]:
        """Return the ids of the workflows of this name that have not ended."""
        waiting = (Status.DELAYED, Status.ENQUEUED, Status.PENDING)
        return [row.id for row in self._workflows.find(*waiting, names=(name,))]

    def suspend_computer(self, seconds: float) -> None:
        """Let the bot's whole computer sleep for that long."""
        self._bot.suspend_computer(seconds)

    def another_replica(self, applications: tuple[ApplicationSettings, ...]) -> Replica:
        """Return one more replica, which is not started. It shares database and queues, and gets no payloads."""
        network = Network(self._local.server)
        return Replica("two", applications, self.database, self._workflows, kore=network, slack=network)

    def open_engine(self) -> AsyncEngine:
        """Return the database as an engine that a story may read and change; dispose of it afterwards."""
        return self.database.open("story")


@asynccontextmanager
async def open_simulated_world(**given: str) -> AsyncIterator[SimulatedWorld]:
    """Run the bot in virtual time for the duration of the block. Needs a SimulatedLoop.

    ``SANDBOX_SCOPES`` is for the sandbox; everything else that is given is a setting of the bot.
    """
    database, engine = Database(), EngineStore()
    replicas: list[Replica] = []

    async def receive(headers: CIMultiDict[str], body: bytes) -> tuple[int, str, bytes]:
        ready = [replica for replica in replicas if replica.is_ready]
        if not ready:
            raise NotListeningError
        async with asyncio.timeout(local.parts.slack.delivery.ack_timeout_seconds):
            return await ready[0].receive(headers, body)

    local = LocalSandbox(receive, Faults(LATENCY_MS), scopes=given.pop("SANDBOX_SCOPES", ""))
    settings = for_bot({**NO_BUDGET, "DATABASE_URL": database.url, **given}, URL, bot_port=9, by_http=True)
    network = Network(local.server)
    replica = Replica("one", read_applications(settings), database, engine, kore=network, slack=network)
    replicas.append(replica)
    async with local.client() as api:
        bot = SimulatedBot(settings, replica)
        try:
            with bot.log.recording():
                await replica.start()
                yield SimulatedWorld(api, local, bot, database, engine)
                await replica.stop()
        finally:
            replica.kill()
            replica.bury()
            database.close()
