"""The files of ended lists that the sweep finds, and their ids in the store."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.recipients import result_file
from deletion.domain.states import State
from deletion.lifecycle.transitions import Transitions
from deletion.lifecycle.undo_window import commit_by
from deletion.stores.list_store import ListStore, Written
from deletion.stores.message_store import MessageStore
from tests.deletion.kept_lists import entry, keep
from tests.deletion.values import campaign_list

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB",))


@pytest.fixture
def store(engine: AsyncEngine) -> ListStore:
    return ListStore(engine)


@pytest.fixture
def transitions(store: ListStore) -> Transitions:
    return Transitions(store, POLICY)


async def test_sweep_looks_for_files_of_ended_lists_alone(store: ListStore, engine: AsyncEngine) -> None:
    files = MessageStore(engine)
    for state, is_owed in ((State.APPROVED, False), (State.DELETED, True)):
        made = campaign_list(state)
        first = made.requests[0].model_copy(update={"id": f"{is_owed:032}", "list_id": f"{is_owed:032}"})
        written = Written(first, entry(), [result_file(first, "C0")])
        assert await store.add_all([written], commit_by(now()))
    assert [each.request_id for each in await files.overdue_messages(timedelta(0))] == [f"{1:032}"]


async def test_sweep_looks_for_files_to_correct_once_every_result_is_known(
    store: ListStore, engine: AsyncEngine, transitions: Transitions
) -> None:
    files, kept = MessageStore(engine), await keep(store, State.UNKNOWN, State.UNKNOWN)
    await files.add(result_file(kept.requests[0], "C0").model_copy(update={"ts": "F1", "shown_version": -2}))
    owed = []
    for each in kept.requests:
        owed.append("file-C0" in {other.key for other in await files.overdue_messages(timedelta(0))})
        assert await transitions.move(each, State.GONE, "settled")
    owed.append("file-C0" in {other.key for other in await files.overdue_messages(timedelta(0))})
    assert owed == [False, False, True]


async def test_two_uploads_of_a_file_store_one_id(store: ListStore, engine: AsyncEngine) -> None:
    files, first = MessageStore(engine), campaign_list(State.DELETED).requests[0]
    file = result_file(first, "C0")
    assert await store.add_all([Written(first, entry(), [file])], commit_by(now()))
    placed = [
        await files.place(file, file.model_copy(update={"ts": file_id, "shown_version": 1})) for file_id in ("F1", "F2")
    ]
    assert placed == [True, False]
    assert [message.ts for message in await files.messages(first.id)] == ["F1"]
    assert await files.overdue_messages(timedelta(0)) == []
