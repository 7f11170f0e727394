"""Whether each visible message says what its row says, once everything was sent."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.list_tables import request_lists
from deletion.db.tables import messages as messages_table
from deletion.db.tables import requests as requests_table
from deletion.domain.models import Purpose, Request
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.stores.row_mapping import request_of
from sandbox.server import Sandbox
from slack_ui.parts import ids
from tests.simulation.explore.ledger import Ledger
from tests.simulation.explore.pauses import wrong_pauses

DECIDING = {ids.APPROVE_BUTTON, ids.REJECT_BUTTON, ids.CANCEL_BUTTON, ids.STOP_BUTTON}
OF_LISTS = {ids.LIST_APPROVE_BUTTON, ids.LIST_REJECT_BUTTON, ids.LIST_CANCEL_BUTTON, ids.LIST_STOP_BUTTON}
POSTED = (MessageKind.ORIGIN, MessageKind.CARD, MessageKind.ROOM)
NOT_OF_END = ("alert", "settled", "pause")  # direct messages that do not wait for the end of a list
UNDONE = (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED, State.FAILED)
# What the first line says, written down here again: the bot's own texts must not judge themselves.
HEADLINES = (
    ((State.DELETED,), "` was deleted."),
    ((State.REBUILT,), "` was rebuilt as a new campaign."),
    ((State.GONE,), "` is gone."),
    ((State.UNKNOWN,), "` may or may not have been deleted."),
    (UNDONE, "` was not deleted"),
)
OF_A_STOP = (
    ((State.CAMPAIGN_STOPPED,), "` was stopped."),
    ((State.GONE,), "` is gone."),
    ((State.UNKNOWN,), "` may or may not have been stopped."),
    (UNDONE, "` was not stopped"),
)
BEFORE_THE_STOP = (
    ((State.GONE,), "` is gone."),
    ((State.UNKNOWN,), "` may or may not have been stopped. It was not deleted."),
    (UNDONE, "` was neither stopped nor deleted"),
)
AFTER_THE_STOP = (
    ((State.DELETED,), "` was stopped and deleted."),
    ((State.GONE,), "` is gone."),
    ((State.UNKNOWN,), "` was stopped. It may or may not have been deleted."),
    ((*UNDONE, State.CAMPAIGN_STOPPED), "` was stopped, but not deleted"),
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
    lists, files = (
        _lists(requests.values()),
        {file.id for file in sandbox.slack.workspace.files.values() if file.is_complete},
    )
    paused_on = {row["id"]: row["paused_on"] for row in await read(database, sa.select(request_lists))}
    for what in wrong_pauses(lists, paused_on, kept, posts):
        ledger.fail(at, what)
    for message in kept:
        request = requests[message.request_id]
        of_list = lists.get(request.id, [])
        if message.key.startswith("file-"):
            what = _wrong_file(message, of_list, files)
        else:
            what = _wrong_of_list(message, of_list, posts) if of_list else _wrong(message, request, posts)
        if what:
            ledger.fail(at, f"{message.key} of {requests[message.request_id].state}: {what}")
    for request in (each for each in requests.values() if not each.list_id):
        kinds = {message.kind for message in kept if message.request_id == request.id}
        if not kinds & {MessageKind.ORIGIN, MessageKind.CARD} or (
            not request.is_open and MessageKind.ROOM not in kinds
        ):
            ledger.fail(at, f"{request.campaign.campaign_id} ({request.state}): only {sorted(kinds)} to be sent")
    known = {(message.channel_id, message.ts) for message in kept}
    for place, payload in posts.items():
        if place not in known and buttons(payload) & (DECIDING | OF_LISTS):
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
    wanted = next((text for states, text in _headlines(request) if request.state in states), "")
    if request.state is State.UNKNOWN and request.reappeared_at:
        wanted = "` is there again, although it was gone."
    if request.purpose is Purpose.REBUILD:
        wanted = wanted.replace("deleted", "rebuilt")
    return "" if wanted in headline else f"says {post['text'][:150]!r}, and not {wanted!r}"


def _lists(requests: Iterable[Request]) -> dict[str, list[Request]]:
    found: dict[str, list[Request]] = {}
    for request in requests:
        if request.list_id:
            found.setdefault(request.list_id, []).append(request)
    return found


def _wrong_of_list(message: Message, requests: list[Request], posts: dict[Any, dict[str, Any]]) -> str:
    """Return what is wrong with a message of a list: it shows the states of all its requests, in its table."""
    is_open, version = any(each.is_open for each in requests), sum(each.version for each in requests)
    is_of_end = message.kind in (MessageKind.ROOM, MessageKind.DIRECT) and message.key.split("-")[0] not in NOT_OF_END
    if is_open and is_of_end:
        return "tells the end of an open list" if message.ts else ""
    if message.shown_version < version and not message.entry:
        return f"shows version {message.shown_version} of {version}"
    post = posts.get((message.channel_id, message.ts))
    if message.error or post is None or message.entry:
        return "is missing" if post is None and not message.error and message.kind in POSTED else ""
    if not is_open and buttons(post) & OF_LISTS:
        return "has buttons that decide nothing"
    table: dict[str, Any] = next((block for block in post["blocks"] if block["type"] == "table"), {"rows": []})
    said = [row[-1]["text"] for row in table["rows"][1:]]
    in_order = sorted(requests, key=lambda each: each.list_position or 0)
    wrong = [f"{each.state}: {text}" for each, text in zip(in_order, said, strict=True) if not _tells(each, text)]
    return ", ".join(wrong)


def _wrong_file(message: Message, requests: list[Request], files: set[str]) -> str:
    """Return what is wrong with the file of a list: it is uploaded at the end, unless Slack refuses it.

    One with unknown results is followed by a corrected one, when none is left.
    """
    if any(each.is_open for each in requests):
        return "tells the end of an open list" if message.ts else ""
    if message.error:
        return ""
    if message.shown_version <= 0 and not any(each.state is State.UNKNOWN for each in requests):
        return "is not corrected"
    return "" if message.ts in files else "is missing"


def _tells(request: Request, text: str) -> bool:
    """Return whether a cell of the table fits the state; open states have words of their own."""
    unknown = "Was gone, and is there again" if request.reappeared_at else "May or may not be deleted"
    wanted = {State.DELETED: "Deleted", State.GONE: "Gone", State.UNKNOWN: unknown}
    if request.state in UNDONE:
        return "ot deleted" in text
    return text == wanted.get(request.state, text)


def _headlines(request: Request) -> tuple[tuple[tuple[State, ...], str], ...]:
    if request.purpose is Purpose.STOP:
        return OF_A_STOP
    if request.purpose is Purpose.STOP_AND_DELETE:
        if request.stop is None:
            return BEFORE_THE_STOP
        return AFTER_THE_STOP if request.was_stopped else HEADLINES
    return HEADLINES


def buttons(post: dict[str, Any]) -> set[str]:
    return {e.get("action_id", "") for block in post.get("blocks", ()) for e in block.get("elements", ())}
