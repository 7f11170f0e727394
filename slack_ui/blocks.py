"""The few shapes our views and messages are made of, over Slack's own models."""

from slack_sdk.models.blocks import (
    ContextBlock,
    MarkdownTextObject,
    RichTextBlock,
    RichTextElementParts,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
)

Parts = RichTextElementParts


def fields(*pairs: tuple[str, str]) -> SectionBlock:
    """Up to ten labelled values in two columns; the values are mrkdwn and escaped already."""
    return SectionBlock(fields=[MarkdownTextObject(text=f"*{label}*\n{value}") for label, value in pairs])


def mrkdwn(text: str) -> SectionBlock:
    return SectionBlock(text=MarkdownTextObject(text=text))


def note(text: str) -> ContextBlock:
    return ContextBlock(elements=[MarkdownTextObject(text=text)])


def literal(label: str, *lines: str) -> RichTextBlock:
    """A label, and lines from outside shown to the letter: rich text gives no character a meaning."""
    heading = RichTextSectionElement(elements=[Parts.Text(text=label, style=Parts.TextStyle(bold=True))])
    quotes = [RichTextQuoteElement(elements=[Parts.Text(text="\n".join(lines))])]
    return RichTextBlock(elements=[heading, *quotes])
