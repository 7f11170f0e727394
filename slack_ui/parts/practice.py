"""Say "practice" on what belongs to no request: modals, the Home and private replies."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from slack_ui.parts.blocks import note
from slack_ui.strings import practice

Json = dict[str, Any]


def marked_view(view: Mapping[str, Any]) -> Json:
    """Return a view, as Slack gets it, with the sentence before everything else."""
    return {**view, "blocks": [_note(), *view["blocks"]]}


def marked_message(message: Mapping[str, Any]) -> Json:
    """Return text and blocks of a message, as Slack gets them, with the sentence before everything else."""
    marked = {**message, "text": f"{practice.SURFACE} {message['text']}"}
    blocks = [block.to_dict() if isinstance(block, Block) else block for block in message.get("blocks") or ()]
    return {**marked, "blocks": [_note(), *blocks]} if blocks else marked


def _note() -> Json:
    return note(practice.SURFACE).to_dict()
