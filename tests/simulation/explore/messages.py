"""Whether each visible message says what its row says, once everything was sent."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import messages as messages_table
from deletion.db.tables import requests as requests_table
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.messages.message_sync import RequestView
from deletion.messages.message_sync import _unreached as unreached  # the message's own text names them
from deletion.stores.row_mapping import request_of
from sandbox.server import Sandbox
from slack_ui.messages import request_card, thread_line
from slack_ui.parts import ids
from tests.simulation.explore.ledger import Ledger

DECIDING = {ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON, ids.STOP_BUTTON}


async def check_messages(at: float, ledger: Ledger, database: AsyncEngine, sandbox: Sandbox, policy: Policy) -> None:
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
        siblings = [other for other in kept if other.request_id == message.request_id]
        view = RequestView(requests[message.request_id], unreached(siblings, message))
        what = _wrong(message, view, posts, policy)
        if what:
            ledger.fail(at, f"{message.key} of {requests[message.request_id].state}: {what}")
    known = {(message.channel_id, message.ts) for message in kept}
    for place, payload in posts.items():
        if place not in known and buttons(payload) & DECIDING:
            ledger.fail(at, f"a copy with buttons in {place[0]}: {payload['text']!r}")


def _wrong(message: Message, view: RequestView, posts: dict[Any, dict[str, Any]], policy: Policy) -> str:
    request = view.request
    if message.shown_version < request.version and message.kind is not MessageKind.STORY:
        return f"shows version {message.shown_version} of {request.version}"
    post = posts.get((message.channel_id, message.ts))
    if post is None:
        return "" if message.error else "is missing"
    if message.error:
        return ""
    if message.kind is MessageKind.STORY:
        wanted = thread_line.line(message.entry, request, policy) if message.entry else ""
    else:
        wanted = request_card.build(view, message, policy)[0]
        if not request.is_open and buttons(post) & DECIDING:
            return "has buttons that decide nothing"
    return "" if post["text"] == wanted else f"says {post['text']!r}, not {wanted!r}"


def buttons(post: dict[str, Any]) -> set[str]:
    return {e.get("action_id", "") for block in post.get("blocks", ()) for e in block.get("elements", ())}
