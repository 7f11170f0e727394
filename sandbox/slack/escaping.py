"""Escape the text of a command as Slack does when the manifest says ``should_escape``.

docs.slack.dev/interactivity/implementing-slash-commands#escaping: users, channels and links become the markup of
a message, and a domain a link to it. An unknown name stays as typed.
"""

import re

from sandbox.slack.workspace import Workspace

_LINK = re.compile(r"https?://\S+")
_DOMAIN = re.compile(r"(?<!\S)(?:[a-z0-9-]+\.)+(?:ai|com|io|net|org)(?!\S)", re.IGNORECASE)
_NAME = re.compile(r"(?<!\S)([@#])([\w.-]+)")


def escaped(text: str, workspace: Workspace) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = _DOMAIN.sub(r"<http://\g<0>|\g<0>>", _LINK.sub(r"<\g<0>>", plain))
    return _NAME.sub(lambda found: _reference(found, workspace), linked)


def _reference(found: re.Match[str], workspace: Workspace) -> str:
    kind, name = found.groups()
    if kind == "#":
        rows = [row for row in workspace.channels.values() if row.get("name") == name]
        return f"<#{rows[0]['id']}|{name}>" if rows else found[0]
    users = [user for user in workspace.users.values() if user["name"] == name]
    if users:
        return f"<@{users[0]['id']}|{name}>"
    groups = [group for group in workspace.user_groups.values() if group["handle"] == name]
    return f"<!subteam^{groups[0]['id']}|@{name}>" if groups else found[0]
