"""Errors of Web API methods, and of actions that Slack's client does not offer."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """An error code of Slack, with the sentences of ``response_metadata.messages`` if Slack has any.

    docs.slack.dev/apis/web-api#responses
    """

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> dict[str, Any]:
        body = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class NotPossible(Exception):  # noqa: N818 - reads as a sentence
    """An action that Slack's own client would not offer this user; ``str()`` is one sentence."""
