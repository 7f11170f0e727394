"""A user's actions in a channel: write, use a command, click, use a shortcut, open the App Home."""

from typing import Any

from sandbox.slack import seed
from sandbox.slack.blocks.inputs import find_element
from sandbox.slack.errors import NotPossible, SlackError
from sandbox.slack.escaping import escaped
from sandbox.slack.interactions import payloads, suggestions
from sandbox.slack.interactions.delivery import Ack, Delivery
from sandbox.slack.interactions.response_urls import ResponseUrls
from sandbox.slack.manifest import Manifest
from sandbox.slack.workspace import Message, Workspace

Payload = dict[str, Any]
Outcome = dict[str, Any]


def outcome(error: str | None) -> Outcome:
    return {"delivered": False, "error": error} if error else {"delivered": True}


class UserActions:
    """Each method takes the user first. Raises NotPossible for an action that Slack's client does not offer."""

    def __init__(
        self, workspace: Workspace, manifest: Manifest, delivery: Delivery, response_urls: ResponseUrls
    ) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._delivery = delivery
        self._response_urls = response_urls

    def say(self, user_id: str, channel_id: str, text: str, thread_ts: str | None) -> Message:
        user, channel = self._who_where(user_id, channel_id)
        payload = {"type": "message", "user": user["id"], "team": user["team_id"], "text": text,
                   "ts": self._workspace.clock.ts()}  # fmt: skip
        return self._workspace.put(channel["id"], payload | ({"thread_ts": thread_ts} if thread_ts else {}))

    async def command(self, user_id: str, channel_id: str, text: str) -> Outcome:
        """Use a slash command (docs.slack.dev/interactivity/implementing-slash-commands)."""
        user, channel = self._who_where(user_id, channel_id)
        command, _, rest = text.strip().partition(" ")
        known = {row["command"]: row for row in self._manifest.commands}
        if command not in known:
            self._slackbot(user_id, channel_id, f"{command} is not a valid command.")
            return outcome("unknown_command")
        typed = escaped(rest.strip(), self._workspace) if known[command].get("should_escape") else rest.strip()
        payload = payloads.slash_command(user, channel, command, typed) | {
            "trigger_id": self._workspace.triggers.issue(user_id),
            "response_url": self._response_urls.issue(user_id, channel_id),
        }
        ack = await self._delivery.deliver("slash_commands", payload)
        if ack.payload:
            ack = self._said_at_once(user_id, channel_id, ack)
        if ack.error:
            self._slackbot(user_id, channel_id, f'{command} failed with the error "{ack.error}"')
        return outcome(ack.error)

    async def click(self, user_id: str, channel_id: str, ts: str, target: Payload) -> Outcome:
        """Use an element. ``target``: ``block_id``, ``action_id`` and, unless it is a button, ``value``."""
        user, channel = self._who_where(user_id, channel_id)
        message = self._message(user_id, channel_id, ts)
        _, element = self._element_of(message, target)
        value = target.get("value")
        done = payloads.action(target["block_id"], element, value, self._workspace.clock.ts())
        chosen = {target["block_id"]: {target["action_id"]: value}} if value else {}
        return await self._interact(user, channel, message, "block_actions", {
            "actions": [done], "state": {"values": chosen},
            "response_url": self._response_urls.issue(user_id, channel_id, ts),
        })  # fmt: skip

    async def shortcut(self, user_id: str, callback_id: str, channel_id: str, ts: str) -> Outcome:
        """Use a shortcut, on a message if one is given (docs.slack.dev/interactivity/implementing-shortcuts)."""
        kind = "message" if ts else "global"
        if (kind, callback_id) not in {(row["type"], row["callback_id"]) for row in self._manifest.shortcuts}:
            raise NotPossible(f"The app has no {kind} shortcut {callback_id}.")
        more: Payload = {"callback_id": callback_id, "action_ts": self._workspace.clock.ts()}
        if ts:
            user, channel = self._who_where(user_id, channel_id)
            more |= {"message_ts": ts, "response_url": self._response_urls.issue(user_id, channel_id, ts)}
            message = self._message(user_id, channel_id, ts)
            return await self._interact(user, channel, message, "message_action", more)
        user = self._workspace.person(user_id)
        payload = payloads.global_shortcut(user) | more | {"trigger_id": self._workspace.triggers.issue(user_id)}
        return outcome((await self._delivery.deliver("interactive", payload)).error)

    async def open_home(self, user_id: str) -> Outcome:
        """Open the App Home; sends app_home_opened if the app subscribes to it."""
        user = self._workspace.person(user_id)
        if not self._manifest.has_home:
            raise NotPossible("The app has no Home tab.")
        if self._manifest.events is not None and "app_home_opened" not in self._manifest.events:
            return outcome("not_subscribed")
        home = self._workspace.homes.get(user_id)
        inner = {
            "type": "app_home_opened", "user": user_id, "channel": seed.dm_of(user_id), "tab": "home",
            "event_ts": self._workspace.clock.ts(), **({"view": home.payload} if home else {}),
        }  # fmt: skip
        return outcome((await self._delivery.deliver("events_api", payloads.event(inner, user))).error)

    async def suggest(self, user_id: str, channel_id: str, ts: str, target: Payload) -> Payload:
        """Return the options of an external select in a message."""
        user, channel = self._who_where(user_id, channel_id)
        message = self._message(user_id, channel_id, ts)
        _, element = self._element_of(message, target)
        place = payloads.in_message(channel, message.payload, is_ephemeral=bool(message.visible_to))
        return await suggestions.ask(self._delivery, user, element, target, place)

    @staticmethod
    def _element_of(message: Message, target: Payload) -> tuple[Payload, Payload]:
        blocks = list(message.payload.get("blocks") or ())
        for attachment in message.payload.get("attachments") or ():
            blocks += attachment.get("blocks") or ()
        found = find_element(blocks, target.get("block_id"), target.get("action_id"))
        if found is None:
            raise NotPossible(f"That message has no {target.get('block_id')}/{target.get('action_id')}.")
        return found

    async def _interact(
        self, user: Payload, channel: Payload | None, message: Message | None, kind: str, more: Payload
    ) -> Outcome:
        payload = payloads.interaction(kind, user) | more
        payload["trigger_id"] = self._workspace.triggers.issue(user["id"])
        if channel is not None and message is not None:
            is_ephemeral = message.visible_to is not None
            payload |= payloads.in_message(channel, message.payload, is_ephemeral=is_ephemeral)
        ack = await self._delivery.deliver("interactive", payload)
        if ack.error and channel is not None:
            sentence = f'{seed.BOT_NAME} failed with the error "{ack.error}"'
            self._slackbot(user["id"], channel["id"], sentence)
        return outcome(ack.error)

    def _said_at_once(self, user_id: str, channel_id: str, ack: Ack) -> Ack:
        """Post the body of a command's acknowledgement as a message; a wrong one is ``invalid_command_response``."""
        try:
            self._response_urls.say(user_id, channel_id, ack.payload)
        except SlackError:
            return Ack(error="invalid_command_response")
        return ack

    def _message(self, user_id: str, channel_id: str, ts: str) -> Message:
        try:
            return self._workspace.message(channel_id, ts, seen_by=user_id)
        except SlackError:
            raise NotPossible(f"There is no such message in {channel_id}.") from None

    def _who_where(self, user_id: str, channel_id: str) -> tuple[Payload, Payload]:
        user = self._workspace.person(user_id)
        return user, self._workspace.place(user_id, channel_id)

    def _slackbot(self, user_id: str, channel_id: str, text: str) -> None:
        payload = {"type": "message", "user": seed.SLACKBOT, "username": "Slackbot", "text": text,
                   "ts": self._workspace.clock.ts()}  # fmt: skip
        self._workspace.put(channel_id, payload, visible_to=user_id)
