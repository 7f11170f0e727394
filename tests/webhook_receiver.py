"""A receiver of the webhook's events."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from webhook import Webhook, open_webhook

SECRET = "a-secret-of-the-operator"


@asynccontextmanager
async def receiver(answer: Callable[[web.Request, str], web.Response]) -> AsyncIterator[Webhook]:
    async def receive(request: web.Request) -> web.Response:
        return answer(request, await request.text())

    app = web.Application()
    app.add_routes([web.post("/outcomes", receive)])
    async with TestServer(app) as server, open_webhook(str(server.make_url("/outcomes")), SECRET) as webhook:
        yield webhook


class Inbox:
    """Receives events, and answers with the next of ``statuses``, then 200. Redirects lead back to it."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.received: list[dict[str, Any]] = []

    async def has_received(self) -> bool:
        return bool(self.received)

    def answer(self, _: web.Request, body: str) -> web.Response:
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.received.append(json.loads(body))
        return web.Response(status=status, headers={"Location": "/outcomes"} if 300 <= status < 400 else {})
