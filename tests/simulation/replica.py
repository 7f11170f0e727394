"""A replica of the real bot, composed as app.py does, on the simulated network, database and engine."""

import asyncio
from typing import Any, cast

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from pydantic import SecretStr

from composition.bot import Bot, Outside, compose
from handlers.access import slack_client
from handlers.connection.health import Health
from handlers.connection.identity import identify
from handlers.ingress.http import SLACK_PATH, slack_handler
from kore_api.client import open_client
from sandbox.slack.seed import SIGNING_SECRET
from settings.applications import ApplicationSettings
from tests.simulation.database import Database
from tests.simulation.engine_store import EngineStore
from tests.simulation.local_http import LocalServer, body_of
from tests.simulation.network import HttpxTransport, Network, SlackSession
from tests.simulation.process import Process
from tests.simulation.queues import SimulatedQueues

STOP_WITHIN_SECONDS = 8


class NotListeningError(ConnectionError):
    """No process is ready for connections."""


class Replica:
    """Starts, stops and dies as a process does. ``applications`` count from the next start."""

    def __init__(
        self,
        name: str,
        applications: tuple[ApplicationSettings, ...],
        database: Database,
        engine: EngineStore,
        *,
        kore: Network,
        slack: Network,
    ) -> None:
        self.name = name
        self.applications = applications
        self.skew_seconds = 0.0
        self.clock_error_seconds = 0.0
        self.booted_at = 0.0
        self.process: Process | None = None
        self._dead: list[Process] = []
        self._database = database
        self._engine = engine
        self._kore = kore
        self._slack = slack
        self._bot: Bot | None = None
        self._server: LocalServer | None = None

    @property
    def is_ready(self) -> bool:
        return self._server is not None

    async def start(self) -> None:
        """Return when it is ready. Raises what the bot's start raises."""
        self.process = Process(self.name, self.skew_seconds, self.clock_error_seconds, self.booted_at)
        await self.process.run(self._start())

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        if self.process and self._bot:
            self._server = None
            await self.process.run(self._stop(self._bot))
            self.kill()

    def kill(self) -> None:
        """End it as SIGKILL does."""
        self._server = self._bot = None
        if self.process:
            self.process.kill()
            self._dead.append(self.process)
            self.process = None

    def bury(self) -> None:
        """Free what its processes left, once the simulation has ended."""
        for process in self._dead:
            process.bury()

    async def receive(self, headers: CIMultiDict[str], body: bytes) -> tuple[int, str, bytes]:
        """Handle one request of Slack. Raises NotListeningError; never returns if the process dies meanwhile."""
        if self._server is None or self.process is None:
            raise NotListeningError(self.name)
        answering = self.process.run(self._server.answer("POST", SLACK_PATH, headers, body))
        answer = await asyncio.shield(answering)
        return answer.status, answer.content_type, body_of(answer)

    async def _start(self) -> None:
        database = self._database.open(self.name)
        settings = self.applications[0].settings
        transport = HttpxTransport(self._kore)
        kore = {
            each.name: open_client(each.settings.kore_account(), each.settings.kore_auth(), transport=transport)
            for each in self.applications
        }
        session: Any = SlackSession(self._slack, slack_client.TIMEOUT_SECONDS)
        token = settings.SLACK_BOT_TOKEN.get_secret_value()
        slack = slack_client.client_on(
            cast("aiohttp.ClientSession", session), token, settings.SLACK_API_URL, practice=settings.PRACTICE
        )
        queues = SimulatedQueues(self._engine, self.name, self._database.before_operation)
        identity = await identify(slack, settings.policy(), Health())
        bot = await compose(self.applications, Outside(database, kore, slack, identity, queues))
        await bot.engine.launch(min(each.settings.KORE_CALLS_PER_MINUTE for each in self.applications))
        for catalogue in bot.catalogues:
            catalogue.start()
        secret = settings.SLACK_SIGNING_SECRET or SecretStr(SIGNING_SECRET)
        on_slack = slack_handler(bot.app, secret.get_secret_value())
        self._bot, self._server = bot, LocalServer([web.post(SLACK_PATH, on_slack)])

    async def _stop(self, bot: Bot) -> None:
        await bot.engine.stop(STOP_WITHIN_SECONDS)
        for catalogue in bot.catalogues:
            await catalogue.close()
