"""A delta reads the newest campaigns alone, and a list that contradicts itself is never called whole."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from deletion.catalogue.sync_state import FRESH
from deletion.domain.clock import now
from deletion.domain.policy import Refusal
from tests.deletion.catalogue_world import HANGS_AFTER_SECONDS, Account, account_on, iso, known, make_older, whole


@pytest.fixture
async def account(database_url: str) -> AsyncIterator[Account]:
    async with account_on(database_url) as account:
        yield account


async def test_delta_reads_one_page_and_sees_new_renamed_and_stopped_campaigns(account: Account) -> None:
    account.holds(300)
    catalogue = await whole(account.replica(pause_seconds=0))
    before = len(account.pages_read())
    await make_older(account, FRESH)
    await catalogue.load()
    account.add(3, name="Renamed", status="Stopped", updatedAt=iso(now()))
    account.add(5_000, name="New", updatedAt=iso(now()))

    await whole(catalogue)

    assert account.pages_read()[before:] == [("sms", 0)]
    assert {"Renamed", "New"} <= known(catalogue)
    assert "Campaign 3" not in known(catalogue)
    other = account.replica()
    await other.load()
    assert known(other) == known(catalogue)
    assert sum(campaign.is_voice for campaign in other.cached_list().campaigns) == 3


async def test_delta_of_a_small_account_drops_deleted_campaigns_and_keeps_voice_campaigns(account: Account) -> None:
    account.holds(50)
    first, other = await whole(account.replica()), account.replica()
    await other.load()
    await make_older(account, FRESH)
    await first.load()
    account.remove(7)

    await whole(first)
    await other.load()

    assert account.pages_read()[2:] == [("sms", 0)]
    for replica in (first, other):
        assert known(replica) == {f"Campaign {n}" for n in range(50)} - {"Campaign 7"}
        assert sum(campaign.is_voice for campaign in replica.cached_list().campaigns) == 3


async def test_full_sweep_follows_a_delta_that_misses_a_campaign(account: Account) -> None:
    """A campaign that appears without a new ``updatedAt`` shows in the total alone."""
    account.holds(300)
    catalogue = await whole(account.replica())
    await make_older(account, FRESH)
    await catalogue.load()
    account.add(5_000, name="Hidden", updatedAt="2020-01-01T00:00:00.000Z")
    before = len(account.pages_read())
    await catalogue.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)
    assert (await account.store.sync_state()).full_at is None
    await make_older(account, FRESH)

    await whole(catalogue)

    assert account.pages_read()[before:] == [
        ("sms", 0),
        ("sms", 0),
        ("sms", 95),
        ("sms", 190),
        ("sms", 285),
        ("voice", 0),
    ]
    assert "Hidden" in known(catalogue)


async def test_list_that_ends_before_its_own_total_is_never_called_whole(account: Account) -> None:
    account.holds(3)
    page = account.sandbox.kore.memory.page
    account.sandbox.kore.memory.page = lambda wanted: {  # type: ignore[method-assign]  # a server that contradicts itself
        **page(wanted),
        "hasMore": False,
        "totalResults": 500,
    }
    catalogue = account.replica()

    await catalogue.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)

    assert not catalogue.cached_list().is_whole
    assert catalogue.cached_list().trouble is Refusal.KORE_SILENT


async def test_listed_campaign_tells_messages_sent_and_when_it_was_listed(account: Account) -> None:
    account.holds(1)
    sent = account.add(1, totalMessagesSent=137)
    unknown = account.add(2, totalMessagesSent=10**30)
    began = now()
    await whole(account.replica())
    late = account.replica()
    await late.load()

    listed = late.listed(sent, timedelta(minutes=15))
    assert listed
    assert listed.seen_at
    assert (listed.messages_sent, began <= listed.seen_at <= now()) == (137, True)
    assert late.listed(sent, timedelta(0)) is None
    hidden = late.listed(unknown, timedelta(minutes=15))
    assert hidden
    assert hidden.messages_sent is None


async def test_a_list_that_repeats_a_page_is_never_called_whole(account: Account) -> None:
    account.holds(3)
    account.sandbox.kore.memory.page = lambda _: {  # type: ignore[method-assign,assignment]  # a server that ignores skip
        "results": [{"id": "cd-1", "format": "simple"}],
        "hasMore": True,
    }
    catalogue = account.replica()
    await catalogue.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)
    assert not catalogue.cached_list().is_whole
    assert len(account.pages_read()) == 2
