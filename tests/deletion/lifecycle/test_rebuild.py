"""Which deletions offer a rebuild: the last one of a campaign, while a key opens its archive."""

from typing import Any

import pytest
from pydantic import SecretStr
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.rebuild import Kept, Rebuilding
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from tests.deletion.lifecycle.archive_steps import NEW, OLD, executed
from tests.deletion.values import request


def rebuilding(store: RequestStore, engine: AsyncEngine, *keys: SecretStr, account: str | None = None) -> Rebuilding:
    return Rebuilding(store, PreviewStore(engine), Archive(store, keys), Policy(kore_account=account))


async def test_campaign_can_be_rebuilt_if_a_key_still_opens_its_archive(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    sealed = await executed(store, Archive(store, [OLD]), mocker)
    deleted = await store.request(sealed.id)
    assert deleted

    for keys, is_archived in (((OLD,), True), ((NEW, OLD), True), ((NEW,), False), ((), False)):
        assert await rebuilding(store, engine, *keys).state_of(deleted) == Rebuildable(is_archived=is_archived)
    of_other_account = deleted.model_copy(update={"kore_account": "another"})
    assert await rebuilding(store, engine, OLD, account="ours").state_of(of_other_account) == NOT_REBUILDABLE


async def test_campaign_deleted_without_a_key_cannot_be_rebuilt_after_one_is_set(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    hashed = await executed(store, Archive(store), mocker)
    deleted = await store.request(hashed.id)
    assert deleted
    assert await rebuilding(store, engine, NEW).state_of(deleted) == NOT_REBUILDABLE


@pytest.mark.parametrize(
    ("state", "is_archived"),
    [(State.AWAITING_APPROVAL, True), (State.UNKNOWN, True), (State.REJECTED, True), (State.REBUILT, False)],
)
async def test_only_a_rebuild_that_was_carried_out_takes_the_offer_away(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture, state: State, *, is_archived: bool
) -> None:
    sealed = await executed(store, Archive(store, [OLD]), mocker)
    deleted, rebuild = await store.request(sealed.id), request(state=state, rebuilds=sealed.id)
    assert deleted
    await store.add(rebuild, Entry(at=now(), event="rebuild requested", actor_id="U0ALICE", surface="test"), [])

    found = await rebuilding(store, engine, OLD).state_of(deleted)

    assert found == Rebuildable(is_archived=is_archived, rebuilt=rebuild if state is State.REBUILT else None)
    assert await rebuilding(store, engine, OLD).state_of(rebuild) == NOT_REBUILDABLE


@pytest.mark.parametrize("keys", [[NEW], []], ids=["archived", "hash only"])
async def test_earlier_deletion_of_a_campaign_can_be_rebuilt_only_if_the_last_cannot(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture, keys: list[SecretStr]
) -> None:
    archives = [Archive(store, [NEW]), Archive(store, keys)]
    deleted = [await store.request((await executed(store, each, mocker)).id) for each in archives]

    found = [await rebuilding(store, engine, NEW).state_of(each) for each in deleted if each]

    assert [each.is_archived for each in found] == [not keys, bool(keys)]


@pytest.mark.parametrize(
    "changes", [{"state": State.FAILED}, {"state": State.UNKNOWN}, {"state": State.GONE, "stops": Purpose.STOP}]
)
async def test_only_what_a_request_deleted_can_be_rebuilt(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture, changes: dict[str, Any]
) -> None:
    """The archive of a delete that failed opens as well, but its campaign is still there."""
    deleted = await store.request((await executed(store, Archive(store, [NEW]), mocker)).id)
    assert deleted

    found = await rebuilding(store, engine, NEW).state_of(deleted.model_copy(update=changes))

    assert found == NOT_REBUILDABLE


async def test_later_deletion_in_another_account_is_not_the_last_one_of_this_account(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    deleted = []
    for account in ("ours", "ours", "another"):
        kept = await executed(store, Archive(store, [NEW]), mocker)
        async with engine.begin() as connection:
            await connection.execute(requests.update().where(requests.c.id == kept.id).values(kore_account=account))
        deleted.append(await store.request(kept.id))

    found = [await rebuilding(store, engine, NEW, account="ours").state_of(each) for each in deleted if each]

    assert [each.is_archived for each in found] == [False, True, False]


async def test_open_request_in_another_account_leaves_the_form_as_it_is(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    kept = await executed(store, Archive(store, [NEW]), mocker)
    async with engine.begin() as connection:
        await connection.execute(requests.update().values(kore_account="ours"))
    asked = request(campaign=kept.campaign, state=State.AWAITING_APPROVAL, kore_account="another")
    await store.add(asked, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    deleted = await store.request(kept.id)
    assert deleted

    assert isinstance(await rebuilding(store, engine, NEW, account="ours").look(deleted, "U0ALICE", "C0"), Kept)
