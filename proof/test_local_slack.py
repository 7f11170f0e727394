"""The bot runs unchanged on ``local-slack``, a third-party Slack: command, modal, form, approval, delete.

It has no user groups and asks for no confirmation, so requesters and approvers are named one by one. It is driven over
the WebSocket of its own page. It listens on every interface of the machine, so it is started for this test alone and
knows no token but the sandbox's.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from deletion.domain.approvals.denial import Denial
from proof.node_tools import LOCAL_SLACK
from proof.payload_roundtrip import Json
from proof.servers import program, until_answering
from sandbox.server import running
from slack_ui import strings
from slack_ui.parts import ids
from tests.postgres import free_port
from tests.stories.bot import BotProcess
from tests.stories.person import REASON, eventually, shown

NAME = "Interactive Support SMS Campaign"
CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
COMMANDS, CARDS = "C0CAMPAIGNS", "C0APPROVALS"
WORKSPACE = {
    "workspace": {"name": "Elsewhere", "domain": "elsewhere", "teamId": "T0ELSEWHERE"},
    "apps": [{"appId": "A0BOT", "botUserId": "U0BOT", "botName": "campaign_delete", "botToken": "xoxb-sandbox",
              "appToken": "xapp-sandbox", "signingSecret": "sandbox-signing-secret", "mode": "socket"}],
    "users": [{"id": "U0ALICE", "name": "alice"}, {"id": "U0BOB", "name": "bob"}],
    "channels": [{"id": each, "name": each.lower(), "members": ["U0ALICE", "U0BOB", "U0BOT"]}
                 for each in (COMMANDS, CARDS)],
}  # fmt: skip
# docs.slack.dev/reference/objects/user-object and conversation-object. Without them the bot lets nobody do anything.
LEFT_OUT = {
    "user": {"team_id": "T0ELSEWHERE", "deleted": False, "is_restricted": False, "is_ultra_restricted": False},
    "channel": {"is_member": True, "is_ext_shared": False, "is_pending_ext_shared": False},
}


@dataclass
class Shim:
    """Forwards every call, and adds facts about users and channels that local-slack omits."""

    url: str
    session: aiohttp.ClientSession
    completes: bool = False

    async def serve(self, request: web.Request) -> web.Response:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        url = f"{self.url}{request.path_qs}"
        async with self.session.request(request.method, url, headers=headers, data=await request.read()) as answer:
            body = await answer.json()
        for kind, facts in LEFT_OUT.items():
            if self.completes and isinstance(body.get(kind), dict):
                body[kind] = facts | body[kind]
        return web.json_response(body, status=answer.status)


@dataclass
class Elsewhere:
    """The page's WebSocket, and its latest messages and modals."""

    socket: aiohttp.ClientWebSocketResponse
    messages: dict[str, Json]
    stack: list[Json]
    heard: list[Json]
    shim: "Shim"

    async def do(self, what: str, **body: Any) -> None:
        await self.socket.send_json({"t": what, **body})

    async def submits(self, user: str, typed: dict[str, dict[str, str]]) -> None:
        values = {
            block: {action: {"type": "plain_text_input", "value": text} for action, text in fields.items()}
            for block, fields in typed.items()
        }
        await self.do("view_submit", user=user, values=values)

    async def presses(self, user: str, message: Json, action_id: str) -> None:
        rows = [block for block in message["blocks"] if block["type"] == "actions"]
        button = next(each for row in rows for each in row["elements"] if each["action_id"] == action_id)
        action = {
            "block_id": rows[0]["block_id"],
            **{key: button[key] for key in ("type", "action_id", "value", "text")},
        }
        where = {"channel": message["channel"], "messageTs": message["ts"]}
        await self.do("block_action", user=user, appId="A0BOT", action=action, **where)

    async def errors(self) -> Json:
        """Return the errors at the form's fields."""

        async def look() -> Json | None:
            await self.listen()
            said = [each for each in self.heard if each["t"] == "view_errors"]
            return said[-1]["errors"] if said else None

        errors: Json = await eventually(look, "an error under a field")
        return errors

    async def listen(self) -> None:
        """Read all events since the last call."""
        while True:
            try:
                said = await self.socket.receive_json(timeout=0.05)
            except TimeoutError:
                return
            self.heard.append(said)
            if said["t"] in ("message", "message_update"):
                self.messages[said["message"]["ts"]] = said["message"]
            elif said["t"] == "view":
                self.stack = said["stack"]

    async def modal(self, containing: str) -> Json:
        async def look() -> Json | None:
            await self.listen()
            return self.stack[-1] if self.stack and containing in shown(self.stack[-1]) else None

        view: Json = await eventually(look, f"a modal with {containing!r}")
        return view

    async def reads(self, text: str, channel: str) -> Json:
        async def look() -> Json | None:
            await self.listen()
            fits = [each for each in self.messages.values() if each["channel"] == channel and text in each["text"]]
            return fits[-1] if fits else None

        message: Json = await eventually(look, f"{text!r} in {channel}")
        return message


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Elsewhere]:
    if not LOCAL_SLACK.exists():
        pytest.skip("local-slack is packaged for Linux on x64 only")
    config, port = tmp_path / "workspace.json", free_port()
    config.write_text(json.dumps(WORKSPACE))
    url = f"http://127.0.0.1:{port}"
    command = (LOCAL_SLACK, "--config", config, "--port", str(port), "--base-host", "127.0.0.1")
    async with program(*command, cwd=tmp_path) as process, running(latency_ms=0) as sandbox:
        await until_answering(url, process)
        people = {"REQUESTERS": "U0ALICE", "APPROVERS": "U0BOB", "APPROVALS_REQUIRED": "1", "OPS_ROOMS": CARDS}
        people["REQUIRE_VERIFIED_EMAIL"] = "off"  # local-slack's users have no addresses
        bot = BotProcess.against(sandbox.url, tmp_path, by_http=False, **people)
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}/ui") as socket:
            shim = Shim(url, session)
            app = web.Application()
            app.add_routes([web.route("*", "/api/{method}", shim.serve)])
            async with TestServer(app) as between:
                bot.settings["SLACK_API_URL"] = str(between.make_url("/api/"))
                await bot.start()
                yield Elsewhere(socket, {}, [], [], shim)
                assert await bot.stop() == 0, bot.log.read_text()


