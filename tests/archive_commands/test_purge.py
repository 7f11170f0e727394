"""``archive purge`` removes what is older, and keeps what a hold or a rebuild needs."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from pytest_mock import MockerFixture

import commands
from commands.archive import _before
from deletion.db.connection import open_engine
from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.stores import archive_writes
from deletion.stores.hold_store import HoldStore
from deletion.stores.request_store import RequestStore
from tests.archive_commands.archive_steps import archived, run, sealed
from tests.deletion.values import hold, request


async def test_purge_removes_only_what_is_older_and_only_with_yes(url: str) -> None:
    await archived(url, days_ago=5 * 365)
    kept = await archived(url, days_ago=3 * 365)

    dry = run("purge", "--older-than", "4y")
    assert (dry.exit_code, len(await sealed(url))) == (0, 2)
    assert dry.output.startswith("Would remove 1 copy of a campaign from before")

    removed = await asyncio.to_thread(run, "purge", "--older-than", "4y", "--yes")
    assert removed.output == "Removed 1 copy of a campaign, and journalled it.\n"
    assert kept.id in run("list").output
    journal = CliRunner().invoke(commands.run, ["journal", "export"])
    entry = json.loads(journal.output.splitlines()[-1])
    assert (entry["event"], entry["details"]["removed"], entry["actor_id"]) == ("archive purged", "1", "operator")
    assert CliRunner().invoke(commands.run, ["journal", "verify"]).exit_code == 0
    assert run("purge", "--older-than", "4y", "--yes").output.startswith("Would remove 0 copies of campaigns")


async def test_year_is_a_year_of_the_calendar(url: str, mocker: MockerFixture) -> None:
    """Ten years have two or three leap days: evidence to keep for ten years is not removed before."""
    await archived(url)
    after = now().replace(year=now().year + 10) - timedelta(days=1)
    mocker.patch("commands.archive.now", return_value=after)
    assert run("purge", "--older-than", "10y").output.startswith("Would remove 0")
    mocker.patch("commands.archive.now", return_value=after + timedelta(days=2))
    assert run("purge", "--older-than", "10y").output.startswith("Would remove 1")


def test_years_before_a_leap_day(mocker: MockerFixture) -> None:
    mocker.patch("commands.archive.now", return_value=datetime(2028, 2, 29, 12, tzinfo=UTC))
    assert [_before(age).isoformat() for age in ("1y", "4y", "60d")] == [
        "2027-02-28T12:00:00+00:00",
        "2024-02-29T12:00:00+00:00",
        "2027-12-31T12:00:00+00:00",
    ]


async def test_purge_that_finds_nothing_left_claims_no_journal_entry(url: str, mocker: MockerFixture) -> None:
    """Another purge, or a hold, came between the question and the removal."""
    await archived(url, days_ago=2)
    mocker.patch.object(archive_writes, "purge", autospec=True, return_value=0)
    told = await asyncio.to_thread(run, "purge", "--older-than", "1d", "--yes")
    assert (told.exit_code, told.output) == (
        0,
        "Nothing was removed: by now, nothing that old is left, or free of a hold and a rebuild.\n",
    )


async def test_purge_keeps_campaigns_on_hold(url: str) -> None:
    asked = await archived(url, days_ago=5 * 365)
    engine = open_engine(url)
    entry = Entry(at=now(), event="campaign held", actor_id="U0BOB", surface="test")
    assert await HoldStore(engine).hold(hold(campaign_id=asked.campaign.campaign_id), entry) is None
    await engine.dispose()
    assert run("purge", "--older-than", "4y").output.startswith("Would remove 0 copies of campaigns")
    assert (await asyncio.to_thread(run, "purge", "--older-than", "4y", "--yes")).exit_code == 0
    assert len(await sealed(url)) == 1


@pytest.mark.parametrize(
    ("state", "days_ago", "is_kept"),
    [
        (State.AWAITING_APPROVAL, 20, True),
        (State.UNKNOWN, 0, True),  # the campaign that it made is found by what was sent
        (State.UNKNOWN, 3, False),
        (State.REJECTED, 0, False),
    ],
)
async def test_purge_keeps_what_a_rebuild_needs(url: str, state: State, days_ago: int, *, is_kept: bool) -> None:
    deleted = await archived(url, days_ago=5 * 365)
    engine = open_engine(url)
    changed_at = now() - timedelta(days=days_ago)
    rebuild = request(campaign=deleted.campaign, rebuilds=deleted.id, state=state, changed_at=changed_at)
    entry = Entry(at=now(), event="rebuild requested", actor_id="U0ALICE", surface="test")
    async with engine.begin() as connection:  # the deletion has ended
        await connection.execute(requests.update().values(state=State.DELETED))
    await RequestStore(engine).add(rebuild, entry, [])
    await engine.dispose()

    assert (await asyncio.to_thread(run, "purge", "--older-than", "4y", "--yes")).exit_code == 0

    assert len(await sealed(url)) == is_kept


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("age", ["soon", "0y", "-1d", "4 years", "9999999d"])
def test_wrong_age_is_one_line(age: str) -> None:
    wrong = run("purge", "--older-than", age, "--yes")
    assert (wrong.exit_code, wrong.output) == (2, "--older-than: expected an age such as 4y, 90d or 12h.\n")
