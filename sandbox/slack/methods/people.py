"""The users and usergroups methods. docs.slack.dev/reference/methods/users.info and its siblings."""

from typing import Any

from sandbox.slack import seed
from sandbox.slack.errors import SlackError
from sandbox.slack.methods.conversations import one_page
from sandbox.slack.workspace import Workspace

Args = dict[str, Any]


def user_info(workspace: Workspace, args: Args) -> dict[str, Any]:
    return {"ok": True, "user": _as_seen(workspace, workspace.user(args.get("user")))}


def user_list(workspace: Workspace, args: Args) -> dict[str, Any]:
    """Return the users of the bot's own workspace, including deactivated ones."""
    own = [user for user in workspace.users.values() if user["team_id"] == seed.TEAM]
    page, cursor = one_page(own, args, default=1000)
    members = [_as_seen(workspace, user) for user in page]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": cursor}}


def group_list(workspace: Workspace, args: Args) -> dict[str, Any]:
    hidden = set() if _is_true(args.get("include_users")) else {"users"}
    hidden |= set() if _is_true(args.get("include_count")) else {"user_count"}
    groups = [
        {name: value for name, value in group.items() if name not in hidden} for group in workspace.user_groups.values()
    ]
    return {"ok": True, "usergroups": groups}


def group_users(workspace: Workspace, args: Args) -> dict[str, Any]:
    group = workspace.user_groups.get(str(args.get("usergroup")))
    if group is None:
        raise SlackError("no_such_subteam")
    with_deactivated = _is_true(args.get("include_disabled"))
    people = [user for user in group["users"] if with_deactivated or not workspace.users[user]["deleted"]]
    return {"ok": True, "users": people}


def _as_seen(workspace: Workspace, user: dict[str, Any]) -> dict[str, Any]:
    """Return the user as Slack describes them: no role flags if deactivated, ``is_stranger`` if of another company."""
    if user["deleted"]:
        return {name: value for name, value in user.items() if not name.startswith("is_") or name == "is_bot"}
    if user["team_id"] != seed.TEAM:
        return {**user, "is_stranger": workspace.is_stranger(user)}
    return user


def _is_true(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


METHODS = {
    "users.info": user_info,
    "users.list": user_list,
    "usergroups.list": group_list,
    "usergroups.users.list": group_users,
}
