"""The shared copy of the list, on both databases, read from a real port of the fake Kore.ai."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pytest_mock import MockerFixture

from deletion.catalogue import campaign_cache
from deletion.catalogue.campaign_cache import FIRST_PAGES
from deletion.catalogue.sync_state import AGAIN_AFTER, FRESH, RECOVER_AFTER, SyncState
from deletion.domain import log_context
from deletion.domain.clock import now
from deletion.domain.policy import Refusal
from deletion.kore.campaign_gateway import CampaignGateway
from kore_api.errors import KoreError
from kore_api.models import Campaign
from kore_api.paging import Page
from tests.deletion.catalogue_world import HANGS_AFTER_SECONDS, Account, account_on, fault, known, make_older, whole
from tests.deletion.values import request


@pytest.fixture
async def account(database_url: str) -> AsyncIterator[Account]:
    async with account_on(database_url) as account:
        yield account


async def test_lines_of_a_sync_name_no_request_whose_command_started_it(
    account: Account, mocker: MockerFixture
) -> None:
    """The sync serves all commands, and goes on after the one that started it."""
    ids = []
    reading = CampaignGateway.page

    async def page(
        self: CampaignGateway, campaign_type: str, skip: int, *, by_update: bool = False
    ) -> Page[Campaign] | KoreError:
        ids.append(dict(log_context.fields({})))
        return await reading(self, campaign_type, skip, by_update=by_update)

    mocker.patch.object(CampaignGateway, "page", page)
    account.holds(1)
    catalogue = account.replica()
    with log_context.enter(request(), "approve"):
        await whole(catalogue)
    assert ids
    assert not any(ids)


async def test_one_look_reads_both_lists_to_their_ends_and_a_second_nothing(account: Account) -> None:
    account.holds(250)
    catalogue = account.replica()
    assert catalogue.cached_list().campaigns == ()

    await whole(catalogue)
    await whole(catalogue)

    assert known(catalogue) == {f"Campaign {n}" for n in range(250)}
    assert sum(campaign.is_voice for campaign in catalogue.cached_list().campaigns) == 3
    assert account.pages_read() == [("sms", 0), ("sms", 95), ("sms", 190), ("voice", 0)]
    await catalogue.close()


async def test_replicas_that_look_at_once_read_the_list_once(account: Account) -> None:
    account.holds(250)
    replicas = [account.replica() for _ in range(3)]
    await asyncio.gather(*(whole(replica) for replica in replicas))

    assert [len(known(replica)) for replica in replicas] == [250, 250, 250]
    assert len(account.pages_read()) == 4
    for replica in replicas:
        await replica.close()


async def test_a_replica_that_starts_later_has_the_list_without_a_call(account: Account) -> None:
    account.holds(3)
    await whole(account.replica())
    before = len(account.pages_read())
    late = account.replica()
    await late.load()

    assert known(late) == {"Campaign 0", "Campaign 1", "Campaign 2"}
    assert late.cached_list().is_whole
    assert len(account.pages_read()) == before


async def test_an_older_copy_is_shown_while_a_newer_one_is_read(account: Account) -> None:
    account.holds(2)
    first = await whole(account.replica())
    await make_older(account, FRESH)
    await first.load()
    account.remove(0)
    account.add(1, name="Renamed")
    account.add(7)

    assert known(first) == {"Campaign 0", "Campaign 1"}
    await whole(first)
    assert known(first) == {"Renamed", "Campaign 7"}
    other = account.replica()
    await other.load()
    assert known(other) == {"Renamed", "Campaign 7"}


async def test_a_sweep_that_broke_off_is_gone_on_with_and_what_it_had_read_is_there(account: Account) -> None:
    account.holds(250)
    account.sandbox.faults.add(fault("delay", delay_ms=0, times=2))
    account.sandbox.faults.add(fault("status", status=503, times=None))
    broken = account.replica()
    await broken.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)

    copy = broken.cached_list()
    assert (len(known(broken)), copy.total, copy.as_of, copy.trouble) == (195, 250, None, Refusal.KORE_SILENT)
    account.sandbox.faults.clear()
    asked = len(account.pages_read())
    await broken.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)
    assert len(account.pages_read()) == asked, "not again so soon"
    await make_older(account, AGAIN_AFTER)

    other = await whole(account.replica())

    assert len(known(other)) == 250
    assert account.pages_read()[asked:] == [("sms", 190), ("voice", 0)]
    assert other.cached_list().trouble is None


async def test_a_reader_that_died_is_replaced_and_writes_nothing_more_if_it_lives(account: Account) -> None:
    account.holds(150)
    claimed = SyncState().claim("another replica", now())
    assert claimed
    assert await account.store.swap(await account.store.sync_state(), claimed)
    waiting = account.replica()
    await waiting.fresh_list(timedelta(0), within_seconds=0.2)
    assert account.pages_read() == []
    await waiting.close()
    await make_older(account, RECOVER_AFTER)

    await whole(account.replica())

    assert not await account.store.swap(claimed, claimed.after(Page([], has_more=False, total=0), now()))
    assert len(account.pages_read()) == 3


async def test_a_campaign_deleted_while_the_pages_are_read_hides_no_other(account: Account) -> None:
    account.holds(250)
    account.sandbox.faults.add(fault("delay", delay_ms=0, times=1))
    account.sandbox.faults.add(fault("status", status=503, times=None))
    await account.replica().fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)
    account.sandbox.faults.clear()
    account.remove(249)
    await make_older(account, AGAIN_AFTER)

    catalogue = await whole(account.replica())

    assert {f"Campaign {n}" for n in range(249)} <= known(catalogue)


async def test_after_the_first_pages_it_leaves_room_for_others(account: Account, mocker: MockerFixture) -> None:
    account.holds(FIRST_PAGES * 100 + 1)
    catalogue, rests, is_resting = account.replica(pause_seconds=60), list[float](), asyncio.Event()

    async def rest(seconds: float) -> bool:
        rests.append(seconds)
        is_resting.set()
        await asyncio.Event().wait()
        return True

    mocker.patch.object(catalogue, "_rest", side_effect=rest)
    mocker.patch.object(campaign_cache, "CLOSE_SECONDS", 0)
    catalogue.cached_list()
    await asyncio.wait_for(is_resting.wait(), HANGS_AFTER_SECONDS)

    await catalogue.fresh_list(timedelta(0), within_seconds=0.01)

    assert rests == [60]

    assert len(account.pages_read()) == FIRST_PAGES
    assert not catalogue.cached_list().is_whole
    await catalogue.close()


async def test_names_that_a_database_refuses_are_kept_without_what_it_refuses(account: Account) -> None:
    account.holds(0)
    account.add(1, name="Zero\0 byte \ud83d half")
    account.add(2, name="x" * 5000)
    assert known(await whole(account.replica())) == {"Zero byte ? half", "x" * 300}
