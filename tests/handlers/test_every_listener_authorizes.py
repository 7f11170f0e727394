"""No listener acts without a permit: each one gets a payload, and a gate that denies it."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Denial
from deletion.domain.models import State
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.engine.workflows import Engine
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.holding import Holding
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.rebuild import Rebuilding
from deletion.stores.preview_store import PreviewStore
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate, sender
from handlers.listeners.home_publisher import HomePublisher
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.views.picker_modal import Picking
from tests.deletion.values import preview, request

ACTING: dict[str, type] = {
    "gate": Gate, "requests": RequestStore, "intake": Intake, "decisions": Decisions, "freezing": Freezing,
    "engine": Engine, "lookup": RequestQueries, "rebuilding": Rebuilding, "catalogue": CampaignCache,
    "home_publisher": HomePublisher, "previews": PreviewStore, "reports": Reports,
    "holding": Holding,
}  # fmt: skip
PATIENCE_SECONDS = 60
NOWHERE = "http://127.0.0.1:1/"
WHO = {"team": {"id": "T0"}, "user": {"id": "U0GUS", "team_id": "T0"}, "trigger_id": "1.2"}


def command(text: str) -> dict[str, Any]:
    typed = {"command": ids.COMMAND, "text": text, "team_id": "T0", "user_id": "U0GUS", "channel_id": "C0"}
    return {**typed, "trigger_id": "1.2", "response_url": NOWHERE}


def click(action_id: str) -> dict[str, Any]:
    action = {"type": "button", "action_id": action_id, "block_id": ids.BUTTONS_BLOCK, "value": "r1"}
    return {**WHO, "type": "block_actions", "actions": [action], "channel": {"id": "C0"}}


def opened(tab: str = "home") -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T0",
        "event": {"type": "app_home_opened", "user": "U0GUS", "tab": tab},
    }


def click_at_home(action_id: str) -> dict[str, Any]:
    """From the Home there is no channel."""
    return {name: value for name, value in click(action_id).items() if name != "channel"}


def form(callback_id: str, **values: Any) -> dict[str, Any]:
    state: dict[str, Any] = {
        "reason": {ids.REASON_INPUT: {"value": ""}},
        "phrase": {ids.PHRASE_INPUT: {"value": ""}},
        "campaign": {ids.CAMPAIGN_SELECT: {"selected_option": {"value": "cd-1"}}},
    }
    view = {
        "type": "modal",
        "id": "V0",
        "callback_id": callback_id,
        "private_metadata": "r1",
        "state": {"values": state},
        **values,
    }
    return {**WHO, "type": "view_submission", "view": view}


# Payloads for each listener, by its name. A new listener needs its payload here.
PAYLOADS: dict[str, list[dict[str, Any]]] = {
    "HomeTab.on_opened": [opened()],
    "HomeTab.on_page": [
        click_at_home(name) for name in (ids.HOME_SHOW_BUTTON, ids.HOME_BACK_BUTTON, ids.HOME_ON_BUTTON)
    ],
    "HelpCommand.on_help": [command("help")],
    "WhoamiCommand.on_whoami": [command("whoami")],
    "HoldCommand.on_hold": [command("hold"), command("hold cd-3aefda80-f98e-5f4f-ad41-92803abb0001 Legal asked")],
    "HoldCommand.on_release": [command("release cd-3aefda80-f98e-5f4f-ad41-92803abb0001")],
    "ReportCommand.on_report": [command("report"), command("report 7d")],
    "StatusAndHistory.on_status": [command("status"), command("status cd-3aefda80-f98e-5f4f-ad41-92803abb0001")],
    "StatusAndHistory.on_history": [command("history"), command("history 7d")],
    "StatusAndHistory.on_page": [click(ids.OLDER_BUTTON), click(ids.NEWER_BUTTON)],
    "Picker.on_command": [command("")],
    "Picker.on_find": [
        {**WHO, "type": "shortcut", "callback_id": ids.FIND_SHORTCUT},
        click_at_home(ids.HOME_FIND_BUTTON),
    ],
    "Picker.on_keystroke": [
        {**WHO, "type": "block_suggestion", "action_id": ids.CAMPAIGN_SELECT, "block_id": "campaign", "value": "sale"}
    ],
    "Picker.on_submit": [form(ids.PICKER_VIEW, private_metadata=Picking(channel_id="C0").model_dump_json())],
    "FreezeCommand.on_freeze": [command("freeze The wrong list was loaded"), command("Freeze")],
    "FreezeCommand.on_unfreeze": [command("unfreeze"), command("unfreeze It is the right list")],
    "FreezeCommand.on_near_word": [command("freze"), command("stop it")],
    "FreezeCommand.on_button": [click(ids.FREEZE_BUTTON), click_at_home(ids.FREEZE_BUTTON)],
    "DidYouMean.on_command": [command("histry"), command("delete spring")],
    "Picker.on_search": [click(ids.SEARCH_BUTTON), click(ids.SEARCH_WORDS_BUTTON), click_at_home(ids.SEARCH_BUTTON)],
    "DeleteCommand.on_command": [command("cd-3aefda80-f98e-5f4f-ad41-92803abb0001"), command("no id")],
    "ConfirmModal.on_submit": [form(ids.CONFIRM_VIEW)],
    "ApprovalButtons.on_approve": [click(ids.APPROVE_BUTTON), click_at_home(ids.APPROVE_BUTTON)],
    "ApprovalButtons.on_reject": [click(ids.REJECT_BUTTON), click_at_home(ids.REJECT_BUTTON)],
    "ApprovalButtons.on_cancel": [click(ids.CANCEL_BUTTON), click_at_home(ids.CANCEL_BUTTON)],
    "ApprovalButtons.on_stop": [click(ids.STOP_BUTTON), click_at_home(ids.STOP_BUTTON)],
    "ApprovalButtons.on_withdraw_approval": [
        click(ids.WITHDRAW_APPROVAL_BUTTON),
        click_at_home(ids.WITHDRAW_APPROVAL_BUTTON),
    ],
    "ApprovalButtons.on_remind": [click(ids.REMIND_BUTTON), click_at_home(ids.REMIND_BUTTON)],
    "DecisionModals.on_approve": [form(ids.APPROVE_VIEW)],
    "DecisionModals.on_reject": [form(ids.REJECT_VIEW)],
    "Rebuild.on_click": [click(ids.REBUILD_BUTTON)],
    "Rebuild.on_submit": [form(ids.REBUILD_VIEW)],
    "UnknownInteraction.on_click": [
        click("campaign_delete.of_old"),
        {**WHO, "type": "shortcut", "callback_id": "of_old"},
    ],
    "UnknownInteraction.on_form": [form("campaign_delete.of_old")],
}


@pytest.fixture(scope="session")
def mocks(session_mocker: MockerFixture) -> dict[str, Any]:
    """Everything a listener could act with; made once, because making it takes a tenth of a second."""
    return {name: session_mocker.create_autospec(part, instance=True) for name, part in ACTING.items()}


@pytest.fixture
def parts(mocks: dict[str, Any]) -> dict[str, Any]:
    """The mocks as new, and a gate that denies every action."""
    parts = mocks
    for mock in parts.values():
        mock.reset_mock(return_value=True, side_effect=True)
    parts["gate"].admit.return_value = Denial.GUEST
    parts["gate"].was_admitted.return_value = False
    parts["intake"].preview.return_value = preview()
    parts["intake"].freeze.return_value = None
    parts["requests"].request.return_value = request(state=State.AWAITING_APPROVAL)
    return parts


@pytest.fixture
def app(parts: dict[str, Any]) -> AsyncApp:
    return app_with(parts, AsyncWebClient(token="xoxb-sandbox", base_url=NOWHERE, retry_handlers=[]))


def app_with(parts: dict[str, Any], client: AsyncWebClient) -> AsyncApp:
    """A Bolt app with all listeners over these parts."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-sandbox")

    app = AsyncApp(client=client, authorize=authorize, request_verification_enabled=False)
    policies = Policies([Policy(approvals_channel="C0APPROVALS")])
    own = {name: parts[name] for name in ("gate", "intake", "catalogue", "decisions", "rebuilding", "holding")}
    shared = {name: part for name, part in parts.items() if name == "gate" or name not in own}
    application = handlers.Application(policies.shared, **own)
    handlers.register(
        app,
        applications=[application],
        policies=policies,
        rebuilds=parts["rebuilding"],
        links=Links(NOWHERE),
        **shared,
    )
    return app


