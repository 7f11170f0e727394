"""The notices of a freeze: rooms that could not be told, and a freeze that is over before its notice."""

from datetime import timedelta

from pytest_mock import MockerFixture

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.errors import UnreachableError
from deletion.domain.freeze_and_budget import HOUR, FreezeEvent, FreezeNotice
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from slack_ui.messages.projector import SlackProjector
from tests.deletion.lifecycle.freeze_and_budget.frozen_world import Bot, entry, froze, unfroze
from tests.deletion.values import freeze


async def ours(_channel_id: str) -> ChannelKind:
    return ChannelKind.OURS


EVERYWHERE = Disclosure(ours)


async def test_whoever_froze_is_told_once_of_the_rooms_that_were_not(bot: Bot, mocker: MockerFixture) -> None:
    teller = mocker.create_autospec(SlackProjector, instance=True)
    teller.tell.side_effect = lambda _, notice, __, **___: told(notice)
    announcement = FreezeNoticeSync(bot.freezes, teller, EVERYWHERE)
    frozen = freeze(frozen_in="C0RANDOM")
    assert await bot.freezes.freeze(frozen, entry(), ["C0OPS", "C0RANDOM", "C0APPROVALS"])

    def told(notice: FreezeNotice) -> str:
        if notice.target_id in ("C0OPS", "C0RANDOM"):
            raise UnreachableError("not_in_channel")
        return "1.2"

    todo = await announcement.pending(frozen.id)
    while todo:
        todo += (await announcement.tell(todo.pop(0))).owed
    for notice in await bot.freezes.notices(frozen.id):
        await announcement.tell(notice)

    assert await announcement.pending(frozen.id) == []
    posted = [(call.args[1].target_id, call.args[2]) for call in teller.tell.await_args_list]
    assert posted.count(("C0APPROVALS", {})) == 1
    assert posted.count(("U0BOB", dict.fromkeys(("C0OPS", "C0RANDOM"), "not_in_channel"))) == 1
    assert {target for target, _ in posted} == {"C0OPS", "C0RANDOM", "C0APPROVALS", "U0BOB"}


async def test_a_freeze_that_is_over_is_no_news_for_a_room_that_was_not_told_of_it(
    bot: Bot, mocker: MockerFixture
) -> None:
    teller = mocker.create_autospec(SlackProjector, instance=True)
    teller.tell.return_value = "1.2"
    await froze(bot)
    current = await bot.freezes.current()
    assert current
    await unfroze(bot)
    announcement = FreezeNoticeSync(bot.freezes, teller, EVERYWHERE)
    for notice in await announcement.pending(current.id):
        await announcement.tell(notice)

    assert {call.args[1].event for call in teller.tell.await_args_list} == {FreezeEvent.UNFROZEN}
    assert await announcement.overdue(timedelta(0), HOUR) == []
