"""Two long-lived bots: one by HTTP on PostgreSQL, one by Socket Mode on SQLite."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from deletion.db.tables import journal, requests
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.stores.request_store import RequestStore
from sandbox.slack.workspace import View
from slack_ui.parts import form_promise, ids
from tests import postgres
from tests.stories.conftest import World, open_world
from tests.stories.person import Person, eventually, shown

CARDS = "C0APPROVALS"
QUIET_SECONDS = 0.05
ASKING = "loading …"  # marks an incomplete summary
NAME = "Interactive Support SMS Campaign"
SETTINGS = {"APPROVALS_REQUIRED": "1", "UNDO_WINDOW": "0", "APPROVAL_TTL": "1h", "APPROVAL_REMINDER": "59m"}


@dataclass
class Cast:
    """A world with a waiting request, an ended one, and two open previews."""

    world: World
    engine: AsyncEngine
    standing_for: dict[str, str] = field(default_factory=dict)
    _looked_at: int = 0

    async def assemble(self) -> dict[str, str]:
        """Return the ids that payloads can name. A request that a payload ended is replaced by a new one."""
        for stack in self.world.sandbox.slack.workspace.stacks.values():
            stack.clear()
        await self.world.release_rate_limit()
        self.world.sandbox.kore.limit.reset()
        if not self.standing_for:
            alice, bob = self.world.person("U0ALICE"), self.world.person("U0BOB")
            self.standing_for = {
                "THE-ENDED-REQUEST": await self._ended(alice),
                "ALICES-PREVIEW": await self._preview(alice),
                "BOBS-PREVIEW": await self._preview(bob),
                "A-CAMPAIGN": await self.world.fresh_campaign(),
            }
        standing = self.standing_for.get("THE-OPEN-REQUEST")
        if standing is None or await self.state(standing) is not State.AWAITING_APPROVAL:
            self.standing_for["THE-OPEN-REQUEST"] = await self.ask(self.world.person("U0ALICE"))
        return self.standing_for

    async def ask(self, person: Person) -> str:
        """Return the id of a new request that awaits approval."""
        view = await self._summary(person)
        self.world.sandbox.slack.workspace.stacks[person.id] = [view]  # earlier payloads may have opened more
        assert not await person.submits(view.payload, NAME)
        return form_promise.ids_of(view.payload)

    async def state(self, request_id: str) -> State:
        request = await RequestStore(self.engine).request(request_id)
        assert request
        return request.state

    async def entries(self, request_id: str) -> list[Entry]:
        return await RequestStore(self.engine).entries(request_id)

    async def rows(self) -> tuple[int, int]:
        """Return the numbers of requests and of journal entries."""
        async with self.engine.connect() as connection:
            counts = [sa.select(sa.func.count()).select_from(table) for table in (requests, journal)]
            made, written = [int((await connection.execute(count)).scalar_one()) for count in counts]
        return made, written

    def look_from_here(self) -> None:
        self._looked_at = max(
            [self._looked_at, *(seen["n"] for seen in self.world.sandbox.traffic.after(self._looked_at))]
        )

    def calls_to_slack(self) -> list[dict[str, Any]]:
        since = self.world.sandbox.traffic.after(self._looked_at)
        return [exchange for exchange in since if exchange["direction"] == "to_slack"]

    async def settle(self) -> list[dict[str, Any]]:
        """Wait until no more calls to Slack follow, and return those since the last time."""
        await eventually(self.world.has_said_all, "an end of what was begun")
        traffic, seen = self.world.sandbox.traffic, -1
        while seen != (seen := len(traffic.after(self._looked_at))):  # noqa: ASYNC110 - another process cannot set an Event
            await asyncio.sleep(QUIET_SECONDS)
        since = self.calls_to_slack()
        self.look_from_here()
        return since

    async def _ended(self, person: Person) -> str:
        request_id = await self.ask(person)
        card = await person.reads("is waiting for approval to be deleted.", person.channel)
        button = {"block_id": ids.BUTTONS_BLOCK, "action_id": ids.CANCEL_BUTTON}
        await person.does("click", channel=person.channel, ts=card["ts"], **button)
        await eventually(lambda: self._is_cancelled(request_id), "the request withdrawn")
        return request_id

    async def _is_cancelled(self, request_id: str) -> bool:
        return await self.state(request_id) is State.CANCELLED

    async def _preview(self, person: Person) -> str:
        return form_promise.ids_of((await self._summary(person)).payload)

    async def _summary(self, person: Person) -> View:
        """Return the complete summary of a campaign from this user's stack of modals."""
        campaign_id, workspace = await self.world.fresh_campaign(), self.world.sandbox.slack.workspace
        await person.types(f"{ids.COMMAND} {campaign_id}")

        async def look() -> View | None:
            summaries = (
                view for view in workspace.stacks[person.id] if view.payload["callback_id"] == ids.CONFIRM_VIEW
            )
            whole = (view for view in summaries if ASKING not in shown(view.payload))
            return next((view for view in whole if campaign_id in shown(view.payload)), None)

        found: View = await eventually(look, f"the whole summary of {campaign_id}")
        return found


@pytest.fixture(scope="module", params=["http", "socket"])
async def cast(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cast]:
    by_http = request.param == "http"
    with ExitStack() as stack:
        settings = dict(SETTINGS)
        if by_http:
            server = request.getfixturevalue("postgres_server")
            settings["DATABASE_URL"] = stack.enter_context(postgres.database(server))
        folder = tmp_path_factory.mktemp("bot")
        async with open_world(folder, request.param, "v1" if by_http else "v2", **settings) as world:
            engine = open_engine(world.bot.settings["DATABASE_URL"])
            try:
                yield Cast(world, engine)
            finally:
                await engine.dispose()