def listeners(app: AsyncApp) -> set[str]:
    return {listener.ack_function.__qualname__ for listener in app._async_listeners}  # noqa: SLF001 - Bolt has no other list


def arriving(body: dict[str, Any], mode: str) -> AsyncBoltRequest:
    if mode == "socket_mode":
        return AsyncBoltRequest(body=body, mode=mode)
    if body.get("type") == "event_callback":
        return AsyncBoltRequest(body=json.dumps(body), headers={"content-type": ["application/json"]}, mode=mode)
    form_body = urlencode(body if "command" in body else {"payload": json.dumps(body)})
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/x-www-form-urlencoded"}
    return AsyncBoltRequest(body=form_body, headers=headers, mode=mode)


def test_every_listener_has_a_payload(app: AsyncApp) -> None:
    assert listeners(app) == set(PAYLOADS)


@pytest.mark.parametrize("mode", ["http", "socket_mode"])
@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in PAYLOADS.items() for body in bodies])
async def test_listener_without_a_permit_does_nothing(
    app: AsyncApp, parts: dict[str, Any], name: str, body: dict[str, Any], mode: str
) -> None:
    answer = await app.async_dispatch(arriving(body, mode))

    assert answer.status == 200, name
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not parts["gate"].admit.await_count:  # noqa: ASYNC110 - a mock counts and sets no event
            await asyncio.sleep(0)  # an event is acked before its listener runs
    parts["gate"].admit.assert_awaited_once()
    assert sender(parts["gate"].admit.await_args.args[1]) == ("T0", "U0GUS")
    parts["intake"].record.assert_not_called()
    parts["intake"].look.assert_not_called()
    parts["catalogue"].cached_list.assert_not_called()
    parts["catalogue"].fresh_list.assert_not_called()
    parts["decisions"].record.assert_not_called()
    parts["decisions"].withdraw_approval.assert_not_called()
    parts["decisions"].remind.assert_not_called()
    parts["rebuilding"].look.assert_not_called()
    parts["decisions"].recheck_campaign.assert_not_called()
    parts["gate"].channel_kind.assert_not_called()
    parts["freezing"].freeze.assert_not_called()
    parts["freezing"].unfreeze.assert_not_called()
    parts["engine"].request_changed.assert_not_called()
    assert parts["lookup"].method_calls == []
    parts["engine"].freeze_changed.assert_not_called()
    parts["home_publisher"].open.assert_not_called()
