"""Each outcome reaches the operator's URL: signed, in order, and at least once."""

import asyncio
import logging
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import webhook_positions
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.records import Entry
from deletion.domain.states import OPEN_STATES, State
from deletion.engine import webhooks
from deletion.engine.webhooks import deliver
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from deletion.stores.webhook_store import OUTCOMES, OutcomeEvent, WebhookStore
from tests.deletion.values import campaign, request
from tests.webhook_receiver import SECRET, Inbox, receiver
from webhook import SIGNATURE, TIMESTAMP, Webhook, open_webhook


@pytest.fixture
async def store(engine: AsyncEngine) -> WebhookStore:
    store = WebhookStore(engine)
    await store.begin()
    return store


async def ended(
    engine: AsyncEngine,
    number: int,
    state: State = State.STOPPED,
    event: str = "",
    attempt: Attempt | None = None,
    *,
    application: str = "",
    stops: Purpose | None = None,
) -> Request:
    """Add an approved request and end it."""
    shown = CampaignFingerprint.of(
        campaign(_id=f"cd-3aefda80-f98e-5f4f-ad41-92803abb{number:04}", name=f"Sale {number}")
    )
    kept = request(campaign=shown, attempt=attempt, application=application, stops=stops)
    requests = RequestStore(engine)
    await requests.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    after = await Transitions(requests, Policy()).move(kept, state, event or str(state))
    assert after
    return after


async def test_outcomes_arrive_once_and_in_order(engine: AsyncEngine, store: WebhookStore) -> None:
    asked = [await ended(engine, 1), await ended(engine, 2, State.EXPIRED, "expired, unused")]
    inbox = Inbox()
    async with receiver(inbox.answer) as webhook:
        for _ in range(2):
            await deliver(store, webhook.post)

    assert [(each["request_id"], each["event"]) for each in inbox.received] == [
        (asked[0].id, "stopped"),
        (asked[1].id, "expired, unused"),
    ]
    first = inbox.received[0]
    assert (first["campaign_name"], first["campaign_id"]) == ("Sale 1", asked[0].campaign.campaign_id)
    assert (first["purpose"], first["requester_id"]) == ("delete", "U0ALICE")
    assert set(first) == set(OutcomeEvent.model_fields)


async def test_stop_after_an_unanswered_delete_is_posted_as_unknown(engine: AsyncEngine, store: WebhookStore) -> None:
    stopped = await ended(engine, 1, attempt=Attempt(kind=AttemptKind.NO_ANSWER, at=now()))
    assert stopped.state is State.UNKNOWN
    event = await store.claim(timedelta(seconds=30))
    assert event
    assert event.event == "unknown"


@pytest.mark.parametrize("stops", [Purpose.STOP, Purpose.STOP_AND_DELETE])
async def test_outcome_of_a_stop_says_its_purpose(engine: AsyncEngine, store: WebhookStore, stops: Purpose) -> None:
    await ended(engine, 1, State.CAMPAIGN_STOPPED, stops=stops)
    event = await store.claim(timedelta(minutes=1))
    assert event
    assert (event.event, event.purpose) == ("campaign stopped", stops)


async def test_outcome_of_practice_says_so(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1, State.STOPPED, application="practice-production")
    event = await store.claim(timedelta(seconds=30))
    assert event
    assert (event.event, event.application) == ("stopped", "practice-production")
    assert str(State.PRACTISED) in OUTCOMES


async def test_deleted_campaign_that_reappears_is_posted(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1, State.UNKNOWN, REAPPEARED)
    event = await store.claim(timedelta(seconds=30))
    assert event
    assert event.event == "reappeared"


async def test_outcomes_before_the_first_start_are_not_posted(engine: AsyncEngine) -> None:
    await ended(engine, 1)
    store, inbox = WebhookStore(engine), Inbox()
    await store.begin()
    new = await ended(engine, 2)
    await store.begin()  # a later start
    async with receiver(inbox.answer) as webhook:
        await deliver(store, webhook.post)

    assert [each["request_id"] for each in inbox.received] == [new.id]


