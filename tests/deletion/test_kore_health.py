"""How Kore.ai was heard last: the same for all replicas, and only what was heard."""

import pytest
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.clock import now
from deletion.kore.health import Health, KoreHealth, Trouble
from kore_api.causes import Cause
from kore_api.errors import (
    CampaignNotFoundError,
    KoreAuthError,
    KoreError,
    KoreNoAnswerError,
    KorePracticeError,
    KoreRateLimitError,
    KoreServerError,
    KoreThrottledError,
    KoreUnreachableError,
)


async def heard(engine: AsyncEngine, *errors: KoreError | None) -> Health:
    """Each by a replica of its own."""
    for error in errors:
        await KoreHealth(engine).record(error)
    return await KoreHealth(engine).now()


async def test_before_anything_was_asked_nothing_is_known(engine: AsyncEngine) -> None:
    assert await KoreHealth(engine).now() == Health()
    assert await heard(engine, KoreThrottledError("our own count")) == Health()
    assert await heard(engine, KorePracticeError("not sent, for practice")) == Health()


async def test_call_that_practice_held_back_ends_no_trouble(engine: AsyncEngine) -> None:
    before = await heard(engine, KoreServerError("500"))
    assert await heard(engine, KorePracticeError("not sent, for practice")) == before


@pytest.mark.parametrize("error", [None, CampaignNotFoundError("gone"), KoreRateLimitError("too many")])
async def test_an_answer_is_an_answer_whatever_it_says(engine: AsyncEngine, error: KoreError | None) -> None:
    health = await heard(engine, KoreServerError("500"), error)
    assert health.trouble is Trouble.NONE
    assert health.since is None
    assert health.answered_at
    assert health.answered_at <= now()


@pytest.mark.parametrize("error", [KoreUnreachableError("no"), KoreNoAnswerError("no"), KoreServerError("500")])
async def test_silence_is_dated_from_its_beginning_and_keeps_the_last_answer(
    engine: AsyncEngine, error: KoreError
) -> None:
    before = await heard(engine, None)
    first = await heard(engine, error)
    later = await heard(engine, error)
    assert first.trouble is later.trouble is Trouble.UNANSWERED
    assert first.since == later.since
    assert later.answered_at == before.answered_at


async def test_refused_credentials_are_an_answer_and_a_trouble_until_they_are_taken(engine: AsyncEngine) -> None:
    denied = await heard(engine, KoreServerError("500"), KoreAuthError("401"))
    assert denied.trouble is Trouble.DENIED
    assert denied.answered_at
    assert denied.since
    assert denied.since >= denied.answered_at
    assert (await heard(engine, None)).trouble is Trouble.NONE


async def test_one_replica_writes_what_changes_and_not_every_call(engine: AsyncEngine) -> None:
    health = KoreHealth(engine)
    await health.record(None)
    first = await health.now()
    await health.record(None)
    assert await health.now() == first
    await health.record(KoreServerError("500"))
    assert (await health.now()).trouble is Trouble.UNANSWERED


async def test_cause_is_logged_once_a_minute_with_advice_and_masked_words(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture, mocker: MockerFixture
) -> None:
    clock = mocker.patch("deletion.domain.log_throttle.time.monotonic", return_value=1_000.0)
    health = KoreHealth(engine)
    proxied = KoreUnreachableError("Not asked.", cause=Cause.PROXY)
    proxied.__cause__ = RuntimeError("407 from http://user:secret@proxy.example")
    for _ in range(50):
        await health.record(proxied)
        await health.record(KoreServerError("No.", "no Route matched", 404, cause=Cause.NOT_KORE))
        await health.record(CampaignNotFoundError("gone"))
        await health.record(None)
    clock.return_value += 61
    await health.record(proxied)

    logged = [vars(record) for record in caplog.records if record.name == "deletion.kore.health"]
    assert [(line["levelname"], line["cause"], line["suppressed"]) for line in logged] == [
        ("WARNING", "proxy", 0),
        ("WARNING", "not_kore", 0),
        ("WARNING", "proxy", 49),
    ]
    assert logged[0]["advice"] == Cause.PROXY.advice
    assert logged[0]["detail"] == "RuntimeError: 407 from http://[user]@proxy.example"
    assert (logged[1]["kore_message"], logged[1]["http_status"]) == ("no Route matched", 404)


async def test_error_of_the_bot_itself_says_nothing_of_kore(engine: AsyncEngine) -> None:
    assert await heard(engine, KoreUnreachableError("a bug", cause=Cause.UNEXPECTED)) == Health()
