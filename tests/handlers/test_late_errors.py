"""An error that comes after a form was shown replaces that form, and nothing that its user has moved on to."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from sqlalchemy.exc import OperationalError

from deletion.catalogue.listed_campaign import CachedList
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.extent import Extent
from deletion.domain.states import State
from deletion.lifecycle.decisions import Rechecked
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.lifecycle.stop_intake import StopPreview
from handlers.listeners import picker
from slack_ui import strings
from slack_ui.parts import ids
from tests.deletion.values import campaign, person, preview, request
from tests.handlers.payloads import PATIENCE_SECONDS, arriving, click, command
from tests.handlers.test_every_listener_authorizes import app_on, mocks, parts
from tests.slack_ui.surfaces import BUDGET, NONE_ALIKE

__all__ = ["mocks", "parts"]
ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
DATABASE_FAILED = OperationalError("UPDATE previews", {}, Exception("disk I/O error"))
FORMS = [
    (command(ID), ids.CONFIRM_VIEW),
    (command(f"stop {ID}"), ids.STOP_VIEW),
    ({**click(ids.ONLY_STOP_BUTTON), "view": {"id": "V0", "type": "modal"}}, ids.STOP_VIEW),
    (click(ids.APPROVE_BUTTON), ids.APPROVE_VIEW),
    (command(""), ids.PICKER_VIEW),
]


@dataclass
class Modal:
    """A modal at Slack, which has another hash after each change."""

    shown: list[str] = field(default_factory=list)  # callback ids
    texts: str = ""
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    is_left: bool = False

    async def answer(self, sent: web.Request) -> web.Response:
        args = await sent.json() if sent.content_type == "application/json" else dict(await sent.post())
        if sent.match_info["method"] == "chat.postMessage":
            self.is_over.set()
        elif args.get("hash") not in (None, self.hash):
            return web.json_response({"ok": False, "error": "hash_conflict"})
        else:
            self.texts = str(args["view"])
            view = args["view"] if isinstance(args["view"], dict) else json.loads(self.texts)
            self.shown.append(view["callback_id"])
        return web.json_response({"ok": True, "view": {"id": "V0", "hash": self.hash}})

    @property
    def hash(self) -> str:
        return f"{len(self.shown)}"

    def fail(self) -> NoReturn:
        """Fail, after Slack has shown what a submitted form or a clicked button brings if the user has left."""
        if self.is_left:
            self.shown.append("moved on")
        raise DATABASE_FAILED


@pytest.fixture
def modal() -> Modal:
    return Modal()


@pytest.fixture
async def app(parts: dict[str, Any], modal: Modal) -> AsyncIterator[AsyncApp]:
    async with app_on(parts, modal.answer) as app:
        yield app


@pytest.fixture
def failing_late(parts: dict[str, Any], modal: Modal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find what each form shows, and fail once it is shown: as its facts are recorded, or as the list is read again."""
    looks = iter([CachedList()] * 2)

    async def fail(*_: Any) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while modal.shown[-1:] in ([], [ids.LOADING_VIEW]):  # noqa: ASYNC110 - a list sets no event
                await asyncio.sleep(0.01)
        modal.fail()

    def look_or_fail() -> CachedList:
        return next(looks, None) or modal.fail()

    waiting, shown = request(state=State.AWAITING_APPROVAL), campaign()
    parts["gate"].admit.return_value = Permit(Action.ASK, person("U0GUS"))
    parts["intake"].look.return_value = CampaignPreview(shown, NONE_ALIKE, preview(), 1, BUDGET)
    parts["intake"].extent.return_value = Extent()
    parts["intake"].extent_to_show.side_effect = parts["intake"].similar_now.side_effect = fail
    parts["stopping"].look.return_value = StopPreview(shown, preview(), 1)
    parts["requests"].request.return_value = parts["decisions"].with_budget.return_value = waiting
    parts["decisions"].objection.return_value = None
    parts["decisions"].recheck_campaign.return_value = Rechecked(waiting, shown)
    parts["catalogue"].cached_list.side_effect = look_or_fail
    monkeypatch.setattr(picker, "FOLLOW_SECONDS", 0)


@pytest.mark.usefixtures("failing_late")
@pytest.mark.parametrize(("body", "form"), FORMS)
async def test_error_replaces_the_form_whose_facts_failed(
    app: AsyncApp, modal: Modal, body: dict[str, Any], form: str
) -> None:
    assert (await app.async_dispatch(arriving(body, "socket_mode"))).status == 200
    await asyncio.wait_for(modal.is_over.wait(), PATIENCE_SECONDS)
    assert modal.shown == [ids.LOADING_VIEW, form, ids.NOTICE_VIEW]
    assert strings.modals.NOT_LOADED[0] in modal.texts


@pytest.mark.usefixtures("failing_late")
@pytest.mark.parametrize(("body", "form"), FORMS)
async def test_error_does_not_replace_what_the_user_has_moved_on_to(
    app: AsyncApp, modal: Modal, body: dict[str, Any], form: str
) -> None:
    modal.is_left = True
    assert (await app.async_dispatch(arriving(body, "socket_mode"))).status == 200
    await asyncio.wait_for(modal.is_over.wait(), PATIENCE_SECONDS)
    assert modal.shown == [ids.LOADING_VIEW, form, "moved on"]
