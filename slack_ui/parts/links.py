"""Links to our own messages, without asking Slack for each: the workspace's address, the channel and the time."""

from collections.abc import Iterable
from dataclasses import dataclass

from deletion.domain.models import Message
from slack_ui import strings


@dataclass(frozen=True)
class Links:
    """``workspace_url`` is what ``auth.test`` says, such as ``https://example.slack.com/``."""

    workspace_url: str

    def to(self, messages: Iterable[Message]) -> list[str]:
        """One link in mrkdwn for each message that people can go to, and what they find there."""
        return [
            f"<{self._address(message)}|{strings.lookup_and_home.LINKS[message.kind]}>"
            for message in messages
            if message.ts and message.kind in strings.lookup_and_home.LINKS
        ]

    def _address(self, message: Message) -> str:
        """As chat.getPermalink gives it (docs.slack.dev/reference/methods/chat.getPermalink)."""
        return f"{self.workspace_url.rstrip('/')}/archives/{message.channel_id}/p{str(message.ts).replace('.', '')}"
