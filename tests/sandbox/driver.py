"""Act as users through the control API (docs/sandbox.md)."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import httpx

from sandbox.server import Sandbox
from sandbox.slack.seed import BOT_TOKEN

PATIENCE_SECONDS = 60.0
Body = dict[str, Any]


class Driver:
    """Acts on a sandbox in which nothing is too late, unless a test says so."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        sandbox.slack.delivery.ack_timeout_seconds = PATIENCE_SECONDS
        sandbox.slack.workspace.triggers.lifetime_seconds = PATIENCE_SECONDS
        self.client = client

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.client.post(f"/sandbox/{path}", json=_renamed(body))
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    async def refused(self, path: str, **body: Any) -> str:
        answer = await self.client.post(f"/sandbox/{path}", json=_renamed(body))
        assert answer.status_code == httpx.codes.BAD_REQUEST, answer.text
        return str(answer.json()["error"])

    async def state(self, person: str) -> Body:
        answer = await self.client.get("/sandbox/state", params={"as": person})
        return dict(answer.json())

    async def until(self, person: str, holds: Callable[[Body], bool]) -> Body:
        """Return the first state of this user that fulfils the condition."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            state = await self.state(person)
            while not holds(state):
                await self.sandbox.slack.workspace.newer_than(state["version"])
                state = await self.state(person)
        return state

    async def call(self, method: str, *, token: str = BOT_TOKEN, **args: Any) -> Body:
        """Call a Web API method with JSON."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return dict((await self.client.post(f"/api/{method}", json=args, headers=headers)).json())

    async def error(self, method: str, **args: Any) -> str:
        answer = await self.call(method, **args)
        assert answer["ok"] is False, answer
        return str(answer["error"])

    def trigger(self, person: str = "U0ALICE") -> str:
        return self.sandbox.slack.workspace.triggers.issue(person)


def client_of(sandbox: Sandbox, *, verify: ssl.SSLContext | bool = True) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=sandbox.url, verify=verify, timeout=PATIENCE_SECONDS)


def texts(state: Body, channel: str) -> list[str]:
    return [message["text"] for message in state["messages"][channel]]


def _renamed(body: Body) -> Body:
    """Rename arguments: ``as`` and ``in`` are Python keywords."""
    return {name.removesuffix("_"): value for name, value in body.items()}
