"""Whether each visible message says what its row says, once everything was sent."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import messages as messages_table
from deletion.db.tables import requests as requests_table
from deletion.domain.models import Purpose, Request, State
from deletion.domain.records import Message, MessageKind
from deletion.stores.row_mapping import request_of
from sandbox.server import Sandbox
from slack_ui.parts import ids
from tests.simulation.explore.ledger import Ledger

DECIDING = {ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON, ids.STOP_BUTTON}
POSTED = (MessageKind.ORIGIN, MessageKind.CARD, MessageKind.ROOM)
UNDONE = (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED, State.FAILED)
# What the first line says, written down here again: the bot's own texts must not judge themselves.
HEADLINES = (
    ((State.DELETED,), "` was deleted."),
    ((State.REBUILT,), "` was rebuilt as a new campaign."),
    ((State.GONE,), "` is gone."),
    ((State.UNKNOWN,), "` may or may not have been deleted."),
    (UNDONE, "` was not deleted"),
)


async def check_messages(at: float, ledger: Ledger, database: AsyncEngine, sandbox: Sandbox) -> None:
    """Compare every message with its request, and look at those that no row knows."""
    requests = {row["id"]: request_of(row) for row in await read(database, sa.select(requests_table))}
    kept = [Message.model_validate(row) for row in await read(database, sa.select(messages_table))]
    posts = {
        (channel, message.ts): message.payload
        for channel, found in sandbox.slack.workspace.messages.items()
        for message in found
        if message.visible_to is None and message.payload.get("bot_id")
    }
    for message in kept:
        what = _wrong(message, requests[message.request_id], posts)
        if what:
            ledger.fail(at, f"{message.key} of {requests[message.request_id].state}: {what}")
    for request in requests.values():
        kinds = {message.kind for message in kept if message.request_id == request.id}
        if not kinds & {MessageKind.ORIGIN, MessageKind.CARD} or (
            not request.is_open and MessageKind.ROOM not in kinds
        ):
            ledger.fail(at, f"{request.campaign.campaign_id} ({request.state}): only {sorted(kinds)} to be sent")
    known = {(message.channel_id, message.ts) for message in kept}
    for place, payload in posts.items():
        if place not in known and buttons(payload) & DECIDING:
            ledger.fail(at, f"a copy with buttons in {place[0]}: {payload['text']!r}")


def _wrong(message: Message, request: Request, posts: dict[Any, dict[str, Any]]) -> str:
    if message.shown_version < request.version and not message.entry:
        return f"shows version {message.shown_version} of {request.version}"
    post = posts.get((message.channel_id, message.ts))
    if message.error or (post is None and message.kind not in POSTED):
        return ""
    if post is None:
        return "is missing"
    if message.entry:
        return ""
    if not request.is_open and buttons(post) & DECIDING:
        return "has buttons that decide nothing"
    headline = post["text"].split("\n")[0]
    wanted = next((text for states, text in HEADLINES if request.state in states), "")
    if request.purpose is Purpose.REBUILD:
        wanted = wanted.replace("deleted", "rebuilt")
    return "" if wanted in headline else f"says {post['text'][:150]!r}, and not {wanted!r}"


def buttons(post: dict[str, Any]) -> set[str]:
    return {e.get("action_id", "") for block in post.get("blocks", ()) for e in block.get("elements", ())}
