"""A warning or an error that repeats is written once a minute, with the number of the others."""

import asyncio
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from deletion.domain import log_context, log_throttle
from deletion.engine.sweep_timer import SweepTimer
from log_repeats import RepeatFilter
from logs import STANDARD, Masked, TextLines
from tests.deletion.values import request


@dataclass
class Log:
    logger: logging.Logger
    stream: io.StringIO

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


@dataclass
class Time:
    seconds: float = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def log() -> Iterator[Log]:
    stream = io.StringIO()
    handler = Masked(stream)
    handler.setFormatter(TextLines("%(levelname)s %(message)s"))
    handler.addFilter(RepeatFilter(STANDARD))
    logger = logging.getLogger("repeats")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield Log(logger, stream)
    logger.removeHandler(handler)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(log_throttle, "time", time)
    return time


def test_repetition_is_counted_and_written_again_after_a_minute(log: Log, time: Time) -> None:
    for attempt in range(1, 101):
        log.logger.warning("Database failed: refused. Retrying in %.2fs (attempt %d)\n[SQL]", attempt * 1.5, attempt)
    assert log.lines == ["WARNING Database failed: refused. Retrying in 1.50s (attempt 1)", "[SQL]"]
    time.seconds += 60
    log.logger.warning("Database failed: refused. Retrying in 9.00s (attempt 101)")
    assert log.lines[2:] == ["WARNING Database failed: refused. Retrying in 9.00s (attempt 101) suppressed=99"]


def test_lines_about_different_requests_are_all_written(log: Log) -> None:
    for request_id in ("a1", "a2", "a1"):
        log.logger.error("Delete failed", extra={"request_id": request_id, "attempt": 1})
    assert log.lines == [
        "ERROR Delete failed request_id=a1 attempt=1",
        "ERROR Delete failed request_id=a2 attempt=1",
    ]


def test_lines_in_the_work_on_different_requests_are_all_written(log: Log) -> None:
    for asked in (request(), request()):
        with log_context.enter(asked, "execute"):
            log.logger.error("Delete failed")
    assert len(log.lines) == 2


@pytest.mark.parametrize(("error", "is_traced"), [(OperationalError("", {}, Exception()), False), (ValueError(), True)])
async def test_failed_sweep_has_a_traceback_unless_the_database_failed(
    caplog: pytest.LogCaptureFixture, error: Exception, is_traced: bool
) -> None:
    async def sweep(_within: timedelta | None) -> None:
        raise error

    timer = SweepTimer(sweep)
    timer.start()
    for _ in range(3):
        await asyncio.sleep(0)
    timer.stop()
    (record,) = caplog.records
    assert (record.getMessage(), record.error) == ("Sweep failed", type(error).__name__)  # type: ignore[attr-defined]
    assert bool(record.exc_info) is is_traced


def test_other_levels_errors_and_texts_are_no_repetition(log: Log) -> None:
    log.logger.warning("Sweep failed")
    log.logger.error("Sweep failed")
    log.logger.error("Sweep failed", exc_info=ValueError("x"))
    log.logger.error("Sweep ended")
    assert [line for line in log.lines if line.startswith(("WARNING", "ERROR"))] == [
        "WARNING Sweep failed",
        "ERROR Sweep failed",
        "ERROR Sweep failed",
        "ERROR Sweep ended",
    ]


def test_information_is_always_written(log: Log) -> None:
    for _ in range(3):
        log.logger.info("Journal entry")
    assert log.lines == ["INFO Journal entry"] * 3


def test_line_that_counts_for_itself_is_always_written(log: Log) -> None:
    for suppressed in (0, 7):
        log.logger.warning("Request rejected", extra={"suppressed": suppressed})
    assert log.lines == ["WARNING Request rejected suppressed=0", "WARNING Request rejected suppressed=7"]


def test_keys_of_the_past_are_forgotten(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_throttle, "MOST_KEYS", 3)
    throttle = log_throttle.LogThrottle()
    for key in "abc":
        throttle.admit(key)
    time.seconds += 61
    throttle.admit("d")
    assert vars(throttle)["_logged_at"].keys() == {"d"}


def test_key_of_the_last_minute_keeps_its_count_however_many_keys_there_are(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_throttle, "MOST_KEYS", 3)
    throttle = log_throttle.LogThrottle()
    for key in "aabc":
        throttle.admit(key)
    time.seconds += 60
    assert throttle.admit("a") == 1


def test_count_of_a_forgotten_line_is_written(
    log: Log, time: Time, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(log_throttle, "MOST_KEYS", 3)
    for text in ("a", "a", "a", "b", "b", "c"):
        log.logger.warning(text)
    time.seconds += 61
    for text in ("d", "e"):
        log.logger.warning(text)
    forgotten = [record for record in caplog.records if record.name == "log_repeats"]
    assert [(record.levelname, record.suppressed) for record in forgotten] == [("WARNING", 3)]  # type: ignore[attr-defined]
    assert len(log.lines) == 5


def test_first_line_is_written_on_a_machine_that_has_just_started(time: Time) -> None:
    time.seconds = 5
    throttle = log_throttle.LogThrottle()
    assert [throttle.admit("a"), throttle.admit("a")] == [0, None]
