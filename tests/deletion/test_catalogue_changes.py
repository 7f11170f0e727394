"""The cached list after the bot's own deletes and rebuilds, and names that are compared within a minute."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from deletion.catalogue import campaign_cache
from deletion.catalogue.campaign_cache import FIRST_PAGES
from deletion.catalogue.similar_names import similar_names
from deletion.catalogue.sync_state import FRESH, FULL_AFTER
from deletion.domain.clock import now
from tests.deletion.catalogue_world import (
    HANGS_AFTER_SECONDS,
    Account,
    account_on,
    fault,
    iso,
    known,
    make_older,
    whole,
)

pytestmark = pytest.mark.any_database


@pytest.fixture
async def account(database_url: str) -> AsyncIterator[Account]:
    async with account_on(database_url) as account:
        yield account


async def test_verified_delete_leaves_the_list_of_every_replica_at_once(account: Account) -> None:
    account.holds(3)
    first, second = await whole(account.replica()), account.replica()
    await second.load()
    asked = len(account.pages_read())

    await first.forget(account.add(1))
    await second.follow()

    for replica in (first, second):
        assert known(replica) == {"Campaign 0", "Campaign 2"}
        assert replica.cached_list().is_whole
    late = account.replica()
    await late.load()
    assert known(late) == {"Campaign 0", "Campaign 2"}
    assert len(account.pages_read()) == asked


async def test_rebuilt_campaign_is_listed_by_every_replica_at_once(account: Account) -> None:
    account.holds(2)
    first, second = await whole(account.replica()), account.replica()
    await second.load()
    asked = len(account.pages_read())

    await first.reread(account.add(7, name="Rebuilt"))
    await second.follow()

    for replica in (first, second):
        assert "Rebuilt" in known(replica)
    assert len(account.pages_read()) == asked
    await make_older(account, FULL_AFTER)
    await first.follow()
    assert "Rebuilt" in known(await whole(first))


async def test_rebuilt_campaign_that_cannot_be_read_is_left_to_the_next_sync(account: Account) -> None:
    account.holds(2)
    catalogue = await whole(account.replica())
    await catalogue.reread("cd-00000009-f98e-5f4f-ad41-92803abb0000")
    assert known(catalogue) == {"Campaign 0", "Campaign 1"}


async def test_sync_that_runs_during_a_delete_reads_on_and_forgets_the_campaign(
    account: Account, mocker: MockerFixture
) -> None:
    account.holds(250)
    is_at_second_page, released = asyncio.Event(), asyncio.Event()

    async def hold(*_: object) -> None:
        if len(account.pages_read()) == 1:
            is_at_second_page.set()
            await released.wait()

    mocker.patch.object(account.sandbox.faults, "pause", side_effect=hold)
    reading, other = account.replica(), account.replica()
    reading.cached_list()
    await asyncio.wait_for(is_at_second_page.wait(), HANGS_AFTER_SECONDS)
    account.remove(249)

    await other.forget(account_id(249))
    released.set()
    await reading.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)

    assert reading.cached_list().is_whole
    assert known(reading) == {f"Campaign {n}" for n in range(249)}


def account_id(number: int) -> str:
    return f"cd-{number:08x}-f98e-5f4f-ad41-92803abb0000"


async def due_for_a_full_sweep(account: Account, count: int) -> None:
    """A list of so many campaigns, read long ago, whose next sync is a full sweep of several pages."""
    account.holds(count)
    replica = await whole(account.replica(pause_seconds=0))
    await replica.close()
    await make_older(account, 2 * FULL_AFTER)


async def test_campaign_renamed_a_minute_ago_is_seen_with_one_call(account: Account, mocker: MockerFixture) -> None:
    mocker.patch.object(campaign_cache, "CLOSE_SECONDS", 0)  # its sweep hangs
    await due_for_a_full_sweep(account, 300)
    account.add(3, name="Campaign 5 ", updatedAt=iso(now()))
    account.add(5_000, name="Campaign 5!", updatedAt=iso(now()))
    catalogue, asked = account.replica(pause_seconds=60), len(account.pages_read())
    await catalogue.load()
    account.sandbox.faults.add(fault("delay", delay_ms=0, times=1))
    account.sandbox.faults.add(fault("delay", delay_ms=10 * HANGS_AFTER_SECONDS * 1_000, times=None))

    asked_at = now()
    names = await catalogue.fresh_names(within_seconds=HANGS_AFTER_SECONDS)

    assert len(account.pages_read()) <= asked + 2  # the page, and the first of the sweep that begins
    found = similar_names(account_id(5), "Campaign 5", names, asked_at)
    assert {account_id(3), account_id(5_000)} <= {each.id for each in found.found}
    await catalogue.close()
    assert found.as_of
    assert asked_at - FRESH <= found.as_of


async def test_names_that_cannot_be_compared_in_time_prove_nothing(account: Account, mocker: MockerFixture) -> None:
    mocker.patch.object(campaign_cache, "CLOSE_SECONDS", 0)  # its sweep hangs
    await due_for_a_full_sweep(account, 300)
    catalogue = account.replica(pause_seconds=60)
    await catalogue.load()
    account.sandbox.faults.add(fault("delay", delay_ms=10 * HANGS_AFTER_SECONDS * 1_000, times=None))

    names = await catalogue.fresh_names(within_seconds=0.05)

    assert similar_names("cd-mine", "Quite another name", names, now()).ask_for_id
    await catalogue.close()


async def test_list_of_this_minute_is_compared_without_a_call(account: Account) -> None:
    account.holds(3)
    catalogue = await whole(account.replica())
    asked = len(account.pages_read())
    names = await catalogue.fresh_names(within_seconds=HANGS_AFTER_SECONDS)
    assert not similar_names("cd-mine", "Quite another name", names, now()).ask_for_id
    assert len(account.pages_read()) == asked


async def test_fresh_names_look_once_for_changes_of_other_replicas(account: Account, mocker: MockerFixture) -> None:
    account.holds(3)
    catalogue = await whole(account.replica())
    looking = mocker.spy(account.store, "sync_state")
    await catalogue.fresh_names(within_seconds=HANGS_AFTER_SECONDS)
    assert looking.await_count == 1


async def test_sweep_makes_way_for_a_command_that_compares_names(account: Account, mocker: MockerFixture) -> None:
    await due_for_a_full_sweep(account, FIRST_PAGES * 100 + 1)
    catalogue, rests, paused = account.replica(pause_seconds=60), list[float](), asyncio.Event()
    await catalogue.load()

    async def rest(seconds: float) -> bool:
        rests.append(seconds)
        if len(rests) == 2:  # the pause of the sweep, and the one for the command
            paused.set()
        return len(rests) >= 2

    mocker.patch.object(catalogue, "_rest", side_effect=rest)
    await catalogue.fresh_names(within_seconds=HANGS_AFTER_SECONDS)
    await asyncio.wait_for(paused.wait(), HANGS_AFTER_SECONDS)
    assert rests[1] > 60
