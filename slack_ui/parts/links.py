"""Links to the bot's messages, built from workspace URL, channel and ts without a call to Slack."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from deletion.domain.records import Message, MessageKind
from slack_ui import strings


class Target(NamedTuple):
    """Where a link leads, and how it is called."""

    url: str
    label: str


@dataclass(frozen=True)
class Links:
    """``workspace_url`` comes from ``auth.test``, such as ``https://example.slack.com/``."""

    workspace_url: str

    def to(self, messages: Iterable[Message]) -> list[str]:
        """Return one labelled mrkdwn link for each message that users can open."""
        return [f"<{target.url}|{target.label}>" for target in self.targets(messages)]

    def targets(self, messages: Iterable[Message]) -> list[Target]:
        """Return the same as addresses and labels, for rich text."""
        return [
            Target(self._address(message), strings.lookup_and_home.LINKS[message.kind])
            for message in messages
            if message.ts and message.kind in strings.lookup_and_home.LINKS
        ]

    def to_current(self, messages: Iterable[Message], channel_id: str) -> str:
        """Return a link in mrkdwn to the request's message in this channel, else to its approval card, else to none."""
        shown = {message.channel_id: message for message in messages if message.ts}
        card = next((message for message in shown.values() if message.kind is MessageKind.CARD), None)
        current = shown.get(channel_id, card)
        return f"<{self._address(current)}|{strings.cards.POINTER_LINK}>" if current else strings.cards.POINTER_LINK

    def to_place(self, channel_id: str, ts: str, label: str) -> str:
        """Return a labelled link in mrkdwn to a message by its place."""
        return f"<{self._url(channel_id, ts)}|{label}>"

    def _address(self, message: Message) -> str:
        return self._url(str(message.channel_id), str(message.ts))

    def _url(self, channel_id: str, ts: str) -> str:
        """Return the same URL as chat.getPermalink (docs.slack.dev/reference/methods/chat.getPermalink)."""
        return f"{self.workspace_url.rstrip('/')}/archives/{channel_id}/p{ts.replace('.', '')}"
