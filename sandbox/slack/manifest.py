"""The app's configuration from manifest.yml: commands, shortcuts, scopes, events."""

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEFAULT_PATH = Path(__file__).parents[2] / "manifest.yml"
_COMMAND = {"command": "/campaign-delete", "description": "Delete an SMS campaign", "usage_hint": ""}


@dataclass(frozen=True)
class Manifest:
    """The configuration. Without a manifest, ``scopes`` and ``events`` are None and nothing is checked."""

    commands: tuple[dict[str, Any], ...] = (_COMMAND,)
    shortcuts: tuple[dict[str, Any], ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    has_home: bool = field(default=True)

    def granting(self, more_scopes: str) -> "Manifest":
        """Return the same with more scopes of the bot token: optional ones, with commas between them."""
        more = {scope.strip() for scope in more_scopes.split(",")} - {""}
        return replace(self, scopes=self.scopes | more) if more and self.scopes is not None else self


@cache
def read(path: Path = DEFAULT_PATH) -> Manifest:
    """Return the app manifest, or the fallback if there is no file. docs.slack.dev/reference/app-manifest."""
    if not path.exists():
        return Manifest()
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    features = document.get("features") or {}
    bot_scopes = ((document.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()
    subscriptions = (document.get("settings") or {}).get("event_subscriptions") or {}
    return Manifest(
        commands=tuple(_named(row, "command") for row in features.get("slash_commands") or ()),
        shortcuts=tuple(_named(row, "callback_id") for row in features.get("shortcuts") or ()),
        scopes=frozenset(bot_scopes),
        events=frozenset(subscriptions.get("bot_events") or ()),
        has_home=bool((features.get("app_home") or {}).get("home_tab_enabled")),
    )


def _named(row: dict[str, Any], key: str) -> dict[str, Any]:
    of_command = (key, "description", "usage_hint", "should_escape")
    names = (key, "name", "type") if key == "callback_id" else of_command
    return {name: row.get(name, "") for name in names}
