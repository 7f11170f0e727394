"""Trigger ids: one use, three seconds. docs.slack.dev/interactivity/handling-user-interaction."""

import time
from dataclasses import dataclass

from sandbox.slack.clock import new_id
from sandbox.slack.errors import SlackError
from sandbox.slack.seed import TEAM

LIFETIME_SECONDS = 3.0


@dataclass
class Trigger:
    """The user who acted, and the modal if it was in one."""

    user: str
    view_id: str | None
    issued_at: float
    used: bool = False


class Triggers:
    """All trigger ids issued since the last reset."""

    def __init__(self) -> None:
        self.lifetime_seconds = LIFETIME_SECONDS
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        trigger_id = f"{time.time_ns() // 1_000_000}.{TEAM[1:]}.{new_id().lower()}"
        self._issued[trigger_id] = Trigger(user, view_id, time.monotonic())
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Raises SlackError as docs.slack.dev/reference/methods/views.open names them."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.issued_at > self.lifetime_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
