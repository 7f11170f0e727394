"""A freeze begins once and ends once, and while it holds, no request is recorded and no delete begins."""

import asyncio
import itertools
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import FreezeEvent
from deletion.domain.states import State
from deletion.lifecycle.freezing import NotUnfrozen
from deletion.lifecycle.intake_results import FrozenError
from deletion.stores.message_store import MessageStore
from tests.deletion.lifecycle.freeze_and_budget.frozen_world import (
    BOB,
    POLICY,
    REASON,
    Bot,
    asking_nothing,
    entry,
    froze,
    shown,
    unfroze,
)
from tests.deletion.values import campaign, person, preview, reading


async def test_of_many_who_freeze_at_once_one_does_and_every_room_is_owed_one_notice_of_each(bot: Bot) -> None:
    permit = Permit(Action.FREEZE, BOB)
    made = await asyncio.gather(*(bot.freezing().freeze(permit, "C0", REASON) for _ in range(10)))
    assert [frozen.was_frozen for frozen in made].count(False) == 1
    assert len({frozen.freeze.id for frozen in made}) == 1
    lifted = await asyncio.gather(
        *(bot.freezing().unfreeze(Permit(Action.UNFREEZE, BOB), "C0RANDOM", "") for _ in range(10))
    )
    assert lifted.count(NotUnfrozen.NOT_FROZEN) == 9
    assert await bot.freezes.current() is None
    assert await bot.events() == ["frozen", "unfrozen"]
    owed = [(notice.event, notice.target_id) for notice in await bot.freezes.notices(made[0].freeze.id)]
    rooms = ["C0APPROVALS", "C0OPS", "C0"]
    assert sorted(owed) == sorted(
        [(FreezeEvent.FROZEN, room) for room in rooms] + [(FreezeEvent.UNFROZEN, room) for room in (*rooms, "C0RANDOM")]
    )
    await froze(bot)
    assert (await bot.store.current_freeze())[1] == 3


async def test_reason_that_is_given_while_the_freeze_is_lifted_stays(bot: Bot, mocker: MockerFixture) -> None:
    permit = Permit(Action.FREEZE, BOB)
    unexplained = (await bot.freezing().freeze(permit, "C0", "")).freeze
    lift = bot.freezes.lift

    async def explain_before(*args: Any) -> bool:
        assert await bot.freezing().give_reason(permit, unexplained, REASON)
        return await lift(*args)

    mocker.patch.object(bot.freezes, "lift", side_effect=explain_before)

    await unfroze(bot)

    ended = await bot.freezes.freeze_by_id(unexplained.id)
    assert ended
    assert ended.lifted_at
    assert ended.reason == REASON


async def test_while_frozen_nothing_is_recorded_or_begun_and_what_is_approved_waits(bot: Bot) -> None:
    waiting = await bot.add(approved_at=now())
    read_before = await bot.store.delete_limits("T0", "U0ALICE", exclude_request_id=waiting.id)
    await froze(bot)
    intake, shown = asking_nothing(bot, POLICY), preview()

    with pytest.raises(FrozenError):
        await intake.record(shown, Permit(Action.ASK, person("U0ALICE")), "Because of the test")
    assert await bot.store.request(shown.id) is None
    deleting = waiting.model_copy(update={"state": State.DELETING, "version": 2})
    assert not await bot.store.swap(waiting, deleting, entry(), expected_limits=read_before)
    assert await bot.execution().advance(waiting.id) is None
    bot.kore.delete.assert_not_called()  # type: ignore[attr-defined]  # an autospec
    assert await bot.store.unfinished(timedelta(0)) == []
    assert await bot.store.request(waiting.id) == waiting

    await unfroze(bot)
    assert await bot.store.due_now() == [waiting.id]
    assert await bot.store.unfinished(timedelta(minutes=1)) == [waiting.id]


