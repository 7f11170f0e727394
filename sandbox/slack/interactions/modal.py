"""A user's actions in a modal or in the App Home: choose, submit, close. docs.slack.dev/surfaces/modals."""

import copy
from typing import Any

from sandbox.slack.blocks.inputs import filled, find_element, refused
from sandbox.slack.blocks.rules import check_view
from sandbox.slack.errors import NotPossible, SlackError
from sandbox.slack.interactions import payloads, suggestions
from sandbox.slack.interactions.delivery import Delivery
from sandbox.slack.interactions.response_urls import ResponseUrls
from sandbox.slack.interactions.user_actions import Outcome, outcome
from sandbox.slack.methods import views
from sandbox.slack.workspace import View, Workspace

Payload = dict[str, Any]


class Modals:
    """Each method takes the user first. Raises NotPossible for an action that Slack's client does not offer."""

    def __init__(self, workspace: Workspace, delivery: Delivery, response_urls: ResponseUrls) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._response_urls = response_urls

    async def act(self, user_id: str, view_id: str, target: Payload) -> Outcome:
        """Use an element. The value of an input block is only stored, unless it has ``dispatch_action``."""
        user, view = self._workspace.person(user_id), self._view(user_id, view_id)
        block, element = self._element(view, target)
        block_id, value = block["block_id"], target.get("value")
        values = copy.deepcopy(target.get("values") or {})
        if value is not None:
            values.setdefault(block_id, {})[element["action_id"]] = value
        view.payload["state"]["values"] = filled(view.payload, values)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return outcome(None)
        if isinstance(value, str):
            value = {"value": value}
        done = payloads.action(block_id, element, value, self._workspace.clock.ts())
        payload = payloads.interaction("block_actions", user) | payloads.in_view(view)
        payload |= {"actions": [done], "trigger_id": self._workspace.triggers.issue(user_id, view.id)}
        return outcome((await self._delivery.deliver("interactive", payload)).error)

    async def suggest(self, user_id: str, view_id: str, target: Payload) -> Payload:
        user, view = self._workspace.person(user_id), self._view(user_id, view_id)
        _, element = self._element(view, target)
        return await suggestions.ask(self._delivery, user, element, target, payloads.in_view(view))

    async def submit(self, user_id: str, view_id: str, values: Payload) -> Outcome:
        """Submit the modal. ``errors`` by block id are those of Slack's client, else those of the bot."""
        user, view = self._workspace.person(user_id), self._view(user_id, view_id)
        if not view.payload.get("submit"):
            raise NotPossible("That view cannot be submitted.")
        view.payload["state"]["values"] = filled(view.payload, values)
        view.errors = refused(view.payload, view.payload["state"]["values"])
        self._workspace.changed()
        if view.errors:
            return {**outcome(None), "errors": view.errors}
        payload = payloads.interaction("view_submission", user) | {
            "trigger_id": self._workspace.triggers.issue(user_id, view.id),
            "view": copy.deepcopy(view.payload), "response_urls": self._offered_urls(view),
        }  # fmt: skip
        ack = await self._delivery.deliver("interactive", payload)
        error = ack.error or self._follow(view, ack.payload)
        return outcome(error) | ({"errors": view.errors} if view.errors else {})

    async def close(self, user_id: str, view_id: str, *, everything: bool) -> Outcome:
        """Close the modal, and send view_closed if the view asks for it."""
        user, view = self._workspace.person(user_id), self._view(user_id, view_id)
        if view not in (stack := self._workspace.stacks[user_id]):
            raise NotPossible("The App Home cannot be closed.")
        cleared = everything or view.payload["clear_on_close"]
        closed = tuple(reversed(stack)) if cleared else (view,)
        self._workspace.stacks[user_id] = [] if cleared else [other for other in stack if other is not view]
        self._workspace.changed()
        errors = []
        for gone in closed:
            if gone.payload["notify_on_close"]:
                payload = payloads.interaction("view_closed", user) | {"is_cleared": cleared}
                payload["view"] = copy.deepcopy(gone.payload)
                errors.append((await self._delivery.deliver("interactive", payload)).error)
        return outcome(next((error for error in errors if error), None))

    def _follow(self, view: View, answer: Payload) -> str | None:
        """Follow the response_action; return an error name if Slack would refuse it."""
        stack = self._workspace.stacks[view.owner]
        wanted = answer.get("response_action")
        try:
            if wanted == "errors":
                view.errors = self._checked_errors(view, answer.get("errors"))
            elif wanted == "update":
                views.replace(self._workspace, view, check_view(answer.get("view"), "modal"))
            elif wanted == "push":
                views.add(self._workspace, view.owner, check_view(answer.get("view"), "modal"))
            elif wanted == "clear":
                stack.clear()
            elif wanted:
                return "invalid_arguments"
            elif view in stack:
                stack.remove(view)
        except SlackError as error:
            return error.code
        self._workspace.changed()
        return None

    @staticmethod
    def _checked_errors(view: View, errors: Any) -> dict[str, str]:
        fields = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
            raise SlackError("invalid_arguments")
        return {str(block_id): str(text) for block_id, text in errors.items()}

    def _offered_urls(self, view: View) -> list[Payload]:
        """Return the response URLs of conversation selects with ``response_url_enabled``."""
        found = []
        for block_id, block in view.payload["state"]["values"].items():
            for action_id, state in block.items():
                channel = state.get("selected_conversation") or state.get("selected_channel")
                _, element = self._element(view, {"block_id": block_id, "action_id": action_id})
                if channel and element.get("response_url_enabled"):
                    url = self._response_urls.issue(view.owner, channel)
                    found.append({"block_id": block_id, "action_id": action_id, "channel_id": channel,
                                  "response_url": url})  # fmt: skip
        return found

    def _view(self, user_id: str, view_id: str) -> View:
        """Return the top of this user's stack, or the App Home."""
        home = self._workspace.homes.get(user_id)
        for view in (*self._workspace.stacks[user_id][-1:], *([home] if home else [])):
            if view.id == view_id:
                return view
        raise NotPossible("That view is not open, or another one lies on top of it.")

    @staticmethod
    def _element(view: View, target: Payload) -> tuple[Payload, Payload]:
        found = find_element(view.payload["blocks"], target.get("block_id"), target.get("action_id"))
        if found is None:
            raise NotPossible(f"That view has no {target.get('block_id')}/{target.get('action_id')}.")
        return found
