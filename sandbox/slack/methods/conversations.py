"""The conversations methods. docs.slack.dev/reference/methods/conversations.info and its siblings."""

from typing import Any, TypeVar

from sandbox.slack import seed
from sandbox.slack.errors import SlackError
from sandbox.slack.workspace import Workspace

Args = dict[str, Any]
T = TypeVar("T")


def info(workspace: Workspace, args: Args) -> dict[str, Any]:
    channel = workspace.channel(args.get("channel"))
    people = workspace.members[channel["id"]]
    seen: dict[str, Any] = {**channel, "is_member": seed.BOT_USER in people}
    if str(args.get("include_num_members", "")).lower() in ("1", "true"):
        seen["num_members"] = len(people)
    return {"ok": True, "channel": seen}


def members(workspace: Workspace, args: Args) -> dict[str, Any]:
    channel = workspace.channel(args.get("channel"))
    active = [user for user in workspace.members[channel["id"]] if not workspace.users[user]["deleted"]]
    page, cursor = one_page(active, args, default=100)
    return {"ok": True, "members": page, "response_metadata": {"next_cursor": cursor}}


def open_direct(workspace: Workspace, args: Args) -> dict[str, Any]:
    """Open a direct message with one user; the sandbox has no group direct messages."""
    if args.get("channel"):
        return {"ok": True, "channel": {"id": workspace.channel(args["channel"])["id"]}}
    people = [part for part in str(args.get("users") or "").split(",") if part]
    if len(people) != 1:
        raise SlackError("users_list_not_supplied" if not people else "invalid_user_combination")
    if workspace.user(people[0])["deleted"]:
        raise SlackError("user_disabled")
    return {"ok": True, "no_op": True, "already_open": True, "channel": {"id": seed.dm_of(people[0])}}


def one_page(rows: list[T], args: Args, default: int) -> tuple[list[T], str]:
    """Return one page and the next cursor, empty at the end. docs.slack.dev/apis/web-api/pagination."""
    cursor = str(args.get("cursor") or "0")
    limit = str(args.get("limit") or default)
    if not cursor.isdecimal() or int(cursor) > len(rows):
        raise SlackError("invalid_cursor")
    if not limit.isdecimal():
        raise SlackError("invalid_limit")
    start, size = int(cursor), int(limit)
    following = start + size
    return rows[start:following], str(following) if following < len(rows) else ""


METHODS = {"conversations.info": info, "conversations.members": members, "conversations.open": open_direct}
