"""The sandbox serves an app on Slack's own framework for JavaScript as Slack would: nothing of ours is in that app."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from proof.node_tools import FOLDER, node
from proof.servers import program
from sandbox.server import running
from tests.stories.conftest import be_patient
from tests.stories.person import PATIENCE_SECONDS, Person, eventually, shown

MANIFEST = Path(__file__).parents[1] / "tests/sandbox/manifest.yml"
CHANNEL = "C0CAMPAIGNS"


@pytest.fixture
async def alice() -> AsyncIterator[Person]:
    async with (
        running(manifest=MANIFEST) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, timeout=PATIENCE_SECONDS) as http,
    ):
        be_patient(sandbox)
        tokens = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox"}
        address = f"{sandbox.url}/api/"
        async with program(node(), "bolt_app.mjs", cwd=FOLDER, SLACK_API_URL=address, **tokens) as app:
            assert app.stdout
            line = (await app.stdout.readline()).decode()
            assert line == "connected\n", line + (await app.stdout.read()).decode()
            yield Person(http, "U0ALICE", CHANNEL)


async def test_conversation_with_bolt_js(alice: Person) -> None:
    await alice.types("/campaign-delete anything")
    view = await alice.modal("order")
    suggested = await alice.does("suggest", view_id=view["id"], block_id="size", action_id="sizes", query="lar")
    assert [option["value"] for option in suggested["options"]] == ["large"]
    values: dict[str, Any] = {
        "what": {"text": "nothing"},
        "size": {"sizes": {"type": "external_select", "selected_option": suggested["options"][0]}},
    }

    refused = await alice.does("modal/submit", view_id=view["id"], values=values)
    assert refused["errors"] == {"what": "Something, please"}
    sent = await alice.does("modal/submit", view_id=view["id"], values={**values, "what": {"text": "tea"}})
    assert sent["delivered"]
    assert not sent.get("errors")
    message = await alice.reads("tea, large")
    assert "<@U0ALICE>" in shown(message["blocks"])
    await alice.does("click", channel=CHANNEL, ts=message["ts"], block_id="done", action_id="done")

    done = await alice.reads("tea is done")
    assert (done["ts"], done["blocks"]) == (message["ts"], [])
    for private in ("Thank you", "Only you read this"):
        assert (await alice.reads(private))["ephemeral"]
    await alice.does("home")

    async def greeted() -> bool:
        return "Hello home" in shown((await alice.sees())["home"])

    await eventually(greeted, "the App Home")
