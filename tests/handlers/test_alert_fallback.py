"""A Slack that does not know the alert block shows its text as a section."""

import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from handlers.replies.loading_modal import update_view
from slack_ui.parts.blocks import alert, header
from slack_ui.views.notice import info


async def test_modal_without_alert_is_shown_where_slack_refuses_the_block() -> None:
    shown: list[list[dict[str, Any]]] = []

    async def answer(request: web.Request) -> web.Response:
        args = await request.json() if request.content_type == "application/json" else await request.post()
        view = args["view"] if isinstance(args["view"], dict) else json.loads(str(args["view"]))
        blocks = view["blocks"]
        shown.append(blocks)
        if any(block["type"] == "alert" for block in blocks):
            return web.json_response({"ok": False, "error": "invalid_arguments"})
        return web.json_response({"ok": True, "view": {"id": "V0", "hash": "h"}})

    app = web.Application()
    app.add_routes([web.route("*", "/api/{method}", answer)])
    asked = View(type="modal", title="Delete campaign", blocks=[alert("Stopped · 137 sent"), header("Spring Sale")])
    async with TestServer(app) as server:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=str(server.make_url("/api/")), retry_handlers=[])
        assert await update_view(client, "V0", asked) == "h"
        assert await update_view(client, "V0", info("Plain")) == "h"

    assert [[block["type"] for block in blocks] for blocks in shown] == [
        ["alert", "header"],
        ["section", "header"],
        ["section"],
    ]
    assert shown[1][0]["text"]["text"] == "Stopped · 137 sent"
