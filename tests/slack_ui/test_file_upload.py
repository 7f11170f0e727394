"""An upload: its three steps, what each failure means, and what its address gets to see."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from prometheus_client import REGISTRY
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.errors import SlackBusyError, UnreachableError
from handlers.access.slack_client import client_on, without_retries
from slack_ui.messages.file_upload import upload_file

FILE = {"filename": "list.csv", "title": "Result", "content": b"Campaign\r\n"}


@dataclass
class Slack:
    """As much of Slack as an upload needs; ``status`` is what its upload address answers."""

    client: AsyncWebClient
    status: int = 200
    uploads: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    shared: list[dict[str, str]] = field(default_factory=list)

    async def upload(self) -> str:
        return await upload_file(self.client, FILE, "C0", "1.2")


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async def address(request: web.Request) -> web.Response:
        url = str(request.url.with_path("/upload/v1/secret"))
        return web.json_response({"ok": True, "upload_url": url, "file_id": "F1"})

    async def receive(request: web.Request) -> web.Response:
        found.uploads.append((dict(request.headers), await request.read()))
        return web.Response(status=found.status, text="OK - 10")

    async def complete(request: web.Request) -> web.Response:
        found.shared.append(dict(request.query))
        return web.json_response({"ok": True, "files": [{"id": "F1", "title": "Result"}]})

    app = web.Application()
    app.add_routes(
        [
            web.post("/api/files.getUploadURLExternal", address),
            web.post("/upload/v1/secret", receive),
            web.post("/api/files.completeUploadExternal", complete),
        ]
    )
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = client_on(session, "xoxb-sandbox", str(server.make_url("/api/")))
        found = Slack(without_retries(client))
        yield found


async def test_file_is_uploaded_without_the_token_and_shared_in_the_thread(slack: Slack) -> None:
    before = _counted()
    assert await slack.upload() == "F1"
    ((headers, content),) = slack.uploads
    assert content == FILE["content"]
    assert not any("xoxb" in value for value in headers.values())
    told = {"channel_id": "C0", "thread_ts": "1.2", "files": '[{"id": "F1", "title": "Result"}]'}
    assert slack.shared == [told]
    assert _counted() == before  # the address, which is a secret, becomes no label


@pytest.mark.parametrize(
    ("status", "error"),
    [(413, UnreachableError), (404, UnreachableError), (429, SlackBusyError), (503, SlackBusyError)],
)
async def test_refused_bytes_are_not_shared(slack: Slack, status: int, error: type[Exception]) -> None:
    slack.status = status
    with pytest.raises(error, match=f"HTTP {status}"):
        await slack.upload()
    assert slack.shared == []


def _counted() -> list[Any]:
    return [family for family in REGISTRY.collect() if family.name == "campaign_delete_slack_errors"]
