"""The manifest requests exactly what the code uses."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from handlers.connection.identity import OPTIONAL_SCOPES
from handlers.listeners.subcommand import SUBCOMMANDS
from slack_ui.parts import ids

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
CODE = [ROOT / "app.py", *(ROOT / "handlers").rglob("*.py"), *(ROOT / "slack_ui").rglob("*.py")]
# Each method the code may call, with its scopes: the "Scopes" table of docs.slack.dev/reference/methods/<method>.
SCOPES = {
    "apps_connections_open": set(),  # with the app-level token and its own scope, connections:write
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_info": {"channels:read", "groups:read"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read", "users:read.email"},  # the second for the address in the profile
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
# Called only if the scope was granted beside those of the manifest.
OPTIONAL = {"files_completeUploadExternal": "files:write", "files_getUploadURLExternal": "files:write"}
FORBIDDEN = ("history", "chat:write.public", ":join", "admin", "files:", "reactions:")


def methods_in_the_code() -> set[str]:
    calls = re.compile(r"client\.([A-Za-z_]+)\(")
    found = {method for path in CODE for method in calls.findall(path.read_text())}
    return {method for method in found if hasattr(AsyncWebClient, method)}


def test_code_calls_only_methods_with_known_scopes() -> None:
    assert methods_in_the_code() == set(SCOPES) | set(OPTIONAL)


def test_manifest_has_exactly_the_scopes_that_the_code_needs() -> None:
    needed = {"commands"}.union(*(SCOPES[method] for method in methods_in_the_code() - set(OPTIONAL)))
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed
    assert not [scope for scope in needed for word in FORBIDDEN if word in scope]


def test_optional_scopes_are_known_and_not_requested() -> None:
    assert set(OPTIONAL_SCOPES) == set(OPTIONAL.values())
    assert not set(OPTIONAL_SCOPES) & set(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_manifest_has_exactly_the_commands_and_events_with_listeners() -> None:
    assert [command["command"] for command in MANIFEST["features"]["slash_commands"]] == [ids.COMMAND]
    assert [shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]] == [ids.FIND_SHORTCUT]
    listened = [event for path in CODE for event in re.findall(r"app\.event\(\"(\w+)\"\)", path.read_text())]
    assert MANIFEST["settings"]["event_subscriptions"]["bot_events"] == listened
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True


def test_usage_hint_names_subcommands_that_exist() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    hints = command["usage_hint"].strip("[]").split(" | ")
    words = {hint.split()[0] for hint in hints if hint not in {"part of its name", "campaign id"}}
    assert words <= {*SUBCOMMANDS, "stop"}
    assert {"many", "stop", "status", "hold", "freeze", "help"} <= words


def test_interactivity_is_enabled() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


@pytest.mark.parametrize("name", [name for name in vars(ids) if name.isupper()])
def test_every_id_is_used(name: str) -> None:
    assert [path for path in CODE if f"ids.{name}" in path.read_text()]


def test_ids_are_unique() -> None:
    values = [value for name, value in vars(ids).items() if name.isupper()]
    assert len(values) == len(set(values))
