"""Two Kore.ai accounts on one database: each has its own open requests, budget, list, rate limit and health."""

from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.listed_campaign import GONE
from deletion.catalogue.sync_state import SyncState
from deletion.db.tables import kore_places, requests
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.kore.health import KoreHealth, Trouble
from deletion.kore.rate_limiter import RateLimiter
from deletion.stores.request_store import AlreadyRequestedError, RequestStore
from deletion.stores.row_mapping import row_of
from kore_api.account import KoreAccount
from kore_api.errors import KoreServerError, KoreThrottledError
from tests.deletion.values import listed, request

PRODUCTION, STAGING = "https://platform.kore.ai st-1 6777", "https://platform.kore.ai st-2 6778"
CAMPAIGN = request().campaign.campaign_id


def entry() -> Entry:
    return Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")


async def test_same_campaign_id_is_open_once_in_each_account(store: RequestStore) -> None:
    for account in (PRODUCTION, STAGING):
        await store.add(request(kore_account=account), entry(), [])
        with pytest.raises(AlreadyRequestedError) as caught:
            await store.add(request(kore_account=account), entry(), [])
        assert caught.value.existing.kore_account == account
        found = await store.blocking_request(CAMPAIGN, account)
        assert found
        assert found.kore_account == account


async def test_request_that_names_no_account_blocks_its_campaign_in_every_account(store: RequestStore) -> None:
    await store.add(request(), entry(), [])
    assert await store.blocking_request(CAMPAIGN, PRODUCTION)
    assert await store.blocking_request(CAMPAIGN, STAGING)


async def test_unanswered_delete_blocks_a_request_in_its_account_only(store: RequestStore, engine: AsyncEngine) -> None:
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    unknown = request(kore_account=PRODUCTION, state=State.UNKNOWN, attempt=lost)
    async with engine.begin() as connection:
        await connection.execute(requests.insert().values(row_of(unknown)))

    with pytest.raises(AlreadyRequestedError):
        await store.add(request(kore_account=PRODUCTION), entry(), [])
    await store.add(request(kore_account=STAGING), entry(), [])


async def test_budget_and_earlier_requests_are_counted_for_each_account(store: RequestStore) -> None:
    ended = {"state": State.DELETED, "approved_at": now()}
    await store.add(request(kore_account=PRODUCTION, **ended), entry(), [])

    assert len((await store.delete_limits("T0", "U0ALICE", kore_account=PRODUCTION)).approved) == 1
    assert not (await store.delete_limits("T0", "U0ALICE", kore_account=STAGING)).approved
    assert await store.earlier_request(CAMPAIGN, PRODUCTION)
    assert not await store.earlier_request(CAMPAIGN, STAGING)
    assert await store.last_deletion(CAMPAIGN, PRODUCTION)
    assert not await store.last_deletion(CAMPAIGN, STAGING)


async def test_lists_of_two_accounts_do_not_mix(engine: AsyncEngine) -> None:
    production, staging = CacheStore(engine, PRODUCTION), CacheStore(engine, STAGING)
    for store, name in ((production, "Spring Sale"), (staging, "Spring Test")):
        began = (await store.sync_state()).claim("replica", now())
        assert began
        assert await store.swap(SyncState(), began, [listed(1, name)])

    await staging.forget(listed(1, "").id)

    (batch,) = [batch async for batch in production.changed_since(0)]
    assert [(each.name, each.sweep == GONE) for each in batch] == [("Spring Sale", False)]
    assert (await production.sync_state()).version == 1
    assert (await staging.sync_state()).version == 2


async def test_each_account_has_its_own_calls_and_those_of_the_previous_version_count_for_all(
    engine: AsyncEngine,
) -> None:
    limit = {account: RateLimiter(engine, 2, account) for account in (PRODUCTION, STAGING)}
    async with limit[PRODUCTION].acquire(0), limit[PRODUCTION].acquire(0):
        with pytest.raises(KoreThrottledError):
            async with limit[PRODUCTION].acquire(0):
                pytest.fail("there was no slot")
        async with limit[STAGING].acquire(0):
            async with engine.begin() as connection:
                by_previous_version = {"id": "1", "places": 1, "until": now() + timedelta(minutes=1)}
                await connection.execute(kore_places.insert().values(by_previous_version))
            with pytest.raises(KoreThrottledError):
                async with limit[STAGING].acquire(0):
                    pytest.fail("there was no slot")


async def test_granted_limit_above_sixty_is_used_whole(engine: AsyncEngine) -> None:
    limit = RateLimiter(engine, 120, PRODUCTION)
    async with AsyncExitStack() as calls:
        for _ in range(120):
            await calls.enter_async_context(limit.acquire(0))
        with pytest.raises(KoreThrottledError):
            await calls.enter_async_context(limit.acquire(0))


async def test_apps_of_one_account_share_its_calls() -> None:
    address = {"base_url": "https://platform.kore.ai", "account_id": "6777"}
    apps = [KoreAccount(app_id=app_id, **address) for app_id in ("st-1", "st-2")]
    assert len({app.rate_limit_key for app in apps}) == 1
    assert len({app.key for app in apps}) == 2


async def test_trouble_of_one_account_is_not_shown_for_another(engine: AsyncEngine) -> None:
    production, staging = KoreHealth(engine, PRODUCTION), KoreHealth(engine, STAGING)
    await production.record(KoreServerError("500"))
    await staging.record(None)

    assert (await production.now()).trouble is Trouble.UNANSWERED
    assert (await staging.now()).trouble is Trouble.NONE
