"""Lists in the store: written whole or not at all, and read as one."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import alert
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.list_transitions import ListTransitions, Move
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.undo_window import commit_by
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.list_store import ListStore, Written
from deletion.stores.message_store import MessageStore
from deletion.stores.request_store import AlreadyRequestedError
from tests.deletion.kept_lists import entry, keep, of_different_campaigns, read
from tests.deletion.values import campaign_list, freeze, request

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB",))


@pytest.fixture
def store(engine: AsyncEngine) -> ListStore:
    return ListStore(engine)


@pytest.fixture
def transitions(store: ListStore) -> Transitions:
    return Transitions(store, POLICY)


async def test_all_requests_of_a_list_are_recorded_or_none(store: ListStore) -> None:
    taken = request(id="f" * 32)
    await store.add(taken, entry(), [])
    made = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)
    other = made.requests[0].campaign.model_copy(update={"campaign_id": "cd-other"})
    first = made.requests[0].model_copy(update={"campaign": other})

    with pytest.raises(AlreadyRequestedError) as error:
        await store.add_all([Written(each, entry(), []) for each in (first, made.requests[1])], commit_by(now()))

    assert error.value.existing == taken
    assert await store.listed(made.id) is None
    assert await store.request(first.id) is None


async def test_list_is_recorded_if_the_open_request_in_its_way_ends_before_it_can_be_named(
    store: ListStore, mocker: MockerFixture
) -> None:
    taken = request(id="f" * 32, campaign=of_different_campaigns(campaign_list(State.AWAITING_APPROVAL))[0].campaign)
    await store.add(taken, entry(), [])
    look = store.open_request

    async def ends_first(campaign_id: str, kore_account: str | None) -> Request | None:
        await store.swap(taken, taken.model_copy(update={"state": State.FAILED, "version": 2}), entry())
        return await look(campaign_id, kore_account)

    mocker.patch.object(store, "open_request", side_effect=ends_first)

    kept = await keep(store, State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)

    assert kept.counts == {State.AWAITING_APPROVAL: 2}


async def test_changes_of_a_list_are_written_together_or_not_at_all(store: ListStore) -> None:
    kept = await keep(store, State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)
    together = ListTransitions(store, POLICY)
    first, second = kept.requests
    stale = second.model_copy(update={"version": 7})

    assert await together.move_all([Move(each, State.REJECTED, "rejected") for each in (first, stale)]) is None
    assert await read(store, kept.id) == kept
    assert await together.move_all([Move(each, State.REJECTED, "rejected") for each in (first, second)])

    after = await read(store, kept.id)
    assert {each.state for each in after.requests} == {State.REJECTED}
    assert after.version == kept.version + 2
    assert [entry.details["campaigns"] for entry in await store.entries(second.id) if entry.event == "rejected"] == [
        "2"
    ]


async def test_changes_in_opposite_orders_do_not_block_each_other(store: ListStore) -> None:
    kept = await keep(store, *[State.AWAITING_APPROVAL] * 20)
    together = ListTransitions(store, POLICY)
    moves = [Move(each, State.REJECTED, "rejected") for each in kept.requests]

    changed = await asyncio.gather(together.move_all(moves), together.move_all(moves[::-1]))

    assert [each is None for each in changed].count(True) == 1
    assert (await read(store, kept.id)).counts == {State.REJECTED: 20}


async def test_of_two_lists_with_the_same_campaigns_one_is_recorded(store: ListStore) -> None:
    first = of_different_campaigns(campaign_list(*[State.AWAITING_APPROVAL] * 20))
    again = [each.model_copy(update={"id": f"f{each.id[1:]}", "list_id": f"f{'0' * 31}"}) for each in first]
    backwards = [each.model_copy(update={"list_position": at}) for at, each in enumerate(again[::-1], start=1)]
    second = [each.model_copy(update={"list_id": backwards[0].id}) for each in backwards]

    kept = await asyncio.gather(
        *(store.add_all([Written(each, entry(), []) for each in made], commit_by(now())) for made in (first, second)),
        return_exceptions=True,
    )

    assert [type(each) for each in kept if each is not True] == [AlreadyRequestedError]


async def test_messages_of_all_requests_are_written_before_the_journal_is_locked(
    engine: AsyncEngine, store: ListStore
) -> None:
    """A change that waits for the lock has written its messages, so none of them may be waited for under it."""
    first, second = (await keep(store, State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)).requests
    policy = Policy(requesters=("U0ALICE",), approvers=("U0BOB",), ops_rooms=("C0OPS",))
    moves = [Move(first, State.AWAITING_APPROVAL, "reminded"), Move(second, State.REJECTED, "rejected")]
    written = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        written.append(re.sub(r"INSERT INTO (\w+).*", r"\1", statement, flags=re.DOTALL))

    sa.event.listen(engine.sync_engine, "before_cursor_execute", note)
    assert await ListTransitions(store, policy).move_all(moves)

    inserts = [name for name in written if name in ("messages", "journal")]
    assert inserts == sorted(inserts, reverse=True)
    assert inserts.count("messages") > 1


async def test_reason_of_a_freeze_is_shown_on_an_open_list_whose_first_request_has_ended(
    store: ListStore, engine: AsyncEngine
) -> None:
    first, _ = (await keep(store, State.DELETED, State.APPROVED)).requests
    messages, freezes, unexplained = MessageStore(engine), FreezeStore(engine), freeze(reason="")
    await messages.add(alert(first))
    assert await freezes.freeze(unexplained, entry(), [])
    (card,) = await messages.messages(first.id)
    assert await messages.save_shown(card, shown_version=2, shown_freeze_generation=1, shown="without a reason")
    assert await messages.overdue_messages(timedelta(0)) == []

    assert await freezes.give_reason(unexplained.model_copy(update={"reason": "The wrong list"}), entry())

    assert [each.key for each in await messages.overdue_messages(timedelta(0))] == [card.key]


async def test_list_and_its_pause_are_read_in_one_statement(engine: AsyncEngine, store: ListStore) -> None:
    """Between two statements a pause could begin: the card would show the new version without it, and keep that."""
    kept = await keep(store, State.DELETING, State.APPROVED)
    read_tables = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read_tables.append("request" in statement)

    sa.event.listen(engine.sync_engine, "before_cursor_execute", note)

    assert await store.listed(kept.id) == kept
    assert read_tables.count(True) == 1


async def test_earlier_request_of_a_campaign_of_a_list_is_shown_by_the_message_of_the_list(store: ListStore) -> None:
    first, second = of_different_campaigns(campaign_list(State.DELETED, State.DELETED))
    card = Message(request_id=first.id, key="card-C0", kind=MessageKind.CARD, target_id="C0", channel_id="C0", ts="1.2")
    assert await store.add_all([Written(first, entry(), [card]), Written(second, entry(), [])], commit_by(now()))

    earlier = await store.earlier_request(second.campaign.campaign_id, second.kore_account)

    assert earlier
    assert (earlier.channel_id, earlier.ts) == ("C0", "1.2")
