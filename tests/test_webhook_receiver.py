"""Receivers of the webhook: the one in the documentation, and some that do not answer as they should."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.clock import now
from deletion.stores.webhook_store import OutcomeEvent, WebhookStore
from tests.time_limits import HANGS_AFTER_SECONDS
from tests.webhook_receiver import SECRET
from webhook import SIGNATURE, TIMESTAMP, Webhook, open_webhook


@pytest.fixture
async def store(engine: AsyncEngine) -> WebhookStore:
    store = WebhookStore(engine)
    await store.begin()
    return store


async def test_receiver_in_the_documentation_accepts_a_post_and_refuses_a_forged_or_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = (Path(__file__).parent.parent / "docs/operations.md").read_text()
    (code,) = re.findall(r"```python\n(import hashlib, hmac.*?)```", page, re.DOTALL)
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own page
    app = web.Application()
    app.add_routes([web.post("/", names["receive"])])
    event = OutcomeEvent(
        id=1, event="deleted", at=now(), request_id="r", purpose="delete", requester_id="U0ALICE", campaign_id="cd-1",
        campaign_name="Frühling", application="",
    )  # fmt: skip
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        async with open_webhook(url, SECRET) as genuine, open_webhook(url, "another-secret-of-16") as forged:
            assert await genuine.post(event) == ""
            assert await forged.post(event) == "HTTP 401"
            sent_at = str(int(time.time()) - 600)
            old = {TIMESTAMP: sent_at, SIGNATURE: genuine.sign(sent_at, "{}")}
            assert (await genuine.http.post(url, content="{}", headers=old)).status_code == 401


async def test_unreachable_receiver_is_a_failure_without_a_traceback() -> None:
    async with open_webhook("http://127.0.0.1:1/", SECRET) as webhook:
        event = OutcomeEvent(
            id=1, event="deleted", at=now(), request_id="r", purpose="delete", requester_id="U0ALICE",
            campaign_id="cd-1", campaign_name="x", application="",
        )  # fmt: skip
        assert await webhook.post(event) == "ConnectError"


async def test_receiver_that_never_ends_its_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte by byte, an answer could outlast the claim, and another replica would post the event meanwhile."""

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        return httpx.Response(200)

    monkeypatch.setattr("webhook.TIMEOUT_SECONDS", 0.01)
    event = OutcomeEvent(
        id=1,
        event="deleted",
        at=now(),
        request_id="r",
        purpose="delete",
        requester_id="U0ALICE",
        campaign_id="cd-1",
        campaign_name="Sale",
        application="",
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        posting = asyncio.ensure_future(Webhook(http, "https://receiver.example/", SECRET).post(event))
        await asyncio.wait({posting}, timeout=HANGS_AFTER_SECONDS)
        assert posting.done()
        assert await posting == "TimeoutError"


@pytest.mark.parametrize("status", [200, 500])
async def test_body_of_the_receivers_answer_is_not_read(status: int) -> None:
    """One that never ends would fill the memory, and an event that was accepted would be posted again."""
    gone = asyncio.Event()

    async def answer_for_ever(posted: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(status=status)
        await answer.prepare(posted)
        try:
            while True:
                await answer.write(b"x" * 65_536)
        finally:
            gone.set()

    app = web.Application()
    app.add_routes([web.post("/outcomes", answer_for_ever)])
    ids = {"request_id": "1", "requester_id": "U0ALICE", "campaign_id": "cd-1", "campaign_name": "Sale"}
    event = OutcomeEvent(id=1, event="stopped", at=now(), purpose="delete", application="", **ids)
    async with TestServer(app) as server, open_webhook(str(server.make_url("/outcomes")), SECRET) as opened:
        why = await opened.post(event)
        await asyncio.wait_for(gone.wait(), HANGS_AFTER_SECONDS)
    assert why == ("" if status == 200 else "HTTP 500")
