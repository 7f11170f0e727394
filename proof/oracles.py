"""Objections to a payload by two Block Kit libraries, Slack's own models, and four rules that none of them has."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Literal

import slackblocks
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from proof.payload_roundtrip import BLOCKKIT, SLACKBLOCKS, Json, differences, rebuild

Surface = Literal["message", "modal", "home"]
OURS = "our own four rules"

# What an oracle says of a payload that Slack takes: who says it, its words, and why it is wrong. A test provokes each.
FALSE_ALARMS = (
    (
        "blockkit",
        "'min_query_length': Value must be between 1",
        "0 is documented: docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select",
    ),
    (
        "blockkit",
        "unknown type 'alert'",
        "younger than the library: docs.slack.dev/reference/block-kit/blocks/alert-block",
    ),
    (
        "slackblocks",
        "unknown type 'date'",
        "not in the library: docs.slack.dev/reference/block-kit/blocks/rich-text-block",
    ),
    (
        "blockkit",
        "unknown type 'date'",
        "not in the library: docs.slack.dev/reference/block-kit/blocks/rich-text-block",
    ),
)


def objections(payload: Json, surface: Surface) -> dict[str, str]:
    """Return each oracle's objection to a view or a message (``text`` and ``blocks``); empty if all agree."""
    said = {name: _objection(ask, payload, surface) for name, ask in ORACLES.items()}
    return {name: text for name, text in said.items() if text and not _is_false_alarm(name, text)}


def _objection(ask: Callable[[Json, Surface], list[str]], payload: Json, surface: Surface) -> str:
    try:
        return "; ".join(ask(payload, surface))
    except Exception as error:  # noqa: BLE001 - each library has its own errors, and each is an objection
        return f"{type(error).__name__}: {error}"


def _is_false_alarm(name: str, text: str) -> bool:
    return any(name == who and words in text for who, words, _ in FALSE_ALARMS)


def _slackblocks(payload: Json, surface: Surface) -> list[str]:
    if surface != "message":
        built = rebuild(payload, SLACKBLOCKS)
        return differences(payload, built.to_dict())
    blocks = rebuild(payload.get("blocks") or [], SLACKBLOCKS, "blocks")
    message = slackblocks.Message(channel="C0", text=payload.get("text", ""), blocks=blocks or None)
    return differences(payload.get("blocks") or [], message.to_dict().get("blocks") or [])


def _blockkit(payload: Json, surface: Surface) -> list[str]:
    if surface != "message":
        return differences(payload, rebuild(payload, BLOCKKIT).build())
    blocks = payload.get("blocks") or []
    return differences(blocks, [block.build() for block in rebuild(blocks, BLOCKKIT, "blocks")])


def _slack_sdk(payload: Json, surface: Surface) -> list[str]:
    if surface != "message":
        return differences(payload, View(**payload).to_dict())
    blocks = payload.get("blocks") or []
    parsed = Block.parse_all(blocks)
    return differences(blocks, [block.to_dict() for block in parsed])


def _our_own(payload: Json, _: Surface) -> list[str]:
    """docs.slack.dev/reference/block-kit/blocks: ids are unique, there is one table, and a row has elements."""
    blocks = [block for block in payload.get("blocks") or [] if isinstance(block, dict)]
    block_ids = _twice(block.get("block_id") for block in blocks)
    action_ids = [twice for block in blocks for twice in _twice(_action_ids(block))]
    empty = [block for block in blocks if block.get("type") == "actions" and not block.get("elements")]
    tables = sum(block.get("type") == "table" for block in blocks)
    return [
        *(f"block_id {block_id!r} stands twice" for block_id in block_ids),
        *(f"action_id {action_id!r} stands twice in one block" for action_id in action_ids),
        *(["more than one table"] if tables > 1 else []),
        *(["an actions block without elements"] if empty else []),
    ]


def _twice(ids: Any) -> list[str]:
    return [one for one, times in Counter(ids).items() if one and times > 1]


def _action_ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("action_id"), str):
            yield value["action_id"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _action_ids(inner)


ORACLES: dict[str, Callable[[Json, Surface], list[str]]] = {
    "slackblocks": _slackblocks,
    "blockkit": _blockkit,
    "slack_sdk": _slack_sdk,
    OURS: _our_own,
}
