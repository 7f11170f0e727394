"""The reply to a command that is near a subcommand: what may be meant, and buttons that search for the words."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.parts.blocks import mrkdwn, plain
from slack_ui.parts.text import NAME_LIMIT, clean, code

LABEL_LIMIT = 50


def build(subcommands: Sequence[str], searched: str, typed: str) -> tuple[str, list[Block]]:
    """Return text and blocks. ``searched`` are the words after a verb such as delete, ``typed`` is the whole text."""
    meant = [f"{ids.COMMAND} {word}".rstrip() for word in subcommands or (searched,)]
    commands = strings.command.OR.join(code(command, NAME_LIMIT) for command in meant)
    said = strings.command.DID_YOU_MEAN if subcommands else strings.command.DID_YOU_MEAN_TO_SEARCH
    text = said.format(typed=code(typed, NAME_LIMIT), commands=commands)
    buttons = [_search(ids.SEARCH_WORDS_BUTTON, searched)] if searched else []
    buttons.append(_search(ids.SEARCH_BUTTON, typed))
    return text, [mrkdwn(text), ActionsBlock(block_id=ids.BUTTONS_BLOCK, elements=buttons)]


def _search(action_id: str, words: str) -> ButtonElement:
    label = strings.command.SEARCH_FOR.format(words=clean(words, LABEL_LIMIT))
    return ButtonElement(action_id=action_id, text=plain(label), value=clean(words, NAME_LIMIT))
