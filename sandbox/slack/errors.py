"""How a Web API method refuses. The only shape of an error answer."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """An error code of Slack's, with the sentences of ``response_metadata.messages`` where Slack gives them.

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


class NotPossible(Exception):  # noqa: N818 - it reads as what it says: a person cannot do this in Slack
    """Something that Slack's own client would not let this person do, in one sentence."""
