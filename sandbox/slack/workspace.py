"""The state of the workspace, in Slack's forms."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack import seed
from sandbox.slack.clock import Clock
from sandbox.slack.errors import NotPossible, SlackError
from sandbox.slack.posting_rate import PostingRate
from sandbox.slack.triggers import Triggers


@dataclass
class Message:
    """A message object, and its addressee if it is ephemeral."""

    payload: dict[str, Any]
    visible_to: str | None = None

    @property
    def ts(self) -> str:
        return str(self.payload["ts"])


@dataclass
class View:
    """A view object, its user, and the errors shown under its fields by block id."""

    payload: dict[str, Any]
    owner: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.payload["id"])


@dataclass
class File:
    """A file: its upload address ends with ``ticket``; ``content`` is None until the bytes have arrived."""

    id: str
    ticket: str
    name: str
    size: int
    content: bytes | None = None
    is_complete: bool = False


class Workspace:
    """The state that the Web API and the users change; ``version`` counts the changes."""

    def __init__(self) -> None:
        self.version = 0
        self.base_url = ""
        self._changed = asyncio.Event()
        self.reset()

    def reset(self) -> None:
        """Restore the seed, and wake up all waiters for a change."""
        self.clock = Clock()
        self.triggers = Triggers()
        self.posting_rate = PostingRate()
        self.users = seed.users()
        self.channels = seed.channels()
        self.members = seed.members()
        self.user_groups = seed.user_groups()
        self.messages: dict[str, list[Message]] = {channel: [] for channel in self.channels}
        self.files: dict[str, File] = {}
        self.stacks: dict[str, list[View]] = {user: [] for user in self.users}
        self.homes: dict[str, View] = {}
        self.changed()

    def changed(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def newer_than(self, version: int) -> int:
        """Wait until something changed after this version."""
        while self.version <= version:
            await self._changed.wait()
        return self.version

    def user(self, user_id: Any) -> dict[str, Any]:
        """Return a user. Raises SlackError ``user_not_found``."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def channel(self, channel_id: Any) -> dict[str, Any]:
        """Return a channel that is visible to the bot; a user id means the direct message channel.

        Raises SlackError ``channel_not_found``, also for a private channel without the bot.
        """
        if channel_id in self.users and channel_id != seed.BOT_USER:
            channel_id = seed.dm_of(channel_id)
        channel = self.channels.get(channel_id)
        if channel is None or (channel["is_private"] and seed.BOT_USER not in self.members[channel_id]):
            raise SlackError("channel_not_found")
        return channel

    def message(self, channel_id: str, ts: Any, *, seen_by: str | None = None) -> Message:
        """Return a message. Raises SlackError ``message_not_found``, also for another user's ephemeral message."""
        for message in self.messages[channel_id]:
            if message.ts == ts and message.visible_to in (None, seen_by):
                return message
        raise SlackError("message_not_found")

    def put(self, channel_id: str, payload: dict[str, Any], visible_to: str | None = None) -> Message:
        message = Message(payload, visible_to)
        self.messages[channel_id].append(message)
        self.changed()
        return message

    def remove(self, channel_id: str, message: Message) -> None:
        self.messages[channel_id].remove(message)
        self.changed()

    def views(self) -> list[View]:
        """Return all open modals and published Homes."""
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def person(self, user_id: Any) -> dict[str, Any]:
        """Return a user who can act. Raises NotPossible for any other."""
        user = self.users.get(user_id)
        if user is None or user["is_bot"]:
            raise NotPossible(f"There is no person {user_id}.")
        if user["deleted"]:
            raise NotPossible(f"{user['real_name']} is deactivated and cannot act.")
        return user

    def place(self, user_id: str, channel_id: Any) -> dict[str, Any]:
        """Return a channel that this user is in. Raises NotPossible."""
        if user_id not in self.members.get(channel_id, ()):
            raise NotPossible(f"{self.users[user_id]['real_name']} is not in {channel_id}.")
        return self.channels[channel_id]

    def is_stranger(self, user: dict[str, Any]) -> bool:
        """Return whether the user is of another company and shares no channel with the bot."""
        together = any(
            user["id"] in people and seed.BOT_USER in people and not self.channels[channel]["is_im"]
            for channel, people in self.members.items()
        )
        return user["team_id"] != seed.TEAM and not together
