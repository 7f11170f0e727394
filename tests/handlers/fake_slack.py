"""A Slack with these users, groups and channels, behind a real client."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

MEMBER: dict[str, Any] = {
    "team_id": "T0", "deleted": False, "is_bot": False, "is_restricted": False, "is_ultra_restricted": False,
}  # fmt: skip
CHANNEL: dict[str, Any] = {
    "is_member": True, "is_ext_shared": False, "is_pending_ext_shared": False, "pending_shared": [],
}  # fmt: skip
FAILING = {"ok": False, "error": "internal_error"}


def user(user_id: str, email: str = "", **facts: Any) -> dict[str, Any]:
    address = email or f"{user_id.lower()}@sandbox.example"
    return {"ok": True, "user": {**MEMBER, "id": user_id, "profile": {"email": address}, **facts}}


def group(*users: str) -> dict[str, Any]:
    return {"ok": True, "users": list(users)}


def channel(**facts: Any) -> dict[str, Any]:
    return {"ok": True, "channel": {**CHANNEL, **facts}}


@asynccontextmanager
async def answering(
    answers: Mapping[str, dict[str, Any]], calls: list[str] | None = None
) -> AsyncIterator[AsyncWebClient]:
    """Open a client of a Slack that answers by the id that a call names, and records the ids in ``calls``."""

    async def answer(request: web.Request) -> web.Response:
        named = {**request.query, **(await request.post())}
        ids: Iterable[str] = (str(named[name]) for name in ("user", "usergroup", "channel") if name in named)
        (slack_id,) = ids
        if calls is not None:
            calls.append(slack_id)
        return web.json_response(answers.get(slack_id, FAILING))

    app = web.Application()
    app.add_routes([web.route("*", "/api/{method}", answer)])
    async with TestServer(app) as server:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=str(server.make_url("/api/")), retry_handlers=[])
