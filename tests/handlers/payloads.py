"""Payloads of Slack for each listener, and mocks of the parts that listeners act with."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from slack_bolt.request.async_request import AsyncBoltRequest

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.engine.workflows import Engine
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.freezing import Freezing
from deletion.lifecycle.holding import Holding
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.list_approval import ListApproval
from deletion.lifecycle.list_decisions import ListDecisions
from deletion.lifecycle.list_intake import ListIntake
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.stop_intake import StopIntake
from deletion.stores.preview_store import PreviewStore
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestQueries
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate
from handlers.listeners.home_publisher import HomePublisher
from slack_ui.parts import ids
from slack_ui.views.picker_modal import Picking

ACTING: dict[str, type] = {
    "gate": Gate, "requests": RequestStore, "intake": Intake, "decisions": Decisions, "freezing": Freezing,
    "engine": Engine, "lookup": RequestQueries, "rebuilding": Rebuilding, "catalogue": CampaignCache,
    "home_publisher": HomePublisher, "previews": PreviewStore, "reports": Reports,
    "holding": Holding, "stopping": StopIntake,
    "list_intake": ListIntake, "list_decisions": ListDecisions, "list_approval": ListApproval,
}  # fmt: skip
# The parts of one application.
OWN = (
    "gate", "intake", "catalogue", "decisions", "rebuilding", "holding", "stopping", "list_intake",
    "list_decisions", "list_approval",
)  # fmt: skip
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
    "ManyCommand.on_command": [command("many"), command("many spring sale")],
    "ManyCommand.on_submit": [form(ids.LIST_PICKER_VIEW, private_metadata=Picking(channel_id="C0").model_dump_json())],
    "ListConfirm.on_submit": [form(ids.LIST_CONFIRM_VIEW)],
    "ListButtons.on_approve": [click(ids.LIST_APPROVE_BUTTON)],
    "ListButtons.on_reject": [click(ids.LIST_REJECT_BUTTON)],
    "ListButtons.on_cancel": [click(ids.LIST_CANCEL_BUTTON)],
    "ListButtons.on_stop": [click(ids.LIST_STOP_BUTTON)],
    "ListButtons.on_continue": [click(ids.LIST_CONTINUE_BUTTON)],
    "ListButtons.on_withdraw_approval": [click(ids.LIST_WITHDRAW_APPROVAL_BUTTON)],
    "ListButtons.on_remind": [click(ids.LIST_REMIND_BUTTON)],
    "ListForms.on_approve": [form(ids.LIST_APPROVE_VIEW)],
    "ListForms.on_reject": [form(ids.LIST_REJECT_VIEW)],
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
    "StopCampaign.on_command": [command("stop cd-3aefda80-f98e-5f4f-ad41-92803abb0001")],
    "StopCampaign.on_button": [{**click(ids.ONLY_STOP_BUTTON), "view": {"id": "V0", "type": "modal"}}],
    "StopCampaign.on_submit": [form(ids.STOP_VIEW)],
    "UnknownInteraction.on_click": [
        click("campaign_delete.of_old"),
        click(ids.ONLY_STOP_BUTTON),  # outside its modal
        {**WHO, "type": "shortcut", "callback_id": "of_old"},
    ],
    "UnknownInteraction.on_form": [form("campaign_delete.of_old")],
}


def arriving(body: dict[str, Any], mode: str) -> AsyncBoltRequest:
    if mode == "socket_mode":
        return AsyncBoltRequest(body=body, mode=mode)
    if body.get("type") == "event_callback":
        return AsyncBoltRequest(body=json.dumps(body), headers={"content-type": ["application/json"]}, mode=mode)
    form_body = urlencode(body if "command" in body else {"payload": json.dumps(body)})
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/x-www-form-urlencoded"}
    return AsyncBoltRequest(body=form_body, headers=headers, mode=mode)
