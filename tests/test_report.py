"""The report of a period: counts, waiting times, who approved for whom, and its formats."""

import asyncio
import codecs
import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.ext.asyncio import AsyncEngine

import commands
from commands.report_formats import FORMATS
from deletion.db.connection import open_engine
from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.execution_check import ON_HOLD
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.report import Report
from deletion.domain.states import State
from deletion.domain.text.durations import in_words
from deletion.stores import report_reads
from deletion.stores.report_reads import Reports
from deletion.stores.request_queries import RequestFilter, RequestQueries
from deletion.stores.row_mapping import row_of
from slack_ui.messages import report as reply
from slack_ui.parts.text import code, date
from tests.deletion.values import request

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
ENDED = BEGAN + timedelta(days=30)


def asked(day: int, state: State, *approvers: str, **facts: Any) -> Request:
    at = BEGAN + timedelta(days=day)
    approvals = tuple(
        Decision(person_id=each, verdict=Verdict.APPROVED, at=at + timedelta(minutes=30)) for each in approvers
    )
    approved_at = at + timedelta(minutes=30) if approvals else None
    plain = {"requested_at": at, "changed_at": at + timedelta(hours=2), "approved_at": approved_at}
    return request(state=state, decisions=approvals, **{**plain, **facts})


def month() -> list[Request]:
    refused = Attempt(kind=AttemptKind.REFUSED, at=BEGAN, kore_message="Campaign | is =running")
    return [
        asked(1, State.DELETED, "U0BOB"),
        asked(2, State.DELETED, "U0BOB", "U0CAROL"),
        asked(2, State.DELETED),
        asked(3, State.FAILED, "U0BOB", attempt=refused),
        asked(4, State.REJECTED, requester_id="U0DAVE"),
    ]


def report_of(of: Iterable[Request], since: datetime, until: datetime) -> Report:
    report = Report(since, until)
    for each in of:
        report.count(each)
    return report


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


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.run, ["report", "--since", "2026-03-01", "--until", "2026-03-31", *arguments])


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_has_the_figures(form: str, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    written = await asyncio.to_thread(run, "--format", form)
    assert written.exit_code == 0
    for figure in ("30 min", "2 h", "1 of 3", "U0CAROL", "deleted", "rejected"):
        assert figure in written.output
    assert "stopped" not in written.output


@pytest.mark.usefixtures("engine")
async def test_csv_file_has_the_mark_by_which_excel_knows_utf_8(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    files = {form: tmp_path / f"report.{form}" for form in FORMATS}
    for form, file in files.items():
        assert (await asyncio.to_thread(run, "--format", form, "--output", str(file))).exit_code == 0
    printed = await asyncio.to_thread(run, "--format", "csv")

    assert files["csv"].read_bytes().startswith(codecs.BOM_UTF8 + b'"Figures"')
    assert [file.read_bytes().startswith(codecs.BOM_UTF8) for file in files.values()].count(True) == 1
    assert printed.stdout_bytes.startswith(b'"Figures"')


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("until", "counted"), [("2026-03-02T12:00", "1 request"), ("2026-03-31", "5 requests")])
async def test_requests_of_a_written_report_are_counted(
    until: str, counted: str, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    file = tmp_path / "report.md"
    told = await asyncio.to_thread(run, "--until", until, "--output", str(file))
    assert told.output == f"Report on {counted} in {file}.\n"


def test_csv_cells_are_never_formulas() -> None:
    told = FORMATS["csv"](report_of([asked(1, State.FAILED, attempt=formula())], BEGAN, ENDED))
    cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def formula() -> Attempt:
    return Attempt(kind=AttemptKind.REFUSED, at=BEGAN, kore_message="=1+1")


def test_html_is_one_well_formed_file_that_escapes_texts() -> None:
    attack = Attempt(kind=AttemptKind.REFUSED, at=BEGAN, kore_message="<script>alert(1)</script>")
    told = FORMATS["html"](report_of([*month(), asked(5, State.FAILED, attempt=attack)], BEGAN, ENDED))
    assert "<script" not in told
    assert "http" not in told
    drawn = ET.fromstring(told[told.index("<svg") : told.index("</svg>") + 6])  # noqa: S314 - our own
    assert len([each for each in drawn if each.tag == "rect"]) == 3


def test_markdown_table_is_not_broken_by_a_vendors_text() -> None:
    told = FORMATS["md"](report_of(month(), BEGAN, ENDED))
    assert "| Campaign \\| is =running | 1 |" in told


@pytest.mark.parametrize(
    ("attack", "row"),
    [
        ("x\r| deleted | 1,000 |", "| x \\| deleted \\| 1,000 \\| | 1 |"),
        ("x\u2028| deleted | 1,000 |", "| x \\| deleted \\| 1,000 \\| | 1 |"),
        ("x\\| 1,000 |", "| x\\\\\\| 1,000 \\| | 1 |"),
        ("<img src=x>", "| &lt;img src=x&gt; | 1 |"),
    ],
)
def test_vendors_text_forges_no_row_of_the_markdown(attack: str, row: str) -> None:
    refused = Attempt(kind=AttemptKind.REFUSED, at=BEGAN, kore_message=attack)
    told = FORMATS["md"](report_of([asked(1, State.FAILED, attempt=refused)], BEGAN, ENDED))
    assert row in told.splitlines()


@pytest.mark.parametrize(
    "attack", ["<!channel> gone", "<https://evil.example|Kore.ai>", "<@U0BOB> approved", "*Deleted*: 9"]
)
def test_reply_interprets_no_vendors_text(attack: str) -> None:
    refused = Attempt(kind=AttemptKind.REFUSED, at=BEGAN, kore_message=attack)
    told = reply.text(report_of([asked(1, State.FAILED, attempt=refused)], BEGAN, ENDED))
    assert f"• {code(attack)}: 1" in told


def test_empty_report_is_written_in_every_format() -> None:
    empty = Report(BEGAN, ENDED)
    assert all("Campaign deletes, 2026-03-01" in FORMATS[form](empty) for form in ("md", "html"))
    assert reply.text(empty).startswith("There were no requests since")


def test_reply_names_people_and_shortens_long_lists() -> None:
    told = reply.text(
        report_of([*month(), *(asked(5, State.DELETED, f"U0{each:03}") for each in range(12))], BEGAN, ENDED)
    )
    assert "<@U0BOB> for <@U0ALICE>: 3" in told
    assert "and 4 more" in told
    assert "Deleted: 15, failed: 1, rejected: 1." in told


def test_reply_names_no_waiting_time_where_nothing_was_approved() -> None:
    told = reply.text(report_of([asked(1, State.REJECTED)], BEGAN, ENDED))
    assert "Median time to the end: 2 h." in told
    assert "to approval" not in told
    assert "Median" not in reply.text(report_of([asked(1, State.AWAITING_APPROVAL)], BEGAN, ENDED))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (3_600, "1 h"), (7_500, "2 h 5 min"), (90_061, "1 d 1 h")]
)
def test_durations_have_two_units(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


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
