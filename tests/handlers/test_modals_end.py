"""Each modal that the bot opens ends in a result or in an error, also when the database fails or hangs."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from sqlalchemy.exc import OperationalError

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from handlers.replies import loading_modal
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import notice
from slack_ui.views.picker_modal import Picking
from tests.deletion.values import person
from tests.handlers.payloads import PATIENCE_SECONDS, PAYLOADS, arriving, form
from tests.handlers.slack_mock import client_with
from tests.handlers.test_every_listener_authorizes import app_on, mocks, parts

__all__ = ["mocks", "parts"]
OPENING = (
    "Picker.on_command",
    "Picker.on_find",
    "DeleteCommand.on_command",
    "ApprovalButtons.on_approve",
    "ApprovalButtons.on_reject",
    "Rebuild.on_click",
    "ManyCommand.on_command",
    "ListButtons.on_approve",
    "ListButtons.on_reject",
    "StopCampaign.on_command",
)
OPENED = [(name, body) for name in OPENING for body in PAYLOADS[name]]
DATABASE_FAILED = OperationalError("SELECT 1", {}, Exception("disk I/O error"))


@dataclass
class Slack:
    """Opens and updates views, and keeps what it was asked to show and to post, in order."""

    shown: list[dict[str, Any]] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        args = await request.json() if request.content_type == "application/json" else dict(await request.post())
        if request.match_info["method"] in ("views.open", "views.update"):
            self.shown.append(args["view"] if isinstance(args["view"], dict) else json.loads(str(args["view"])))
        if request.match_info["method"] == "chat.postMessage":
            self.posted.append(args)
        return web.json_response({"ok": True, "view": {"id": "V0", "hash": "h"}})

    async def shows(self, text: str) -> bool:
        """Whether the newest view contains this, once the bot has done its last: it has posted the error, too."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.posted or self.shown[-1]["callback_id"] == ids.LOADING_VIEW:  # noqa: ASYNC110 - a list sets no event
                await asyncio.sleep(0.01)
        return text in str(self.shown[-1])


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading_modal, "FOUND_WITHIN_SECONDS", 0.05)


@pytest.fixture
async def app(parts: dict[str, Any], slack: Slack) -> AsyncIterator[AsyncApp]:
    async with app_on(parts, slack.answer) as app:
        yield app


@pytest.mark.parametrize(("name", "body"), OPENED)
async def test_modal_shows_that_the_database_failed(
    app: AsyncApp, parts: dict[str, Any], slack: Slack, name: str, body: dict[str, Any]
) -> None:
    parts["gate"].admit.side_effect = DATABASE_FAILED
    assert (await app.async_dispatch(arriving(body, "socket_mode"))).status == 200, name
    assert await slack.shows(strings.modals.NOT_LOADED[0])


@pytest.mark.parametrize(("name", "body"), OPENED)
@pytest.mark.usefixtures("impatient")
async def test_modal_shows_that_the_database_hangs(
    app: AsyncApp, parts: dict[str, Any], slack: Slack, name: str, body: dict[str, Any]
) -> None:
    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    parts["gate"].admit.side_effect = hang
    assert (await app.async_dispatch(arriving(body, "socket_mode"))).status == 200, name
    assert await slack.shows(strings.modals.NOT_LOADED[0])


async def test_modal_after_the_picker_shows_that_the_database_failed(
    app: AsyncApp, parts: dict[str, Any], slack: Slack
) -> None:
    parts["gate"].admit.return_value = Permit(Action.ASK, person("U0ALICE"))
    parts["intake"].look.side_effect = DATABASE_FAILED
    campaign = {
        "campaign": {ids.CAMPAIGN_SELECT: {"selected_option": {"value": "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"}}}
    }
    chosen = form(
        ids.PICKER_VIEW, private_metadata=Picking(channel_id="C0").model_dump_json(), state={"values": campaign}
    )

    assert (await app.async_dispatch(arriving(chosen, "socket_mode"))).status == 200

    assert await slack.shows(strings.modals.NOT_LOADED[0])


async def test_wait_for_kore_keeps_the_title_of_the_window() -> None:
    client, stopping = client_with("views_update"), notice.loading(title=strings.stop.TITLE)
    client.views_update.return_value = {"view": {"hash": "1.2"}}

    assert await loading_modal.rate_limit_notifier(client, "V0VIEW", stopping)(now())

    assert client.views_update.await_args.kwargs["view"].title.text == strings.stop.TITLE
