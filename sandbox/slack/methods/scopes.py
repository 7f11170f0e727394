"""The scopes that each Web API method needs: the "Scopes" table of its docs.slack.dev/reference/methods page."""

from typing import Any

from sandbox.slack.errors import SlackError
from sandbox.slack.workspace import Workspace

_NEEDED = {
    "apps.connections.open": "connections:write",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "users.info": "users:read",
    "users.list": "users:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
}


def check(method: str, args: dict[str, Any], granted: frozenset[str] | None, workspace: Workspace) -> None:
    """Check the scopes. Raises SlackError ``missing_scope``; reading a channel needs the scope of its kind."""
    needed = needed_by(method, args, workspace)
    if needed and granted is not None and needed not in granted:
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(granted)))


def needed_by(method: str, args: dict[str, Any], workspace: Workspace) -> str | None:
    """Return the scope that a call needs, or None."""
    if method in ("conversations.info", "conversations.members"):
        return _scope_of(workspace.channels.get(str(args.get("channel")), {}))
    return _NEEDED.get(method)


def withhold(answer: dict[str, Any], granted: frozenset[str] | None) -> dict[str, Any]:
    """Remove the address from a profile without users:read.email (docs.slack.dev/reference/scopes/users.read.email)."""
    if "user" not in answer or granted is None or "users:read.email" in granted:
        return answer
    user = answer["user"]
    profile = {name: value for name, value in user["profile"].items() if name != "email"}
    return {**answer, "user": {**user, "profile": profile}}


def _scope_of(channel: dict[str, Any]) -> str:
    if channel.get("is_im"):
        return "im:read"
    return "groups:read" if channel.get("is_private") else "channels:read"
