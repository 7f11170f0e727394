"""The report as a reply, CSV, HTML and Markdown, in which no text of others changes the form."""

import asyncio
import codecs
import csv
import io
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from commands.report_formats import FORMATS
from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.report import Report
from deletion.domain.states import State
from deletion.domain.text.durations import in_words
from deletion.stores.row_mapping import row_of
from slack_ui.messages import report as reply
from slack_ui.parts.text import code
from tests.reported_requests import BEGAN, ENDED, asked, month, report_of, run


@pytest.fixture
async def engine(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        others = [asked(-1, State.STOPPED), asked(30, State.STOPPED)]
        await connection.execute(requests.insert(), [row_of(each) for each in (*month(), *others)])
    return engine


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