@pytest.mark.parametrize("status", [301, 307, 404, 500])
async def test_refused_event_is_posted_again_after_a_pause_and_later_ones_wait(
    engine: AsyncEngine, store: WebhookStore, status: int
) -> None:
    asked = [await ended(engine, number) for number in (1, 2)]
    inbox = Inbox(status)
    async with receiver(inbox.answer) as webhook:
        await deliver(store, webhook.post)
        await deliver(store, webhook.post)
        assert inbox.received == []
        async with engine.begin() as connection:
            await connection.execute(webhook_positions.update().values(claimed_until=now() - timedelta(seconds=1)))
        await deliver(store, webhook.post)

    assert [each["request_id"] for each in inbox.received] == [each.id for each in asked]


async def test_pauses_grow_up_to_five_minutes(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    event = await store.claim(timedelta(0))
    assert event
    pauses = [(await store.failed(event)).total_seconds() for _ in range(7)]
    assert pauses == [10, 20, 40, 80, 160, 300, 300]


async def test_clock_that_is_set_back_holds_up_no_event(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    async with engine.begin() as connection:  # claimed when the clock was an hour ahead
        await connection.execute(webhook_positions.update().values(claimed_until=now() + timedelta(hours=1)))
    inbox = Inbox()
    async with receiver(inbox.answer) as webhook:
        await deliver(store, webhook.post)

    assert len(inbox.received) == 1


async def test_two_replicas_do_not_post_the_same_event(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    posted, is_posted, answering = [], asyncio.Event(), asyncio.Event()

    async def slow(event: OutcomeEvent) -> str:
        posted.append(event.id)
        is_posted.set()
        await answering.wait()
        return ""

    async def at_once(event: OutcomeEvent) -> str:
        posted.append(event.id)
        return ""

    first = asyncio.create_task(deliver(store, slow))
    await is_posted.wait()
    await deliver(WebhookStore(engine), at_once)
    answering.set()
    await first
    assert len(posted) == 1


async def test_event_of_a_replica_that_died_is_posted_by_another(engine: AsyncEngine, store: WebhookStore) -> None:
    await ended(engine, 1)
    assert await store.claim(timedelta(0))
    assert await WebhookStore(engine).claim(timedelta(seconds=30))


def test_every_end_of_a_request_is_an_outcome() -> None:
    assert {str(state) for state in State} - {str(state) for state in OPEN_STATES} <= set(OUTCOMES)


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


async def test_event_that_is_being_posted_at_the_stop_is_not_posted_again(
    engine: AsyncEngine, store: WebhookStore
) -> None:
    await ended(engine, 1)
    posting, may_answer = asyncio.Event(), asyncio.Event()
    posted: list[int] = []

    async def accept(event: OutcomeEvent) -> str:
        posted.append(event.id)
        posting.set()
        await may_answer.wait()
        return ""

    async with webhooks.delivering(store, accept), asyncio.timeout(10):
        await posting.wait()
        asyncio.get_running_loop().call_soon(may_answer.set)

    async with engine.connect() as connection:
        (accepted,) = await connection.execute(sa.select(webhook_positions.c.seq, webhook_positions.c.claimed_until))
    assert tuple(accepted) == (posted[0], None)


async def test_database_error_is_logged_with_its_code_and_without_a_traceback(
    engine: AsyncEngine, store: WebhookStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def accept(_: OutcomeEvent) -> str:
        return ""

    monkeypatch.setattr(webhooks, "LOOKS_EVERY_SECONDS", 0)
    async with webhooks.delivering(store, accept), asyncio.timeout(10):
        async with engine.begin() as connection:
            await connection.execute(sa.text("DROP TABLE webhook_positions"))
        while not (logged := failures(caplog)):  # noqa: ASYNC110 - a log line sets no Event
            await asyncio.sleep(0.01)
    assert getattr(logged[0], "error", "").startswith(("OperationalError", "ProgrammingError"))
    assert logged[0].exc_info is None


def failures(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [each for each in caplog.records if each.msg.startswith("Webhook delivery failed")]


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
        await asyncio.wait({posting}, timeout=5)
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
        await asyncio.wait_for(gone.wait(), 10)
    assert why == ("" if status == 200 else "HTTP 500")
