"""The views methods. docs.slack.dev/reference/methods/views.open and its siblings."""

from typing import Any

from sandbox.slack import seed
from sandbox.slack.blocks.block_normalizer import normalize_blocks, with_texts
from sandbox.slack.blocks.rules import check_view, elements
from sandbox.slack.blocks.schema import problem
from sandbox.slack.clock import new_id
from sandbox.slack.errors import SlackError
from sandbox.slack.workspace import View, Workspace

MOST_IN_STACK = 3
Args = dict[str, Any]


def open_view(workspace: Workspace, args: Args) -> dict[str, Any]:
    """Open a view in a new stack; from inside a modal, add it to the stack, as views.push does."""
    checked = check_view(args.get("view"), "modal")
    trigger = workspace.triggers.exchange(_trigger_id(args))
    if trigger.view_id is None:
        workspace.stacks[trigger.user].clear()
    return {"ok": True, "view": add(workspace, trigger.user, checked).payload}


def push(workspace: Workspace, args: Args) -> dict[str, Any]:
    checked = check_view(args.get("view"), "modal")
    trigger = workspace.triggers.exchange(_trigger_id(args))
    if not workspace.stacks[trigger.user]:
        raise SlackError("not_found")
    return {"ok": True, "view": add(workspace, trigger.user, checked).payload}


def update(workspace: Workspace, args: Args) -> dict[str, Any]:
    view = _find(workspace, args)
    checked = check_view(args.get("view"), view.payload["type"])
    _check_hash(view, args)
    replace(workspace, view, checked)
    return {"ok": True, "view": view.payload}


def publish(workspace: Workspace, args: Args) -> dict[str, Any]:
    user = workspace.user(args.get("user_id"))
    checked = check_view(args.get("view"), "home")
    home = workspace.homes.get(user["id"])
    if home is None:
        home = workspace.homes[user["id"]] = View(_payload(checked, new_id("V"), []), user["id"])
        workspace.changed()
    else:
        _check_hash(home, args)
        replace(workspace, home, checked)
    return {"ok": True, "view": home.payload}


def add(workspace: Workspace, user_id: str, checked: Args) -> View:
    """Put a modal on top of this user's stack. Raises SlackError ``push_limit_reached`` at the fourth."""
    stack = workspace.stacks[user_id]
    if len(stack) >= MOST_IN_STACK:
        raise SlackError("push_limit_reached")
    _check_external_id(workspace, checked, None)
    view = View(_payload(checked, new_id("V"), stack), user_id)
    stack.append(view)
    workspace.changed()
    return view


def replace(workspace: Workspace, view: View, checked: Args) -> None:
    """Replace the content of an open view; input stays where block_id and action_id stay."""
    _check_external_id(workspace, checked, view)
    entered = view.payload["state"]["values"]
    links = {name: view.payload[name] for name in ("root_view_id", "previous_view_id")}
    view.payload = {**_payload(checked, view.id, []), **links}
    ids = {(b["block_id"], e["action_id"]) for b in view.payload["blocks"] for _, e in elements(b)}
    kept = {
        block_id: {action_id: value for action_id, value in block.items() if (block_id, action_id) in ids}
        for block_id, block in entered.items()
    }
    view.payload["state"]["values"] = {block_id: block for block_id, block in kept.items() if block}
    view.errors = {}
    workspace.changed()


def _payload(checked: Args, view_id: str, below: list[View]) -> dict[str, Any]:
    """Return a view object. docs.slack.dev/reference/views."""
    texts = {name: with_texts(checked.get(name)) for name in ("title", "close", "submit")}
    return {
        "id": view_id, "team_id": seed.TEAM, "type": checked["type"], "blocks": normalize_blocks(checked["blocks"]),
        **{name: checked.get(name) or "" for name in ("private_metadata", "callback_id", "external_id")},
        "state": {"values": {}},
        "hash": f"{new_id()[:10]}.{new_id()[:8]}", **texts,
        "clear_on_close": bool(checked.get("clear_on_close")),
        "notify_on_close": bool(checked.get("notify_on_close")),
        "root_view_id": below[0].id if below else view_id,
        "previous_view_id": below[-1].id if below else None,
        "app_id": seed.APP, "app_installed_team_id": seed.TEAM, "bot_id": seed.BOT,
    }  # fmt: skip


def _trigger_id(args: Args) -> str:
    if not args.get("trigger_id"):
        raise SlackError("invalid_arguments", [problem("missing required field: trigger_id", "/trigger_id")])
    return str(args["trigger_id"])


def _find(workspace: Workspace, args: Args) -> View:
    view_id, external_id = args.get("view_id"), args.get("external_id")
    for view in workspace.views():
        if view.id == view_id or (external_id and view.payload["external_id"] == external_id):
            return view
    raise SlackError("not_found")


def _check_hash(view: View, args: Args) -> None:
    if args.get("hash") and args["hash"] != view.payload["hash"]:
        raise SlackError("hash_conflict")


def _check_external_id(workspace: Workspace, checked: Args, own: View | None) -> None:
    wanted = checked.get("external_id")
    if wanted and any(v.payload["external_id"] == wanted for v in workspace.views() if v is not own):
        raise SlackError("duplicate_external_id")


METHODS = {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}
