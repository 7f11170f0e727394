"""The control calls of the Slack side under /sandbox, for the page and for tests: see docs/sandbox.md."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import ClientConnectionResetError, web

from sandbox.slack import seed, state_view
from sandbox.slack.errors import NotPossible, SlackError
from sandbox.slack.interactions.modal import Modals
from sandbox.slack.interactions.user_actions import UserActions
from sandbox.slack.manifest import Manifest
from sandbox.slack.workspace import Workspace

Body = dict[str, Any]
KEEP_ALIVE_SECONDS = 15.0
_FIXED = ("id", "profile", "is_bot")


class Control:
    """One method per control call."""

    def __init__(self, workspace: Workspace, manifest: Manifest, human: UserActions, modals: Modals) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._human = human
        self._modals = modals

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Callable[[Body], Awaitable[Any]]] = {
            "command": self._command, "say": self._say, "click": self._click, "modal/action": self._act,
            "modal/submit": self._submit, "modal/close": self._close, "suggest": self._suggest,
            "home": self._home, "shortcut": self._shortcut, "member": self._member, "person": self._person,
            "group": self._group, "channel": self._channel,
        }  # fmt: skip
        return [
            web.get("/sandbox/people", self._people),
            web.get("/sandbox/state", self._state),
            web.get("/sandbox/events", self._events),
            *(web.post(f"/sandbox/{path}", answering(act)) for path, act in posts.items()),
        ]

    async def _people(self, _: web.Request) -> web.Response:
        return web.json_response(state_view.people(self._workspace))

    async def _state(self, request: web.Request) -> web.Response:
        user = self._workspace.users.get(request.query.get("as", ""))
        if user is None:
            return refusal("Say as whom: ?as=U0ALICE.")
        return web.json_response(state_view.state(self._workspace, self._manifest, user))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Send a server-sent event with a version whenever this user's view changes; anyone's, if it names no user."""
        user_id = request.query.get("as")
        if user_id is not None and user_id not in self._workspace.users:
            return refusal("Say as whom: ?as=U0ALICE.")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        with suppress(ClientConnectionResetError):  # the tab was closed
            await self._tell(stream, user_id)
        return stream

    async def _tell(self, stream: web.StreamResponse, user_id: str | None) -> None:
        seen: Body | None = None
        while True:
            version = self._workspace.version
            now = self._seen_by(user_id) if user_id else {"version": version}
            if now != seen:
                await stream.write(b"data: %s\n\n" % json.dumps({"version": version}).encode())
            seen = now
            try:
                await asyncio.wait_for(self._workspace.newer_than(version), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                await stream.write(b": still here\n\n")

    def _seen_by(self, user_id: str) -> Body:
        """Return a copy of what this user sees."""
        now = state_view.state(self._workspace, self._manifest, self._workspace.users[user_id])
        del now["version"]
        copy: Body = json.loads(json.dumps(now))
        return copy

    async def _command(self, body: Body) -> Any:
        return await self._human.command(body["as"], body["channel"], body["text"])

    async def _say(self, body: Body) -> Any:
        return {"ts": self._human.say(body["as"], body["channel"], body["text"], body.get("thread_ts")).ts}

    async def _click(self, body: Body) -> Any:
        return await self._human.click(body["as"], body["channel"], body["ts"], body)

    async def _act(self, body: Body) -> Any:
        return await self._modals.act(body["as"], body["view_id"], body)

    async def _submit(self, body: Body) -> Any:
        return await self._modals.submit(body["as"], body["view_id"], body.get("values") or {})

    async def _close(self, body: Body) -> Any:
        return await self._modals.close(body["as"], body["view_id"], everything=bool(body.get("all")))

    async def _suggest(self, body: Body) -> Any:
        if "view_id" in body:
            return await self._modals.suggest(body["as"], body["view_id"], body)
        return await self._human.suggest(body["as"], body["channel"], body["ts"], body)

    async def _home(self, body: Body) -> Any:
        return await self._human.open_home(body["as"])

    async def _shortcut(self, body: Body) -> Any:
        channel, ts = body.get("channel", ""), body.get("ts", "")
        return await self._human.shortcut(body["as"], body["callback_id"], channel, ts)

    async def _member(self, body: Body) -> Any:
        people = self._workspace.members.get(body["channel"])
        if people is None or body["user"] not in self._workspace.users:
            raise NotPossible("There is no such channel, or no such person.")
        _put(people, body["user"], is_in=body.get("in", True))
        self._workspace.changed()
        return {}

    async def _person(self, body: Body) -> Any:
        user = self._workspace.users.get(body["user"])
        flags = {name: value for name, value in body.items() if name not in ("user", "email")}
        if user is None or user["id"] == seed.BOT_USER or not set(flags) <= set(user) - set(_FIXED):
            raise NotPossible("There is no such person, or no such flag of a person.")
        user.update(flags)
        user["profile"] |= {"email": body["email"]} if "email" in body else {}
        self._workspace.changed()
        return {}

    async def _channel(self, body: Body) -> Any:
        channel = self._workspace.channels.get(body["channel"])
        flags = {name: value for name, value in body.items() if name != "channel"}
        if channel is None or not set(flags) <= set(channel) - set(_FIXED):
            raise NotPossible("There is no such channel, or no such flag of a channel.")
        channel.update(flags)
        self._workspace.changed()
        return {}

    async def _group(self, body: Body) -> Any:
        group = self._workspace.user_groups.get(body["group"])
        if group is None or body["user"] not in self._workspace.users:
            raise NotPossible("There is no such user group, or no such person.")
        _put(group["users"], body["user"], is_in=body.get("in", True))
        return {}


def _put(people: list[str], user_id: str, *, is_in: bool) -> None:
    if user_id in people:
        people.remove(user_id)
    if is_in:
        people.append(user_id)


def answering(act: Callable[[Body], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Handle JSON in and out; an impossible call is 400 with one sentence."""

    async def answer(request: web.Request) -> web.Response:
        try:
            body = await request.json() if request.can_read_body else {}
            return web.json_response(await act(body))
        except KeyError as missing:
            return refusal(f"The field {missing} is missing.")
        except SlackError as error:
            return refusal(f"Slack says {error.code}.")
        except (NotPossible, ValueError) as error:
            return refusal(str(error))

    return answer


def refusal(sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=400)
