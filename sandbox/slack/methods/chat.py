"""The chat methods. docs.slack.dev/reference/methods/chat.postMessage and its siblings."""

from typing import Any

from sandbox.slack import seed
from sandbox.slack.blocks.block_normalizer import normalize_blocks
from sandbox.slack.blocks.rules import check_message
from sandbox.slack.errors import SlackError
from sandbox.slack.workspace import Message, Workspace

LONGEST_POST = 40_000
LONGEST_UPDATE = 4_000
Args = dict[str, Any]


def post_message(workspace: Workspace, args: Args) -> dict[str, Any]:
    channel = _where_bot_may_post(workspace, args.get("channel"))
    content = checked_content(args, LONGEST_POST)
    workspace.posting_rate.spend(channel["id"])
    message = post_as_bot(workspace, channel["id"], content)
    return {"ok": True, "channel": channel["id"], "ts": message.ts, "message": message.payload}


def update(workspace: Workspace, args: Args) -> dict[str, Any]:
    """Update a message; omitted fields stay, an empty list removes blocks. The answer's message has no ``ts``."""
    channel = _where_bot_may_post(workspace, args.get("channel"))
    message = workspace.message(channel["id"], args.get("ts"))
    if message.payload.get("bot_id") != seed.BOT:
        raise SlackError("cant_update_message")
    kept = {name: message.payload.get(name) for name in ("text", "blocks", "attachments")}
    content = checked_content({**kept, **args}, LONGEST_UPDATE)
    edit(workspace, message, content)
    shown = {name: value for name, value in message.payload.items() if name != "ts"}
    return {"ok": True, "channel": channel["id"], "ts": message.ts, "text": shown["text"], "message": shown}


def delete(workspace: Workspace, args: Args) -> dict[str, Any]:
    channel = _where_bot_may_post(workspace, args.get("channel"))
    message = workspace.message(channel["id"], args.get("ts"))
    if message.payload.get("bot_id") != seed.BOT:
        raise SlackError("cant_delete_message")
    workspace.remove(channel["id"], message)
    return {"ok": True, "channel": channel["id"], "ts": message.ts}


def post_ephemeral(workspace: Workspace, args: Args) -> dict[str, Any]:
    channel = _where_bot_may_post(workspace, args.get("channel"))
    content = checked_content(args, LONGEST_POST)
    user_id = str(args.get("user"))
    if user_id not in workspace.members[channel["id"]] or workspace.users[user_id]["deleted"]:
        raise SlackError("user_not_in_channel")
    message = post_as_bot(workspace, channel["id"], content, visible_to=user_id)
    return {"ok": True, "message_ts": message.ts}


def get_permalink(workspace: Workspace, args: Args) -> dict[str, Any]:
    channel = workspace.channel(args.get("channel"))
    message = workspace.message(channel["id"], args.get("message_ts"))
    link = f"https://{seed.TEAM_DOMAIN}.slack.com/archives/{channel['id']}/p{message.ts.replace('.', '')}"
    return {"ok": True, "channel": channel["id"], "permalink": link}


def checked_content(args: Args, longest: int) -> Args:
    """Return text, blocks and the rest of a message as Slack stores them.

    Raises SlackError ``no_text``, ``msg_too_long``, ``invalid_blocks_format`` or ``invalid_blocks``.
    """
    text, blocks, attachments = str(args.get("text") or ""), args.get("blocks"), args.get("attachments")
    if not isinstance(blocks or [], list) or not isinstance(attachments or [], list):
        raise SlackError("invalid_blocks_format")
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    check_message(blocks, attachments)
    content: Args = {"text": text, "blocks": normalize_blocks(blocks)}
    if attachments:
        content["attachments"] = [{**item, "id": n, "blocks": normalize_blocks(item.get("blocks"))}
                                  for n, item in enumerate(attachments, start=1)]  # fmt: skip
    return content | {name: args[name] for name in ("thread_ts", "metadata") if args.get(name)}


def post_as_bot(workspace: Workspace, channel_id: str, content: Args, visible_to: str | None = None) -> Message:
    """Return a message object of the bot. docs.slack.dev/reference/objects/message-object."""
    payload = {
        "type": "message", "user": seed.BOT_USER, "ts": workspace.clock.ts(), "bot_id": seed.BOT,
        "app_id": seed.APP, "team": seed.TEAM,
        "bot_profile": {"id": seed.BOT, "app_id": seed.APP, "user_id": seed.BOT_USER, "name": seed.BOT_NAME,
                        "icons": {}, "deleted": False, "updated": seed.CREATED, "team_id": seed.TEAM},
        **content,
    }  # fmt: skip
    return workspace.put(channel_id, payload, visible_to)


def edit(workspace: Workspace, message: Message, content: Args) -> None:
    """Replace the content of a bot message, and mark it as edited."""
    message.payload.pop("attachments", None)
    message.payload.update(content)
    message.payload["edited"] = {"user": seed.BOT_USER, "ts": workspace.clock.ts()}
    workspace.changed()


def _where_bot_may_post(workspace: Workspace, channel_id: Any) -> dict[str, Any]:
    channel = workspace.channel(channel_id)
    if channel["is_archived"]:
        raise SlackError("is_archived")
    if seed.BOT_USER not in workspace.members[channel["id"]]:
        raise SlackError("not_in_channel")
    return channel


METHODS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
