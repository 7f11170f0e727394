"""Requests in the store: one open request for a campaign, and one winner of each change."""

import asyncio

import pytest
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import AlreadyRequestedError, RequestStore
from deletion.stores.row_mapping import row_of
from tests.deletion.stored_journal import entry
from tests.deletion.values import campaign, request


async def test_a_request_comes_back_as_it_was_kept_with_its_entry_and_its_message(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept, said = request(), entry("requested")
    await store.add(kept, said, recipients(kept, said, Policy(ops_rooms=("C0ROOM",))))

    assert await store.request(kept.id) == kept
    assert await store.entries(kept.id) == [said]
    assert [message.kind for message in await MessageStore(engine).messages(kept.id)] == [MessageKind.ORIGIN]


async def test_previous_version_rewrites_a_row_and_keeps_the_fields_that_it_does_not_know(
    store: RequestStore, engine: AsyncEngine
) -> None:
    kept = request(kore_account="https://platform.kore.ai st-1 6777", recheck_at=now())
    assert kept.campaign.other_fields == {}
    kept = kept.model_copy(update={"campaign": CampaignFingerprint.of(campaign(description="KEEP", priority="4"))})
    await store.add(kept, entry("requested"), [])
    known = {column.key for column in requests.c} - {"other_fields", "kore_account", "recheck_at", "reappeared_at"}
    seen_by_it = {**kept.campaign.model_dump(mode="json", exclude={"other_fields"})}
    written = {name: value for name, value in row_of(kept).items() if name in known} | {"campaign": seen_by_it}
    async with engine.begin() as connection:
        await connection.execute(requests.update().values({**written, "version": 2}))

    assert await store.request(kept.id) == kept.model_copy(update={"version": 2})


async def test_a_second_open_request_for_a_campaign_is_refused_and_leaves_no_trace(store: RequestStore) -> None:
    first, second = request(), request()
    await store.add(first, entry("requested"), [])

    with pytest.raises(AlreadyRequestedError) as caught:
        await store.add(second, entry("requested"), [])

    assert caught.value.existing == first
    assert await store.request(second.id) is None
    assert await store.entries(second.id) == []


async def test_request_is_kept_if_the_open_one_ends_before_it_can_be_named(
    store: RequestStore, mocker: MockerFixture
) -> None:
    first, second = request(), request()
    await store.add(first, entry("requested"), [])
    look = store.open_request

    async def ends_first(campaign_id: str, kore_account: str | None, *, is_stop: bool) -> Request | None:
        await store.swap(first, first.model_copy(update={"state": State.FAILED, "version": 2}), entry("failed"))
        return await look(campaign_id, kore_account, is_stop=is_stop)

    mocker.patch.object(store, "open_request", side_effect=ends_first)

    assert await store.add(second, entry("requested"), [])

    assert await store.request(second.id) == second
    assert [kept.event for kept in await store.entries(second.id)] == ["requested"]


async def test_a_campaign_whose_request_has_ended_may_be_asked_for_again(store: RequestStore) -> None:
    await store.add(request(state=State.FAILED), entry("requested"), [])
    await store.add(request(), entry("requested"), [])


async def test_of_many_who_swap_at_once_one_wins_and_only_its_entry_is_kept(store: RequestStore) -> None:
    before = request()
    await store.add(before, entry("requested"), [])
    after = before.model_copy(update={"state": State.DELETING, "version": 2})

    won = await asyncio.gather(*(store.swap(before, after, entry(f"try {n}")) for n in range(20)))

    assert won.count(True) == 1
    assert await store.request(before.id) == after
    assert [kept.event for kept in await store.entries(before.id)] == ["requested", f"try {won.index(True)}"]


async def test_two_changes_within_one_state_do_not_overwrite_each_other(store: RequestStore) -> None:
    before = request(state=State.AWAITING_APPROVAL)
    await store.add(before, entry("requested"), [])
    bobs, carols = (before.model_copy(update={"version": 2, "reason": name}) for name in ("Bob was here", "Carol was"))

    assert await store.swap(before, bobs, entry("approved"))
    assert not await store.swap(before, carols, entry("approved"))
    assert await store.request(before.id) == bobs
