"""The report of a period: counts, waiting times, and who approved for whom."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from commands.report_formats import FORMATS
from deletion.db.connection import open_engine
from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.report import Report
from deletion.domain.states import State
from deletion.stores import report_reads
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestFilter, RequestQueries
from deletion.stores.row_mapping import row_of
from slack_ui.messages import report as reply
from slack_ui.parts.text import date
from tests.reported_requests import BEGAN, ENDED, asked, month, report_of, run


def test_report_counts_states_waits_approvals_and_failures() -> None:
    found = report_of(month(), BEGAN, ENDED)
    assert (found.requests, found.states[State.DELETED], found.states[State.REJECTED]) == (5, 3, 1)
    assert found.approved_after == [timedelta(minutes=30)] * 3
    assert found.approvals["U0ALICE", "U0BOB"] == 3
    assert found.failures == {"Campaign | is =running": 1}
    assert (found.deleted_alone, found.deleted) == (1, 3)
    assert found.days[(BEGAN + timedelta(days=2)).date()] == 2


def test_success_that_kore_reported_is_the_cause_of_no_failure() -> None:
    confirmed = Attempt(kind=AttemptKind.CONFIRMED, at=BEGAN, kore_message="Campaign deleted successfully")
    there_again = asked(2, State.UNKNOWN, attempt=confirmed, reappeared_at=BEGAN)
    found = report_of([asked(1, State.UNKNOWN, attempt=confirmed), there_again], BEGAN, ENDED)
    assert set(found.failures) == {
        "Kore.ai confirmed it, but it could not be verified",
        "the deleted campaign is there again",
    }


def test_hold_that_ended_a_request_in_a_rate_limit_pause_is_the_cause() -> None:
    """The attempt keeps the vendor's words, and the explanation says why the request ended."""
    limited = {"kore_message": "API rate limit exceeded", "retry_after_seconds": 30.0, "explanation": ON_HOLD}
    held = asked(1, State.FAILED, "U0BOB", attempt=Attempt(kind=AttemptKind.REFUSED, at=BEGAN, **limited))
    assert set(report_of([held], BEGAN, ENDED).failures) == {ON_HOLD}


def test_one_campaign_of_many_that_one_person_deleted_alone_is_not_rounded_away() -> None:
    report = report_of([asked(1, State.DELETED), *(asked(2, State.DELETED, "U0BOB") for _ in range(999))], BEGAN, ENDED)
    for told in (reply.text(report), *(write(report) for write in FORMATS.values())):
        assert "1 of 1,000" in told


def test_unknown_outcome_has_not_ended() -> None:
    """It is checked again for a day, and the time of its last change is that of the last look."""
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=BEGAN)
    unknown = asked(1, State.UNKNOWN, "U0BOB", attempt=lost, changed_at=BEGAN + timedelta(days=2))
    assert report_of([unknown, asked(2, State.DELETED, "U0BOB")], BEGAN, ENDED).ended_after == [timedelta(hours=2)]


@pytest.fixture
async def engine(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        others = [asked(-1, State.STOPPED), asked(30, State.STOPPED)]
        await connection.execute(requests.insert(), [row_of(each) for each in (*month(), *others)])
    return engine


@pytest.mark.parametrize("at_once", [1, 2, 500])
async def test_report_reads_each_request_of_the_period_once(
    engine: AsyncEngine, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_reads, "AT_ONCE", at_once)
    found = await Reports(engine).of(BEGAN, ENDED)
    assert found.states == report_of(month(), BEGAN, ENDED).states


async def test_days_and_times_are_of_utc_whatever_the_zone_of_the_database_server(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server on a machine in Auckland gives its times in that zone, unless it was told otherwise."""
    monkeypatch.setenv("PGTZ", "Pacific/Auckland")
    engine, at = open_engine(database_url), BEGAN + timedelta(days=1, hours=18)
    async with engine.begin() as connection:
        await connection.execute(requests.insert(), [row_of(asked(1, State.DELETED, requested_at=at))])

    found = await Reports(engine).of(BEGAN, ENDED)
    (kept,) = (await RequestQueries(engine).history(RequestFilter(), None, 1)).requests
    await engine.dispose()

    assert list(found.days) == [at.date()]
    assert date(kept.requested_at).endswith("|2026-03-02 18:00 UTC>")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("until", "counted"), [("2026-03-02T12:00", "1 request"), ("2026-03-31", "5 requests")])
async def test_requests_of_a_written_report_are_counted(
    until: str, counted: str, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    file = tmp_path / "report.md"
    told = await asyncio.to_thread(run, "--until", until, "--output", str(file))
    assert told.output == f"Report on {counted} in {file}.\n"


def test_practice_is_counted_apart() -> None:
    report = Report(BEGAN, ENDED)
    for each in (*month(), asked(5, State.PRACTISED, "U0BOB", application="practice")):
        report.count(each)

    assert (report.requests, report.practised) == (5, 1)
    assert State.PRACTISED not in report.states
    assert "Practice requests, which nothing above counts: 1." in reply.text(report)
    assert '"Figures","Practice requests, which nothing else counts","1"' in FORMATS["csv"](report)


def test_period_of_practice_alone_says_so() -> None:
    report = Report(BEGAN, ENDED)
    report.count(asked(5, State.PRACTISED, application="practice"))

    assert reply.text(report).endswith("Practice requests, which nothing above counts: 1.")
