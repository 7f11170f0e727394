"""The files methods, between which sandbox/slack/uploads.py receives the bytes.

docs.slack.dev/messaging/working-with-files
"""

from typing import Any

from sandbox.slack import seed
from sandbox.slack.clock import new_id
from sandbox.slack.errors import SlackError
from sandbox.slack.methods.chat import post_as_bot
from sandbox.slack.workspace import File, Workspace

LARGEST = 8 * 1024 * 1024  # Slack takes 1 GB; an administrator may allow less
Args = dict[str, Any]


def get_upload_url(workspace: Workspace, args: Args) -> dict[str, Any]:
    name, length = str(args.get("filename") or ""), str(args.get("length") or "0")
    if not name or not length.isdecimal():
        raise SlackError("invalid_arguments")
    if not int(length):
        raise SlackError("missing_argument")
    if int(length) > LARGEST:
        raise SlackError("file_upload_size_restricted")
    file = File(new_id("F"), new_id().lower() + new_id().lower(), name, int(length))
    workspace.files[file.id] = file
    return {"ok": True, "upload_url": f"{workspace.base_url}/upload/v1/{file.ticket}", "file_id": file.id}


def complete_upload(workspace: Workspace, args: Args) -> dict[str, Any]:
    """Share uploaded files in a channel. Slack does so later, so the answer has no ``ts``."""
    wanted = args.get("files")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise SlackError("invalid_arguments")
    files = [_uploaded(workspace, each.get("id")) for each in wanted]
    channel_id = _where_bot_may_share(workspace, args["channel_id"]) if args.get("channel_id") else ""
    titled = [
        {"id": file.id, "title": str(each.get("title") or file.name)} for file, each in zip(files, wanted, strict=True)
    ]
    for file in files:
        file.is_complete = True
    if channel_id:
        shown = [{**told, "name": file.name, "size": file.size} for file, told in zip(files, titled, strict=True)]
        thread = {"thread_ts": args["thread_ts"]} if args.get("thread_ts") else {}
        text = str(args.get("initial_comment") or "")
        post_as_bot(workspace, channel_id, {"text": text, "blocks": [], "files": shown, "upload": True, **thread})
    return {"ok": True, "files": titled}


def _uploaded(workspace: Workspace, file_id: Any) -> File:
    """Return a file whose bytes have arrived; it can be completed once."""
    file = workspace.files.get(str(file_id))
    if file is None or file.content is None or file.is_complete:
        raise SlackError("file_not_found")
    return file


def _where_bot_may_share(workspace: Workspace, channel_id: Any) -> str:
    channel = workspace.channel(channel_id)
    if seed.BOT_USER not in workspace.members[channel["id"]]:
        raise SlackError("not_in_channel")
    if channel["is_archived"]:
        raise SlackError("posting_to_channel_denied")
    return str(channel["id"])


METHODS = {"files.getUploadURLExternal": get_upload_url, "files.completeUploadExternal": complete_upload}
