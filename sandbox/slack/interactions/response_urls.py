"""Response URLs: five uses, thirty minutes. docs.slack.dev/interactivity/handling-user-interaction."""

import time
from dataclasses import dataclass
from typing import Any

from sandbox.slack.clock import new_id
from sandbox.slack.errors import SlackError
from sandbox.slack.methods import chat
from sandbox.slack.workspace import Workspace

USES = 5
LIFETIME_SECONDS = 30 * 60


@dataclass
class ResponseUrl:
    """The target of an answer: a user in a channel, or the message that was acted on."""

    user: str
    channel: str
    message_ts: str | None
    issued_at: float
    used: int = 0


class ResponseUrls:
    """All response URLs issued since the last reset."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._issued: dict[str, ResponseUrl] = {}
        self.base_url = ""
        self.lifetime_seconds = float(LIFETIME_SECONDS)

    def reset(self) -> None:
        self._issued.clear()

    def issue(self, user: str, channel: str, message_ts: str | None = None) -> str:
        name = new_id().lower() + new_id().lower()
        self._issued[name] = ResponseUrl(user, channel, message_ts, time.monotonic())
        return f"{self.base_url}/respond/{name}"

    def use(self, name: str, body: dict[str, Any]) -> None:
        """Post, replace or delete. Raises SlackError: ``used_url`` and ``expired_url`` are answered with 404."""
        url = self._issued.get(name)
        if url is None or time.monotonic() - url.issued_at > self.lifetime_seconds:
            raise SlackError("expired_url")
        if url.used >= USES:
            raise SlackError("used_url")
        self._answer(url, body)
        url.used += 1

    def _answer(self, url: ResponseUrl, body: dict[str, Any]) -> None:
        original = url.message_ts
        if body.get("delete_original") and original:
            found = self._workspace.message(url.channel, original, seen_by=url.user)
            self._workspace.remove(url.channel, found)
        elif body.get("replace_original") and original:
            found = self._workspace.message(url.channel, original, seen_by=url.user)
            chat.edit(self._workspace, found, chat.checked_content(body, chat.LONGEST_POST))
        else:
            self.say(url.user, url.channel, body)

    def say(self, user: str, channel: str, body: dict[str, Any]) -> None:
        """Post an answer to an interaction: only to this user, unless it says ``in_channel``."""
        content = chat.checked_content(body, chat.LONGEST_POST)
        only = None if body.get("response_type") == "in_channel" else user
        chat.post_as_bot(self._workspace, channel, content, visible_to=only)
