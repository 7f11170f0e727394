"""The sandbox's Web API answers like ``emulate``, a third-party Slack: the same calls to both, compared."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from proof.node_tools import MODULES, newer_node
from proof.payload_roundtrip import Json
from proof.servers import program, until_answering
from sandbox.server import running
from tests.postgres import free_port
from tests.sandbox.small_bot import modal, section
from tests.stories.conftest import be_patient
from tests.stories.person import PATIENCE_SECONDS

SEED = """
slack:
  team: {name: Sandbox, domain: sandbox}
  users:
    - {name: alice, real_name: Alice Moreno, email: alice@example.com}
    - {name: dan, real_name: Dan Petrov, email: dan@example.com}
  channels: [{name: campaigns}]
"""
MANIFEST = Path(__file__).parents[1] / "tests/sandbox/manifest.yml"
VIEW = {**modal(section("x")), "callback_id": "c", "private_metadata": "p"}
HOME = {"type": "home", "blocks": [section("x")]}
# Where the two differ, and why it stays so. A difference that is no more is an error too.
ERRORS = {
    "views.open: without a view": (
        "invalid_arguments", "invalid_view",
        "the name that Slack gives to a missing argument: docs.slack.dev/reference/methods/views.open#errors",
    ),
}  # fmt: skip
_NOT_READ = "the bot reads none of them"
ONLY_THEIRS: dict[str, tuple[set[str], str]] = {
    "chat.update: another text": (
        {"message.reply_count", "message.reply_users", "message.ts"},
        "they answer with the stored message; Slack's own response type has none of them",
    ),
    "conversations.info: a channel": (
        {"channel.is_open", "channel.last_read", "channel.num_members", "channel.purpose.creator",
         "channel.purpose.last_set", "channel.purpose.value", "channel.topic.creator", "channel.topic.last_set",
         "channel.topic.value"},
        _NOT_READ,
    ),
    "users.info: a person": (
        {"user.profile.email", "user.profile.huddle_state", "user.profile.huddle_state_expiration_ts",
         "user.profile.image_192", "user.profile.image_48", "user.profile.phone", "user.profile.skype",
         "user.profile.status_emoji", "user.profile.status_emoji_display_info", "user.profile.status_expiration",
         "user.profile.status_text"},
        _NOT_READ,
    ),
}  # fmt: skip


@dataclass
class Slack:
    """One of the two servers, and its ids of the same users and channels."""

    http: httpx.AsyncClient
    token: str
    alice: str
    dan: str
    channel: str
    trigger: Callable[[str | None], Awaitable[str]]

    async def call(self, method: str, **arguments: Any) -> Json:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer: Json = (await self.http.post(f"/api/{method}", json=arguments, headers=headers)).json()
        return answer


@pytest.fixture
async def ours() -> AsyncIterator[Slack]:
    async with (
        running(latency_ms=0, manifest=MANIFEST) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, timeout=PATIENCE_SECONDS) as http,
    ):
        be_patient(sandbox)

        async def trigger(view_id: str | None) -> str:
            return sandbox.slack.workspace.triggers.issue("U0ALICE", view_id)

        yield Slack(http, "xoxb-sandbox", "U0ALICE", "U0DAN", "C0CAMPAIGNS", trigger)


@pytest.fixture
async def theirs(tmp_path: Path) -> AsyncIterator[Slack]:
    node = newer_node()
    if node is None:
        pytest.skip("emulate needs Node.js 22, and none is packaged for this machine")
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = (node, MODULES / "emulate/dist/index.js", "--service", "slack", "--port", str(port), "--seed", seed)
    async with (
        program(*command, cwd=tmp_path) as process,
        httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS) as http,
    ):
        await until_answering(url, process)
        slack = Slack(http, "xoxb-anything", "", "", "", trigger=_no_trigger)
        people = {person["name"]: person["id"] for person in (await slack.call("users.list"))["members"]}
        slack.alice, slack.dan = people["alice"], people["dan"]
        channels = (await slack.call("conversations.list"))["channels"]
        slack.channel = next(channel["id"] for channel in channels if channel["name"] == "campaigns")
        await slack.call("conversations.invite", channel=slack.channel, users=slack.alice)

        async def trigger(view_id: str | None) -> str:
            below = {"view_id": view_id} if view_id else {}
            answer = await slack.call("views.generateTriggerId", user_id=slack.alice, **below)
            return str(answer["trigger_id"])

        slack.trigger = trigger
        yield slack


async def _no_trigger(_: str | None) -> str:
    raise AssertionError("not ready")


async def probes(slack: Slack) -> dict[str, Json]:
    """Return every answer by the name of its call."""
    said: dict[str, Json] = {}

    async def call(name: str, method: str, **arguments: Any) -> Json:
        said[f"{method}: {name}"] = await slack.call(method, **arguments)
        return said[f"{method}: {name}"]

    here = {"channel": slack.channel}
    nowhere = {"channel": "C0NOWHERE0"}
    await call("who am I", "auth.test")
    first = await call("a text", "chat.postMessage", **here, text="one")
    await call("blocks", "chat.postMessage", **here, text="two", blocks=[section("x")])
    await call("in a thread", "chat.postMessage", **here, text="three", thread_ts=first["ts"])
    await call("nowhere", "chat.postMessage", **nowhere, text="x")
    await call("nothing to say", "chat.postMessage", **here)
    await call("another text", "chat.update", **here, ts=first["ts"], text="uno")
    await call("no such message", "chat.update", **here, ts="1.000001", text="x")
    await call("to a member", "chat.postEphemeral", **here, user=slack.alice, text="x")
    await call("to nobody here", "chat.postEphemeral", **here, user=slack.dan, text="x")
    await call("of a message", "chat.getPermalink", **here, message_ts=first["ts"])
    await call("of no message", "chat.getPermalink", **here, message_ts="1.000001")
    await call("one", "chat.delete", **here, ts=first["ts"])
    await call("it again", "chat.delete", **here, ts=first["ts"])
    await call("a channel", "conversations.info", **here)
    await call("nowhere", "conversations.info", **nowhere)
    await call("of a channel", "conversations.members", **here)
    await call("of nowhere", "conversations.members", **nowhere)
    await call("with a person", "conversations.open", users=slack.alice)
    await call("with nobody", "conversations.open", users="U0NOBODY00")
    await call("a person", "users.info", user=slack.alice)
    await call("nobody", "users.info", user="U0NOBODY00")
    await views(slack, call)
    return said


async def views(slack: Slack, call: Callable[..., Awaitable[Json]]) -> None:
    trigger = await slack.trigger(None)
    opened = (await call("a modal", "views.open", trigger_id=trigger, view=VIEW))["view"]
    await call("with a used trigger", "views.open", trigger_id=trigger, view=VIEW)
    await call("with an invented trigger", "views.open", trigger_id="1.2.3", view=VIEW)
    await call("without a view", "views.open", trigger_id=await slack.trigger(None))
    changed = {**VIEW, "blocks": [section("changed")]}
    newer = (await call("a modal", "views.update", view_id=opened["id"], hash=opened["hash"], view=changed))["view"]
    assert newer["hash"] != opened["hash"]
    await call("a stale one", "views.update", view_id=opened["id"], hash=opened["hash"], view=VIEW)
    await call("none", "views.update", view_id="V0NOTHING0", view=VIEW)
    second = (await call("a second", "views.push", trigger_id=await slack.trigger(opened["id"]), view=VIEW))["view"]
    third = (await call("a third", "views.push", trigger_id=await slack.trigger(second["id"]), view=VIEW))["view"]
    await call("a fourth", "views.push", trigger_id=await slack.trigger(third["id"]), view=VIEW)
    home = (await call("a home", "views.publish", user_id=slack.alice, view=HOME))["view"]
    await call("again", "views.publish", user_id=slack.alice, view=HOME, hash=home["hash"])
    await call("a stale one", "views.publish", user_id=slack.alice, view=HOME, hash=home["hash"])
    for view, root, below in ((second, opened, opened), (third, opened, second)):
        assert (view["root_view_id"], view["previous_view_id"]) == (root["id"], below["id"])


def kinds(answer: Any, path: str = "") -> dict[str, str]:
    """Return each key of an answer with the JSON type of its value; list items are not compared."""
    if not isinstance(answer, dict):
        return {path: type(answer).__name__}
    found: dict[str, str] = {}
    for key, value in answer.items():
        found |= kinds(value, f"{path}.{key}".lstrip("."))
    return found


async def test_sandbox_and_emulate_give_equal_answers(ours: Slack, theirs: Slack) -> None:
    here, there = await probes(ours), await probes(theirs)

    assert here.keys() == there.keys()
    pairs = {name: (here[name], there[name]) for name in here}
    errors = {
        name: (a.get("error"), b.get("error")) for name, (a, b) in pairs.items() if a.get("error") != b.get("error")
    }
    assert errors == {name: (own, other) for name, (own, other, _) in ERRORS.items()}
    assert all(a["ok"] is b["ok"] for a, b in pairs.values())
    only_theirs = {name: missing for name, (a, b) in pairs.items() if (missing := kinds(b).keys() - kinds(a).keys())}
    assert only_theirs == {name: keys for name, (keys, _) in ONLY_THEIRS.items()}
    for name, (a, b) in pairs.items():
        common = kinds(a).keys() & kinds(b).keys()
        assert {key: kinds(a)[key] for key in common} == {key: kinds(b)[key] for key in common}, name
