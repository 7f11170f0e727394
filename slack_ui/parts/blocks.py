"""The block shapes of all views and messages, built with Slack's own models.

Two of Slack's defaults are turned off for external text: ``emoji`` renders ``:x:`` as a picture in plain text, and
without ``verbatim`` a bare address or ``#name`` in mrkdwn becomes a link
(docs.slack.dev/reference/block-kit/composition-objects/text-object).
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import (
    AlertBlock,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from slack_ui import strings
from slack_ui.parts.text import clean, in_utc, plain_name

Parts = RichTextElementParts
Value = str | Sequence[RichTextElement]
END_OF_DATES = 10**10  # in seconds since 1970: a far later time is shown as it is
OPTION_LIMIT = 75  # docs.slack.dev/reference/block-kit/composition-objects/option-object
ALERT_LIMIT = 200  # github.com/slackapi/java-slack-sdk/pull/1610


def header(name: str) -> HeaderBlock:
    """Return the campaign's name as a header, without interpreting any character of it."""
    return HeaderBlock(text=plain(plain_name(name)))


def plain(text: str) -> PlainTextObject:
    """Return plain text without emoji rendering. The caller has cleaned any external text in it."""
    return PlainTextObject(text=text, emoji=False)


def fields(*pairs: tuple[str, str]) -> SectionBlock:
    """Return up to ten labelled mrkdwn values in two columns. The caller has passed external text through ``code``."""
    return SectionBlock(fields=[_mrkdwn(f"*{label}*\n{value}") for label, value in pairs])


def alert(text: str) -> AlertBlock:
    """Return a notice of one line, which modals can show (docs.slack.dev/reference/block-kit/blocks/alert-block).

    Nothing in it is interpreted. The caller has cleaned any external text.
    """
    return AlertBlock(text=plain(clean(text, ALERT_LIMIT)), level="warning")


def has_alert(view: View) -> bool:
    return any(isinstance(block, AlertBlock) for block in view.blocks or ())


def without_alerts(view: View) -> View:
    """Return the view with sections in place of alerts, for a Slack that does not know this block."""
    plainer = copy(view)
    plainer.blocks = [
        SectionBlock(text=block.text) if isinstance(block, AlertBlock) else block for block in view.blocks or ()
    ]
    return plainer


def details(*pairs: tuple[str, Value]) -> RichTextBlock:
    """Return one line for each labelled value. Rich text interprets no character. The caller has cleaned the values."""
    found: list[RichTextElement] = []
    for label, value in pairs:
        found.append(Parts.Text(text=f"{label}  " if not found else f"\n{label}  ", style=Parts.TextStyle(bold=True)))
        found += [Parts.Text(text=value)] if isinstance(value, str) else value
    return RichTextBlock(elements=[RichTextSectionElement(elements=found)])


def date_part(moment: datetime) -> Parts.Date | Parts.Text:
    """Return a time in the reader's zone (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""
    seconds, told = int(moment.timestamp()), f"{in_utc(moment):{strings.campaign.DATE_IN_UTC}}"
    if not 0 <= seconds < END_OF_DATES:
        return Parts.Text(text=told)
    return Parts.Date(timestamp=seconds, format=strings.campaign.DATE, fallback=told)


def mrkdwn(text: str) -> SectionBlock:
    return SectionBlock(text=_mrkdwn(text))


def note(*texts: str) -> ContextBlock:
    """Return up to ten mrkdwn texts in small print."""
    return ContextBlock(elements=[_mrkdwn(text) for text in texts])


def quoted(label: str, *lines: str) -> RichTextBlock:
    """Return a label and external text as a quote; rich text interprets no character.

    Slack rejects an empty text, so a text without visible characters gets a placeholder.
    """
    heading = RichTextSectionElement(elements=[Parts.Text(text=label, style=Parts.TextStyle(bold=True))])
    quotes = [
        RichTextQuoteElement(elements=[Parts.Text(text="\n".join(lines).strip() or strings.modals.NO_VISIBLE_TEXT)])
    ]
    return RichTextBlock(elements=[heading, *quotes])


def typed(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return what was typed into a field, or "" if the view has no such field, as one of another version may not."""
    return _text(_entered(view, block_id, action_id).get("value"))


def chosen(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the chosen option's value or the chosen conversation, or "" likewise."""
    entered = _entered(view, block_id, action_id)
    option = entered.get("selected_option")
    return _text(option.get("value") if isinstance(option, dict) else entered.get("selected_conversation"))


def chosen_options(view: dict[str, Any], block_id: str, action_id: str) -> list[str]:
    """Return the values of the options chosen in a multi-select, or none likewise."""
    found = _entered(view, block_id, action_id).get("selected_options")
    options = found if isinstance(found, list) else []
    return [_text(option.get("value")) for option in options if isinstance(option, dict)]


def _entered(view: dict[str, Any], block_id: str, action_id: str) -> dict[str, Any]:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    entered: dict[str, Any] = view["state"]["values"].get(block_id, {}).get(action_id, {})
    return entered


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _mrkdwn(text: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=text, verbatim=True)