async def test_story_on_local_slack(elsewhere: Elsewhere) -> None:
    command = {"appId": "A0BOT", "command": ids.COMMAND, "text": CAMPAIGN}
    await elsewhere.do("slash_command", user="U0ALICE", channel=COMMANDS, **command)
    assert "Nothing was done" in shown(await elsewhere.modal(strings.denials.DENIALS[Denial.UNKNOWN_PERSON][0]))
    await elsewhere.do("view_close", user="U0ALICE")

    elsewhere.shim.completes = True
    await elsewhere.do("slash_command", user="U0ALICE", channel=COMMANDS, **command)
    await elsewhere.modal("1,204 contacts")
    await elsewhere.submits(
        "U0ALICE", {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}, ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Wrong"}}
    )
    assert ids.PHRASE_BLOCK in await elsewhere.errors()
    await elsewhere.submits(
        "U0ALICE", {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}, ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: NAME}}
    )
    card = await elsewhere.reads("is waiting for approval to be deleted.", CARDS)
    await elsewhere.presses("U0BOB", card, ids.APPROVE_BUTTON)
    await elsewhere.modal("To approve, type")
    await elsewhere.submits("U0BOB", {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}})

    assert (await elsewhere.reads("was deleted.", CARDS))["ts"] == card["ts"]
    assert NAME in (await elsewhere.reads("was deleted.", COMMANDS))["text"]
