"""A bot that uses every kind of interaction once, to show that Bolt works with the sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox

NAMES = ("Spring sale", "Spring clean", "Autumn news")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Delete"), "blocks": list(blocks), **more}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": plain(text)}


def button(block_id: str, action_id: str, value: str = "1") -> dict[str, Any]:
    element = {"type": "button", "text": plain(action_id), "action_id": action_id, "value": value}
    return {"type": "actions", "block_id": block_id, "elements": [element]}


LOADING = modal(section("Loading"))
FORM = modal(
    {"type": "input", "block_id": "campaign", "label": plain("Campaign"),
     "element": {"type": "external_select", "action_id": "pick", "min_query_length": 1}},
    {"type": "input", "block_id": "typed", "label": plain("Type DELETE"),
     "element": {"type": "plain_text_input", "action_id": "word", "max_length": 10}},
    button("tools", "more"),
    callback_id="form", submit=plain("Delete"), notify_on_close=True, private_metadata="kept",
)  # fmt: skip


def add_form(app: AsyncApp, seen: list[dict[str, Any]]) -> None:
    @app.command("/campaign-delete")
    async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        seen.append(body)
        if body["text"] == "quick":
            await ack("At once")
            return
        await ack()
        opened = await client.views_open(trigger_id=body["trigger_id"], view=LOADING)
        await client.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=FORM)

    @app.options("pick")
    async def suggest(ack: AsyncAck, payload: dict[str, Any]) -> None:
        found = [name for name in NAMES if payload["value"].lower() in name.lower()]
        await ack(options=[option(name) for name in found])

    @app.action("more")
    async def more(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        seen.append(body)
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal(section("More")))

    @app.view("form")
    async def submit(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        seen.append(body)
        values = body["view"]["state"]["values"]
        if values["typed"]["word"]["value"] != "DELETE":
            await ack(response_action="errors", errors={"typed": "Type the word DELETE."})
            return
        await ack()
        name = values["campaign"]["pick"]["selected_option"]["value"]
        blocks = [section(name), button("decide", "approve", value="42")]
        await client.chat_postMessage(channel="C0CAMPAIGNS", text=f"Delete {name}?", blocks=blocks)

    @app.action("approve")
    async def approve(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond) -> None:
        seen.append(body)
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, text="Approved", blocks=[])
        await respond("Thank you")

    @app.view_closed("form")
    async def closed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body)


def add_rest(app: AsyncApp) -> None:
    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [section("Welcome home")]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.shortcut("start")
    async def start(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(section("From a shortcut")))

    @app.shortcut("who")
    async def who(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(f"Written by {body['message']['user']}")


@asynccontextmanager
async def connected(sandbox: Sandbox, mode: str) -> AsyncIterator[list[dict[str, Any]]]:
    """Run the bot over HTTP or Socket Mode, and yield the list of what it receives."""
    seen: list[dict[str, Any]] = []
    client = AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.url}/api/")
    app = AsyncApp(client=client, signing_secret="sandbox-signing-secret")
    add_form(app, seen)
    add_rest(app)
    if mode == "socket":
        handler = AsyncSocketModeHandler(app, "xapp-sandbox", ping_interval=60)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no annotation here
        yield seen
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same
    else:
        runner = web.AppRunner(app.web_app("/slack/events"))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        sandbox.slack.delivery.request_url = f"http://127.0.0.1:{port}/slack/events"
        yield seen
        await runner.cleanup()
