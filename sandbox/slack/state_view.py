"""One user's view of the workspace, for the page and for tests: see docs/sandbox.md."""

from collections import Counter
from typing import Any

from sandbox.slack import seed
from sandbox.slack.manifest import Manifest
from sandbox.slack.workspace import Message, View, Workspace

Payload = dict[str, Any]


def people(workspace: Workspace) -> list[Payload]:
    return [
        {
            "id": user["id"], "name": user["real_name"], "title": user["profile"]["title"],
            "is_guest": user["is_restricted"], "is_stranger": user["team_id"] != seed.TEAM,
            "deleted": user["deleted"],
        }
        for user in workspace.users.values() if not user["is_bot"]
    ]  # fmt: skip


def state(workspace: Workspace, manifest: Manifest, user: Payload) -> Payload:
    """Return the answer of ``GET /sandbox/state``."""
    user_id = user["id"]
    mine = [row for row in workspace.channels.values() if user_id in workspace.members[row["id"]]]
    home = workspace.homes.get(user_id)
    return {
        "version": workspace.version,
        "me": {"id": user_id, "name": user["real_name"], "groups": _groups(workspace, user_id)},
        "names": _names(workspace),
        "commands": list(manifest.commands),
        "shortcuts": list(manifest.shortcuts),
        "channels": [_channel(workspace, row) for row in mine],
        "messages": {row["id"]: _messages(workspace, row["id"], user_id) for row in mine},
        "views": [_view(view) for view in workspace.stacks[user_id]],
        "home": _view(home) if home else None,
    }


def _groups(workspace: Workspace, user_id: str) -> list[str]:
    return [group["id"] for group in workspace.user_groups.values() if user_id in group["users"]]


def _names(workspace: Workspace) -> dict[str, str]:
    return {
        **{user["id"]: user["real_name"] for user in workspace.users.values()},
        **{row["id"]: row["name"] for row in workspace.channels.values() if not row["is_im"]},
        **{group["id"]: group["handle"] for group in workspace.user_groups.values()},
        seed.SLACKBOT: "Slackbot",
    }


def _channel(workspace: Workspace, row: Payload) -> Payload:
    return {
        "id": row["id"], "name": seed.BOT_NAME if row["is_im"] else row["name"],
        "kind": "im" if row["is_im"] else "channel", "is_private": row["is_private"],
        "is_ext_shared": row.get("is_ext_shared", False),
        "bot_is_member": seed.BOT_USER in workspace.members[row["id"]], "unread": 0,
    }  # fmt: skip


def _messages(workspace: Workspace, channel_id: str, user_id: str) -> list[Payload]:
    seen = [m for m in workspace.messages[channel_id] if m.visible_to in (None, user_id)]
    replies = Counter(m.payload.get("thread_ts") for m in seen if m.payload.get("thread_ts") != m.ts)
    return [_message(workspace, message, replies[message.ts]) for message in seen]


def _message(workspace: Workspace, message: Message, reply_count: int) -> Payload:
    payload = message.payload
    return {
        "ts": message.ts, "user": payload["user"],
        "username": payload.get("username") or workspace.users[payload["user"]]["real_name"],
        "text": payload["text"], "blocks": payload.get("blocks") or [],
        "attachments": payload.get("attachments") or [], "thread_ts": payload.get("thread_ts"),
        "files": [
            {**file, "url": f"/sandbox/files/{file['id']}"} for file in payload.get("files") or []
        ],
        "edited": payload.get("edited"), "ephemeral": message.visible_to is not None,
        "reply_count": reply_count,
    }  # fmt: skip


def _view(view: View) -> Payload:
    shown = ("id", "hash", "type", "title", "blocks", "submit", "close", "callback_id")
    return {name: view.payload[name] for name in shown} | {"errors": view.errors}
