"""Log lines as JSON and as text, quieted libraries, masked secrets."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest

import logs
from deletion.domain import log_context
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.records import Entry
from deletion.journal.hash_chain import START, fields, record
from deletion.journal.journal_store import log_entry
from tests.deletion.values import request

NAMES = ("", "dbos", "slack_bolt", "httpx", "alembic", logs.JOURNAL)


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Restore the logging configuration, which the whole process shares."""
    had = {name: (log.handlers[:], log.level, log.propagate) for name in NAMES if (log := logging.getLogger(name))}
    yield
    for name, (handlers, level, propagate) in had.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.parametrize("name", ["deletion.engine.workflows", "dbos"])
def test_json_line_has_all_extra_fields_and_the_traceback(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    try:
        int("in the middle")
    except ValueError:
        logging.getLogger(name).exception("It broke", extra={"request_id": "r1"})
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"], said["request_id"]) == ("ERROR", name, "It broke", "r1")
    assert "ValueError: invalid literal" in said["traceback"]


def test_every_line_of_the_current_request_has_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    asked, log = request(application="staging"), logging.getLogger("kore_api.transport")
    log.info("Before", extra={"campaign_id": "cd-1"})
    with log_context.enter(asked, "execute"):
        log.info("Kore.ai call", extra={"campaign_id": asked.campaign.campaign_id})
        log.info("Kore.ai rate limit reached")
        log.info("Kore.ai call", extra={"campaign_id": "cd-of-another-campaign"})
    log.info("Slack is slow", extra={"request_id": asked.id})
    log.info("After")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    ids = {"request_id": asked.id, "campaign_id": asked.campaign.campaign_id, "application": "staging"}
    found = [{name: line[name] for name in ids if name in line} for line in lines]
    assert found == [{"campaign_id": "cd-1"}, ids, ids, {"campaign_id": "cd-of-another-campaign"}, ids, {}]


async def test_lines_of_tasks_are_about_the_request_of_their_task(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")

    async def work(asked: Request) -> None:
        log_context.begin(asked)
        await asyncio.sleep(0)
        logging.getLogger("deletion").info(asked.id)

    await asyncio.gather(*(asyncio.create_task(work(request())) for _ in range(3)))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["message"] for line in lines] == [line["request_id"] for line in lines]
    assert len(lines) == 3


def test_text_line_ends_with_the_extra_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "text")
    logging.getLogger("handlers").warning("Not opened", extra={"error": "expired_trigger_id"})
    assert capsys.readouterr().err.endswith("WARNING handlers: Not opened error=expired_trigger_id\n")


@pytest.mark.parametrize("ends_line", ["\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2K"])
def test_text_from_outside_is_no_line_of_its_own(ends_line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Kore.ai's message is a field; with a line break in it, a gateway could write lines of the log."""
    logs.set_up("INFO", "text")
    said = f"Bad gateway{ends_line}2026-01-01 00:00:00,000 INFO app: Ready"
    logging.getLogger("x").warning("Kore.ai call failed", extra={"kore_message": said, "advice": "\u00c4rger"})
    written = capsys.readouterr().err
    (line,) = written.splitlines()
    assert ascii(ends_line[0])[1:-1] in line
    assert ends_line not in line
    assert line.endswith("advice=\u00c4rger")


def test_libraries_that_log_bodies_and_urls_are_quieted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG", "text")
    logging.getLogger("httpx").info("GET https://platform.kore.ai/?accountId=67777")
    logging.getLogger("slack_bolt.SomeListener").warning("Unhandled request: {everything}")
    assert capsys.readouterr().err == ""


def test_journal_lines_are_logged_in_json_at_any_level_and_never_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    recorded = record(Entry(at=now(), event="frozen", actor_id="U0ALICE", surface="test"), START)
    logs.set_up("ERROR", "json")
    log_entry(recorded)
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["request_id"]) == ("INFO", logs.JOURNAL, None)
    assert said["entry"] == fields(recorded)

    logs.set_up("DEBUG", "text")
    log_entry(recorded)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("logged", "shown"),
    [
        ("Bearer xoxb-1-abc-DEF", "Bearer [secret]"),
        ("token=xapp-1-A0-9-ff&x=1", "token=[secret]&x=1"),
        ("auth: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2-ln_", "auth: [secret]"),
        (f"auth: {'eyJ-' * 50_000}", "auth: [secret]"),
        ("404, url='wss://wss-primary.slack.com/link/?ticket=a1-b2&app_id=9'", "404, url='[secret]'"),
        ("cannot reach postgresql+psycopg://bot:pass/word@db/x", "cannot reach postgresql+psycopg://[secret]@db/x"),
        ("https://hooks.slack.com/commands/T0/1/abc refused", "[secret] refused"),
        ("the trigger 13345224609.738474920.8088930838d88f008e0", "the trigger [secret]"),
    ],
)
def test_secrets_are_masked_in_lines_of_any_library(
    capsys: pytest.CaptureFixture[str], form: str, logged: str, shown: str
) -> None:
    logs.set_up("DEBUG", form)
    error = ValueError(logged)
    logging.getLogger("a.library").error("It said %s", logged, exc_info=error, extra={"more": logged})
    said = capsys.readouterr().err
    assert said.count(shown) == 3
    assert logged not in said


def test_failed_launch_of_dbos_is_reported_once_by_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "text")
    logging.getLogger("dbos").error("DBOS failed to launch:", exc_info=ValueError("refused"))
    logging.getLogger("dbos").error("Another error")
    assert "refused" not in (said := capsys.readouterr().err)
    assert "Another error" in said
