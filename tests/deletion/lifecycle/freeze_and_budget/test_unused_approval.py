"""An approval that was not used in time ends as expired, and nothing is deleted."""

from datetime import timedelta

from deletion.domain.clock import now
from deletion.domain.states import State
from tests.deletion.lifecycle.freeze_and_budget.frozen_world import POLICY, Bot


async def test_an_approval_that_was_not_used_in_time_is_found_and_never_used(bot: Bot) -> None:
    old = await bot.add(expires_at=now() - timedelta(seconds=1), approved_at=now())
    assert [found.id for found in await bot.store.expired(now())] == [old.id]
    assert await bot.execution().advance(old.id) is None
    bot.kore.look.assert_not_called()  # type: ignore[attr-defined]  # an autospec
    ended = await bot.store.request(old.id)
    assert ended
    assert ended.state is State.EXPIRED
    again = await bot.add(expires_at=now() - timedelta(seconds=1), approved_at=now())
    assert await bot.deadlines(POLICY).keep() == [again.id]
    assert (await bot.store.entries(again.id))[-1].event == "expired, unused"
