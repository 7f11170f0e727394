"""The payloads that Slack sends to an app. docs.slack.dev/reference/interaction-payloads and slash commands."""

import copy
import time
from typing import Any

from sandbox.slack import seed
from sandbox.slack.clock import new_id
from sandbox.slack.workspace import View

Payload = dict[str, Any]


def slash_command(user: Payload, channel: Payload, command: str, text: str) -> Payload:
    """Return the form fields. In a shared channel the team is the user's own."""
    own = user["team_id"] == seed.TEAM
    return {
        "token": seed.VERIFICATION_TOKEN, "team_id": user["team_id"],
        "team_domain": seed.TEAM_DOMAIN if own else seed.PARTNER_DOMAIN, "channel_id": channel["id"],
        "channel_name": channel_name(channel), "user_id": user["id"], "user_name": user["name"],
        "command": command, "text": text, "api_app_id": seed.APP, "is_enterprise_install": "false",
    }  # fmt: skip


def interaction(kind: str, user: Payload) -> Payload:
    """Return the fields that all interactive payloads share."""
    return {
        "type": kind, "token": seed.VERIFICATION_TOKEN, "api_app_id": seed.APP,
        "team": {"id": seed.TEAM, "domain": seed.TEAM_DOMAIN}, "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": user["team_id"]},
    }  # fmt: skip


def global_shortcut(user: Payload) -> Payload:
    """Return a global shortcut, which has fewer fields than the others."""
    others = interaction("shortcut", user)
    others["user"] = {"id": user["id"], "username": user["name"], "team_id": user["team_id"]}
    return {name: value for name, value in others.items() if name != "api_app_id"}


def in_message(channel: Payload, message: Payload, *, is_ephemeral: bool) -> Payload:
    """Return the position in a channel. The content of an ephemeral message is not sent."""
    container = {
        "type": "message", "message_ts": message["ts"], "channel_id": channel["id"], "is_ephemeral": is_ephemeral
    }  # fmt: skip
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    place = {"container": container, "channel": short_channel(channel)}
    return place if is_ephemeral else {**place, "message": copy.deepcopy(message)}


def in_view(view: View) -> Payload:
    return {"container": {"type": "view", "view_id": view.id}, "view": copy.deepcopy(view.payload)}


def action(block_id: str, element: Payload, value: Payload | None, ts: str) -> Payload:
    """Return one entry of ``actions``: a button's own value, or the chosen value of another element."""
    done = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"], "action_ts": ts}
    if element["type"] == "button":
        own: Payload = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        return {**done, **own}
    extra = {"placeholder": element["placeholder"]} if "placeholder" in element else {}
    return {**done, **extra, **(value or {})}


def event(inner: Payload, user: Payload) -> Payload:
    """Return an Events API envelope. docs.slack.dev/apis/events-api."""
    return {
        "token": seed.VERIFICATION_TOKEN, "team_id": seed.TEAM, "api_app_id": seed.APP, "event": inner,
        "type": "event_callback", "event_id": new_id("Ev"), "event_time": int(time.time()),
        "is_ext_shared_channel": user["team_id"] != seed.TEAM,
        "authorizations": [{"enterprise_id": None, "team_id": seed.TEAM, "user_id": seed.BOT_USER,
                            "is_bot": True, "is_enterprise_install": False}],
    }  # fmt: skip


def short_channel(channel: Payload) -> Payload:
    return {"id": channel["id"], "name": channel_name(channel)}


def channel_name(channel: Payload) -> str:
    """Return the channel's name; Slack names direct messages and private channels by their kind."""
    if channel["is_im"]:
        return "directmessage"
    return "privategroup" if channel["is_private"] else str(channel["name"])
