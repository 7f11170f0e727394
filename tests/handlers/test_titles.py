"""Whatever a window shows after its form or its loading view has the title of that window."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from sqlalchemy.exc import OperationalError

from handlers.replies import form_submission
from slack_ui import strings
from slack_ui.parts import ids
from tests.handlers.payloads import PAYLOADS, arriving, click, click_at_home
from tests.handlers.test_every_listener_authorizes import app_on, mocks, parts
from tests.handlers.test_modals_end import OPENED, Slack

__all__ = ["mocks", "parts"]
FORMS = [(name, body) for name, bodies in PAYLOADS.items() for body in bodies if body.get("type") == "view_submission"]
TITLE = "Approve stop"


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
async def app(parts: dict[str, Any], slack: Slack) -> AsyncIterator[AsyncApp]:
    async with app_on(parts, slack.answer) as app:
        yield app


def titled(body: dict[str, Any], **view: str) -> dict[str, Any]:
    """Return the payload of a window with this title."""
    return {**body, "view": {**body.get("view", {}), **view, "title": {"type": "plain_text", "text": TITLE}}}


def titles(views: list[dict[str, Any]]) -> set[str]:
    return {view["title"]["text"] for view in views}


@pytest.mark.parametrize(("name", "body"), OPENED)
async def test_denial_has_the_title_of_its_loading_view(
    app: AsyncApp, slack: Slack, name: str, body: dict[str, Any]
) -> None:
    await app.async_dispatch(arriving(body, "socket_mode"))
    async with asyncio.timeout(60):
        while len(slack.shown) < 2:  # noqa: ASYNC110 - a list sets no event; loading, then the denial
            await asyncio.sleep(0.01)
    assert len(titles(slack.shown)) == 1, name
    is_of_any_request = name.startswith("ApprovalButtons")
    assert is_of_any_request == (titles(slack.shown) <= {strings.modals.APPROVE_TITLE, strings.modals.REJECT_TITLE})


@pytest.mark.parametrize(("name", "body"), OPENED)
async def test_error_has_the_title_of_its_loading_view(
    app: AsyncApp, parts: dict[str, Any], slack: Slack, name: str, body: dict[str, Any]
) -> None:
    parts["gate"].admit.side_effect = OperationalError("SELECT 1", {}, Exception("disk I/O error"))
    await app.async_dispatch(arriving(body, "socket_mode"))
    assert await slack.shows(strings.modals.NOT_LOADED[0])
    assert len(titles(slack.shown)) == 1, name


@pytest.mark.parametrize(("name", "body"), FORMS)
async def test_answer_to_a_form_has_the_title_of_the_form(app: AsyncApp, name: str, body: dict[str, Any]) -> None:
    answer = await app.async_dispatch(arriving(titled(body), "socket_mode"))
    assert json.loads(answer.body)["view"]["title"]["text"] == TITLE, name


@pytest.mark.parametrize("unsure", [60.0, 0.0])
async def test_late_answer_to_a_form_has_the_title_of_the_form(
    app: AsyncApp, parts: dict[str, Any], slack: Slack, monkeypatch: pytest.MonkeyPatch, unsure: float
) -> None:
    is_late, admit = asyncio.Event(), parts["gate"].admit.return_value

    async def admits(*_: Any, **__: Any) -> Any:
        await is_late.wait()
        return admit

    parts["gate"].admit.side_effect = admits
    monkeypatch.setattr(form_submission, "JUDGED_WITHIN_SECONDS", 0)
    monkeypatch.setattr(form_submission, "SHOWN_WITHIN_SECONDS", 0)
    monkeypatch.setattr(form_submission, "UNSURE_AFTER_SECONDS", unsure)
    (body,) = PAYLOADS["DecisionModals.on_approve"]

    acked = json.loads((await app.async_dispatch(arriving(titled(body), "socket_mode"))).body)

    is_late.set()
    async with asyncio.timeout(60):
        while len(slack.shown) < (1 if unsure else 2):  # noqa: ASYNC110 - a list sets no event
            await asyncio.sleep(0.01)
    assert titles([acked["view"], *slack.shown]) == {TITLE}


@pytest.mark.parametrize("button", [ids.CANCEL_BUTTON, ids.STOP_BUTTON, ids.WITHDRAW_APPROVAL_BUTTON])
async def test_reply_to_a_button_of_the_home_is_not_titled_as_a_deletion(
    app: AsyncApp, slack: Slack, button: str
) -> None:
    await app.async_dispatch(arriving(click_at_home(button), "socket_mode"))
    async with asyncio.timeout(60):
        while not slack.shown:  # noqa: ASYNC110 - a list sets no event
            await asyncio.sleep(0.01)
    assert titles(slack.shown) == {strings.modals.NOTICE_TITLE}


async def test_reply_to_a_button_of_a_window_keeps_its_title(app: AsyncApp, slack: Slack) -> None:
    in_window = {name: value for name, value in click(ids.CANCEL_BUTTON).items() if name != "channel"}
    await app.async_dispatch(arriving(titled(in_window, id="V0", type="modal"), "socket_mode"))
    async with asyncio.timeout(60):
        while not slack.shown:  # noqa: ASYNC110 - a list sets no event
            await asyncio.sleep(0.01)
    assert titles(slack.shown) == {TITLE}