async def test_a_rebuild_is_held_by_a_freeze_and_has_no_budget(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": 1, "approvals_required": 0, "undo_window": timedelta(0)})
    await bot.add(approved_at=now(), rebuilds="r1", requester_id="U0DAN")
    assert (await bot.store.delete_limits("T0", "U0DAN")).approved == ()
    await bot.add(approved_at=now())
    again = shown(1).model_copy(update={"rebuilds": "r2"})
    recording = Permit(Action.REBUILD, person("U0ALICE"))
    rebuild = await asking_nothing(bot, policy).record(again, recording, "Because of the test")
    assert (rebuild.state, rebuild.budget) == (State.APPROVED, None)
    read_before = await bot.store.delete_limits("T0", "U0ALICE", exclude_request_id=rebuild.id)
    await froze(bot)

    assert await bot.execution().advance(rebuild.id) is None
    rebuilding = rebuild.model_copy(update={"state": State.REBUILDING, "version": 2})
    assert not await bot.store.swap(rebuild, rebuilding, entry(), expected_limits=read_before)
    assert await bot.store.request(rebuild.id) == rebuild
    other = shown(2).model_copy(update={"rebuilds": "r3"})
    with pytest.raises(FrozenError):
        await asking_nothing(bot, policy).record(other, recording, "Because of the test")


async def test_the_messages_of_open_requests_are_behind_after_each_freeze_and_unfreezing(bot: Bot) -> None:
    opened, ended = await bot.add(), await bot.add(state=State.DELETED)
    for kept in (opened, ended):
        for message in await MessageStore(bot.engine).messages(kept.id):
            await MessageStore(bot.engine).save_shown(message, shown_version=1)
    assert await MessageStore(bot.engine).overdue_messages(timedelta(0)) == []
    for turn, freeze_generation in ((froze, 1), (unfroze, 2)):
        await turn(bot)
        (behind,) = await MessageStore(bot.engine).overdue_messages(timedelta(minutes=1))
        assert behind.request_id == opened.id
        await MessageStore(bot.engine).save_shown(behind, shown_freeze_generation=freeze_generation)
        assert await MessageStore(bot.engine).overdue_messages(timedelta(0)) == []


async def test_a_freeze_against_many_deletes_about_to_begin_and_none_begins_after_it(bot: Bot, other: Bot) -> None:
    waiting = iter([await bot.add(campaign=CampaignFingerprint.of(campaign())) for _ in range(30)])
    bot.kore.look.side_effect = lambda campaign_id, _: reading(_id=campaign_id)  # type: ignore[attr-defined]  # an autospec
    some_have_begun, counted = asyncio.Event(), itertools.count(1)

    async def delete(_: str, __: object) -> tuple[Attempt, None]:
        if next(counted) == 4:
            some_have_begun.set()
        return Attempt(kind=AttemptKind.CONFIRMED, at=now()), None

    bot.kore.delete.side_effect = delete  # type: ignore[attr-defined]  # an autospec

    async def worker() -> None:
        for kept in waiting:
            await bot.execution().advance(kept.id)

    async def freeze_then() -> None:
        await some_have_begun.wait()
        await froze(other)

    await asyncio.gather(*(worker() for _ in range(6)), freeze_then())

    events = await bot.events()
    begun = events.count("attempting")
    assert 4 <= begun < 30
    assert "attempting" not in events[events.index("frozen") :]
    assert bot.kore.delete.await_count == begun  # type: ignore[attr-defined]  # an autospec


async def test_what_is_under_way_at_a_freeze_is_known_until_it_has_ended_or_its_sender_has(bot: Bot) -> None:
    begun = {"state": State.DELETING, "changed_at": now()}
    sending, *_ = [
        await bot.add(**begun),
        await bot.add(state=State.DELETING, changed_at=now() - timedelta(seconds=31)),
        await bot.add(**begun, attempt=Attempt(kind=AttemptKind.CONFIRMED, at=now())),
    ]
    assert [found.id for found in await bot.freezing().under_way()] == [sending.id]


async def test_freeze_names_no_request_of_practice_which_cannot_take_effect(bot: Bot) -> None:
    await bot.add(state=State.DELETING, changed_at=now(), application="practice")
    assert await bot.freezing().under_way() == []
    assert await bot.freezing().may_take_effect() == []
