"""Outcomes that reach the operator's URL: each once, in order, and with its purpose."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.states import OPEN_STATES, State
from deletion.engine.webhooks import deliver
from deletion.stores.webhook_store import OUTCOMES, OutcomeEvent, WebhookStore
from tests.ended_requests import ended
from tests.webhook_receiver import Inbox, receiver


@pytest.fixture
async def store(engine: AsyncEngine) -> WebhookStore:
    store = WebhookStore(engine)
    await store.begin()
    return store


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


def test_every_end_of_a_request_is_an_outcome() -> None:
    assert {str(state) for state in State} - {str(state) for state in OPEN_STATES} <= set(OUTCOMES)
