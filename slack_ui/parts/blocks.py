"""The few shapes our views and messages are made of, over Slack's own models.

Two defaults of Slack's are turned off where text from outside stands: ``emoji`` makes a picture of ``:x:`` in plain
text, and without ``verbatim`` a bare address or ``#name`` in mrkdwn becomes a link
(docs.slack.dev/reference/block-kit/composition-objects/text-object).
"""

from typing import Any

from slack_sdk.models.blocks import (
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

from slack_ui import strings
from slack_ui.parts.text import NAME_LIMIT, clean

Parts = RichTextElementParts


def header(name: str) -> HeaderBlock:
    """A campaign's name, to the letter."""
    return HeaderBlock(text=plain(clean(name, NAME_LIMIT) or strings.modals.UNNAMED))


def plain(text: str) -> PlainTextObject:
    """Plain text to the letter; what is somebody else's in it is clean already."""
    return PlainTextObject(text=text, emoji=False)


def fields(*pairs: tuple[str, str]) -> SectionBlock:
    """Up to ten labelled values in two columns; the values are mrkdwn, and what is somebody else's is code already."""
    return SectionBlock(fields=[_mrkdwn(f"*{label}*\n{value}") for label, value in pairs])


def mrkdwn(text: str) -> SectionBlock:
    return SectionBlock(text=_mrkdwn(text))


def note(text: str) -> ContextBlock:
    return ContextBlock(elements=[_mrkdwn(text)])


def quoted(label: str, *lines: str) -> RichTextBlock:
    """A label, and lines from outside shown to the letter: rich text gives no character a meaning.

    Slack refuses an empty text, so where nothing can be seen it says so.
    """
    heading = RichTextSectionElement(elements=[Parts.Text(text=label, style=Parts.TextStyle(bold=True))])
    quotes = [
        RichTextQuoteElement(elements=[Parts.Text(text="\n".join(lines).strip() or strings.modals.NOTHING_TO_SEE)])
    ]
    return RichTextBlock(elements=[heading, *quotes])


def typed(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """What was typed into a field, or nothing where the view has no such field: it may be of an older version."""
    return _text(_entered(view, block_id, action_id).get("value"))


def chosen(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """The value of the chosen option, or the conversation that was chosen; nothing likewise."""
    entered = _entered(view, block_id, action_id)
    option = entered.get("selected_option")
    return _text(option.get("value") if isinstance(option, dict) else entered.get("selected_conversation"))


def _entered(view: dict[str, Any], block_id: str, action_id: str) -> dict[str, Any]:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    entered: dict[str, Any] = view["state"]["values"].get(block_id, {}).get(action_id, {})
    return entered


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mrkdwn(text: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=text, verbatim=True)
