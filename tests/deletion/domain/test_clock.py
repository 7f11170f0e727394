"""Deadlines follow the database's clock, not this computer's wall clock."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from deletion.db.connection import open_engine
from deletion.domain import clock
from deletion.stores.request_store import RequestStore

WRONG_BY = [timedelta(minutes=5), timedelta(minutes=-5)]
NEARLY = timedelta(minutes=1)  # a wrong clock is five minutes off


@pytest.fixture(autouse=True)
def _own_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_clock", type(clock._clock)())  # noqa: SLF001 - the others keep theirs


def set_wall_clock(monkeypatch: pytest.MonkeyPatch, wrong_by: timedelta) -> None:
    monkeypatch.setattr(clock, "datetime", SimpleNamespace(now=lambda zone: datetime.now(zone) + wrong_by))


@pytest.mark.parametrize("wrong_by", WRONG_BY)
async def test_wrong_wall_clock_moves_no_deadline_on_postgresql(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch, wrong_by: timedelta
) -> None:
    set_wall_clock(monkeypatch, wrong_by)
    engine = open_engine(postgres_server)
    await RequestStore(engine).synchronize_clock()
    await engine.dispose()

    assert abs(clock.now() - datetime.now(UTC)) < NEARLY


@pytest.mark.parametrize("wrong_by", WRONG_BY)
def test_wall_clock_that_is_set_moves_no_deadline(monkeypatch: pytest.MonkeyPatch, wrong_by: timedelta) -> None:
    clock.synchronize(datetime.now(UTC), clock.monotonic(), clock.monotonic())
    set_wall_clock(monkeypatch, wrong_by)

    assert abs(clock.now() - datetime.now(UTC)) < NEARLY


def test_time_goes_on_while_the_computer_is_suspended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise an approval of the first seconds after that would be hours old, and have no undo window."""
    asleep, awake = timedelta(hours=3), time.clock_gettime
    clock.synchronize(datetime.now(UTC), clock.monotonic(), clock.monotonic())
    monkeypatch.setattr(time, "clock_gettime", lambda number: awake(number) + asleep.total_seconds())

    assert abs(clock.now() - datetime.now(UTC) - asleep) < NEARLY


def test_slow_answer_does_not_replace_an_exact_one() -> None:
    at = clock.monotonic()
    clock.synchronize(datetime.now(UTC), at, at)
    clock.synchronize(datetime.now(UTC) + timedelta(minutes=5), at - 10, at)

    assert abs(clock.now() - datetime.now(UTC)) < NEARLY


def test_slow_answer_is_better_than_none_and_the_next_exact_one_replaces_it() -> None:
    at = clock.monotonic()
    clock.synchronize(datetime.now(UTC) + timedelta(minutes=5), at - 10, at)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(minutes=5)) < NEARLY

    clock.synchronize(datetime.now(UTC) + timedelta(minutes=10), at, at)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(minutes=10)) < NEARLY


async def test_sqlite_uses_this_computers_clock(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/bot.sqlite3")
    await RequestStore(engine).synchronize_clock()
    await engine.dispose()

    assert abs(clock.now() - datetime.now(UTC)) < NEARLY


async def test_time_of_a_server_in_another_zone_is_told_and_counted_in_utc(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python counts an hour too many or too few where a zone's clocks change, and texts say UTC."""
    monkeypatch.setenv("PGTZ", "Europe/Berlin")
    engine = open_engine(database_url)
    store = RequestStore(engine)
    await store.synchronize_clock()
    told = clock.now(), await store.database_time()
    await engine.dispose()
    assert [each.tzinfo for each in told] == [UTC, UTC]
