"""Return blocks as Slack does: with ids filled in, and text objects with all fields."""

import copy
from typing import Any

from sandbox.slack.blocks.rules import elements
from sandbox.slack.clock import new_id


def normalize_blocks(blocks: Any) -> list[dict[str, Any]]:
    """Return a copy of checked blocks in the form in which Slack stores them."""
    stored: list[dict[str, Any]] = copy.deepcopy(blocks or [])
    for block in stored:
        block["block_id"] = block.get("block_id") or new_id()[:5]
        for _, element in elements(block):
            element["action_id"] = element.get("action_id") or new_id()[:5]
        _complete_texts(block)
    return stored


def with_texts(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a copy of a text object with all fields, or None."""
    stored = copy.deepcopy(value)
    _complete_texts(stored)
    return stored


def _complete_texts(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _complete_texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for item in value.values():
            _complete_texts(item)
