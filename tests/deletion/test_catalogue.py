"""The shared copy of the list, on both databases, read from a real port of the fake Kore.ai."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from pytest_mock import MockerFixture
from tenacity import wait_none

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import FIRST_PAGES, CampaignCache
from deletion.catalogue.sync_state import (
    AGAIN_AFTER,
    DELTA_LIMIT,
    FRESH,
    OVERLAP,
    RECOVER_AFTER,
    TOO_LATE_AFTER,
    TYPES,
    SyncState,
)
from deletion.db.connection import open_engine
from deletion.domain import log_context
from deletion.domain.clock import now
from deletion.domain.policy import Policy, Refusal
from deletion.kore.campaign_gateway import CampaignGateway
from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.client import KoreClient, open_client
from kore_api.errors import KoreError
from kore_api.models import Campaign
from kore_api.paging import Page
from sandbox.faults import Fault, Kind
from sandbox.kore import auth
from sandbox.server import Sandbox, running
from tests.deletion.values import request
from tests.kore_api.conftest import FakeRateLimit

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HANGS_AFTER_SECONDS = 60
Making = Callable[..., CampaignCache]


@dataclass
class Account:
    """The fake Kore.ai with its campaigns, and the database of the copy. Every replica is closed at the end."""

    sandbox: Sandbox
    campaign: CampaignGateway
    store: CacheStore
    replicas: list[CampaignCache] = field(default_factory=list)

    def replica(self, **options: Any) -> CampaignCache:
        self.replicas.append(CampaignCache(self.store, self.campaign, Policy(), **options))
        return self.replicas[-1]

    def holds(self, count: int) -> None:
        """That many SMS campaigns besides the seeded ones of voice."""
        memory = self.sandbox.kore.memory
        memory.campaigns = {key: raw for key, raw in memory.campaigns.items() if raw["campaignType"] == "voice"}
        for n in range(count):
            self.add(n)

    def add(self, number: int, **fields: Any) -> str:
        campaign_id = f"cd-{number:08x}-f98e-5f4f-ad41-92803abb0000"
        created = (NOON + timedelta(minutes=number)).isoformat()
        self.sandbox.kore.memory.put(campaign_id, {"name": f"Campaign {number}", "createdAt": created, **fields})
        return campaign_id

    def remove(self, number: int) -> None:
        self.sandbox.kore.memory.campaigns[self.add(number)]["deleted"] = True

    def pages_read(self) -> list[tuple[str, int]]:
        bodies = [
            exchange["request"]["body"] for exchange in self.sandbox.traffic.after() if exchange["what"] == "list"
        ]
        return [(body["type"], body["skip"]) for body in bodies]


@asynccontextmanager
async def account_on(database_url: str) -> AsyncIterator[Account]:
    engine = open_engine(database_url)
    async with running(latency_ms=0) as sandbox:
        address = {"base_url": sandbox.url, "app_id": auth.APP_ID, "account_id": auth.ACCOUNT_ID}
        account = KoreAccount.model_validate(address)
        async with open_client(account, KoreAuth(auth.CLIENT_ID, SecretStr(auth.CLIENT_SECRET))) as http:
            campaign = CampaignGateway(KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none()))
            made = Account(sandbox, campaign, CacheStore(engine))
            yield made
            for replica in made.replicas:
                await replica.close()
    await engine.dispose()


@pytest.fixture
async def account(database_url: str) -> AsyncIterator[Account]:
    async with account_on(database_url) as account:
        yield account


async def whole(catalogue: CampaignCache) -> CampaignCache:
    """Once its copy is of this minute."""
    await catalogue.fresh_list(timedelta(0), within_seconds=HANGS_AFTER_SECONDS)
    assert catalogue.cached_list().is_whole
    return catalogue


def known(catalogue: CampaignCache) -> set[str]:
    return {campaign.name for campaign in catalogue.cached_list().campaigns if not campaign.is_voice}


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


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def make_older(account: Account, age: timedelta) -> None:
    """Nothing has been heard for that long of the sweep that runs, or the one that is over began so long before."""
    sweep = await account.store.sync_state()
    names = ("began_at", "touched_at", "as_of", "full_at") if sweep.is_over else ("touched_at",)
    times = {name: at - age for name in names if (at := getattr(sweep, name))}
    assert await account.store.swap(sweep, sweep.model_copy(update={"version": sweep.version + 1, **times}))


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


def fault(kind: Kind, **details: Any) -> Fault:
    return Fault("kore", "list", kind, **details)


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


async def test_after_the_first_pages_it_leaves_room_for_others(account: Account, mocker: MockerFixture) -> None:
    account.holds(FIRST_PAGES * 100 + 1)
    catalogue, rests, is_resting = account.replica(pause_seconds=60), list[float](), asyncio.Event()

    async def rest(seconds: float) -> bool:
        rests.append(seconds)
        is_resting.set()
        await asyncio.Event().wait()
        return True

    mocker.patch.object(catalogue, "_rest", side_effect=rest)
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


def page(count: int, *, has_more: bool, total: int | None = None) -> Page[Campaign]:
    return Page([Campaign.model_validate({"id": f"cd-{n}"}) for n in range(count)], has_more, total)


def begun() -> SyncState:
    sweep = SyncState().claim("me", NOON)
    assert sweep
    return sweep


def delta(**changes: Any) -> SyncState:
    """Return a delta that begins a minute after a full sweep of 1,000 campaigns."""
    done = begun().after(page(0, has_more=False), NOON).after(page(0, has_more=False), NOON)
    claimed = done.claim("me", NOON + FRESH, 1_000)
    assert claimed
    assert claimed.is_delta
    return claimed.model_copy(update=changes)


def updated(*minutes: int, has_more: bool = True, total: int | None = 1_000) -> Page[Campaign]:
    """Return a page whose campaigns were updated so many minutes after the full sweep."""
    dates = [NOON + timedelta(minutes=at) for at in minutes]
    items = [{"id": f"cd-{n}", "updatedAt": at.isoformat()} for n, at in enumerate(dates)]
    return Page([Campaign.model_validate(item) for item in items], has_more, total)


def test_delta_goes_on_until_a_page_reaches_back_before_the_last_sync() -> None:
    later = delta().after(updated(30, 20), NOON + FRESH, 1_000)
    assert (later.is_delta, later.skip) == (True, 2)

    done = later.after(updated(10, -60), NOON + FRESH, 1_000)

    assert (done.is_over, done.as_of, done.full_at) == (True, NOON + FRESH, NOON)


@pytest.mark.parametrize(
    ("read", "known", "skip"),
    [
        (updated(10, 20, -60), 1_000, 0),
        (updated(10, -60, total=1_001), 1_000, 0),
        (updated(10, -60, total=None), 1_000, 0),
        (updated(30, 20), 1_000, DELTA_LIMIT),
        (Page([Campaign(id="cd-1"), Campaign(id="cd-2")], True, 1_000), 1_000, 0),
    ],
    ids=["not sorted", "more than known", "no total", "too long", "no dates"],
)
def test_delta_that_proves_nothing_makes_a_full_sweep_due(read: Page[Campaign], known: int, skip: int) -> None:
    after = delta(skip=skip).after(read, NOON + FRESH, known)

    assert (after.is_over, after.as_of, after.full_at) == (True, NOON, None)
    full = after.claim("me", NOON + 2 * FRESH, 1_000)
    assert full
    assert not full.is_full_over


@pytest.mark.parametrize(("size", "wait"), [(33, timedelta(minutes=10)), (100_000, timedelta(minutes=500))])
def test_full_sweeps_are_rarer_the_larger_the_account_is(size: int, wait: timedelta) -> None:
    done = begun().after(page(0, has_more=False), NOON).after(page(0, has_more=False), NOON)
    early, due = done.claim("me", NOON + wait - FRESH, size), done.claim("me", NOON + wait, size)

    assert early
    assert due
    assert (early.is_delta, due.is_delta) == (True, False)


def test_a_sweep_goes_through_both_lists_and_then_says_since_when_it_is_whole() -> None:
    steps = [begun()]
    for has_more in (True, False, False):
        steps.append(steps[-1].after(page(100, has_more=has_more), NOON + timedelta(seconds=1)))

    assert [(step.campaign_type, step.skip) for step in steps] == [("sms", 0), ("sms", 95), ("voice", 0), ("voice", 0)]
    assert [step.is_over for step in steps] == [False, False, False, True]
    assert (steps[-1].as_of, steps[-1].sweeper) == (NOON, "")
    assert [step.version for step in steps] == [1, 2, 3, 4]


@pytest.mark.parametrize("campaign_type", TYPES)
def test_when_more_have_gone_than_the_pages_overlap_it_goes_back_even_from_the_end(campaign_type: str) -> None:
    before = begun().model_copy(update={"campaign_type": campaign_type, "skip": 195, "total": 250})
    after = before.after(page(49, has_more=False, total=250 - OVERLAP - 1), NOON)
    assert (after.campaign_type, after.skip, after.is_over) == (campaign_type, 189, False)
    assert after.after(page(55, has_more=False, total=244), NOON).campaign_type != "sms"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_short_pages_come_to_an_end_too(size: int) -> None:
    assert begun().after(page(size, has_more=True), NOON).skip > 0


def test_nobody_begins_within_a_minute_or_beside_somebody_who_reads() -> None:
    done = begun().after(page(0, has_more=False), NOON).after(page(0, has_more=False), NOON)
    assert done.is_over
    assert done.claim("you", NOON + FRESH - timedelta(seconds=1)) is None
    assert done.claim("you", NOON + FRESH)

    assert begun().claim("you", NOON + RECOVER_AFTER - timedelta(seconds=1)) is None
    taken = begun().after(page(100, has_more=True), NOON).claim("you", NOON + RECOVER_AFTER)
    assert taken
    assert (taken.sweeper, taken.skip, taken.sweep) == ("you", 95, 1)


def test_what_was_left_for_long_begins_anew() -> None:
    left = begun().after(page(100, has_more=True), NOON).fail(Refusal.KORE_LIMIT, NOON)
    assert left.claim("you", NOON + AGAIN_AFTER - timedelta(seconds=1)) is None
    soon, late = left.claim("you", NOON + AGAIN_AFTER), left.claim("you", NOON + TOO_LATE_AFTER * 2)
    assert soon
    assert late
    assert (soon.sweep, soon.skip, soon.trouble) == (1, 95, Refusal.KORE_LIMIT)
    assert (late.sweep, late.skip) == (2, 0)
