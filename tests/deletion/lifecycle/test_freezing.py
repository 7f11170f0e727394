"""A freeze is explained by the person who froze, replaces practice, and names what may still take effect."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture

from deletion.db.tables import journal, requests
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.people import Person
from deletion.domain.attempt import Attempt, AttemptKind, Lease
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle import freezing
from deletion.lifecycle.freezing import REASON_GIVEN, REPLACED, Freezing, NotUnfrozen
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.row_mapping import row_of
from tests.deletion.lifecycle import party_world
from tests.deletion.values import freeze, person, request

pytestmark = pytest.mark.any_database

POLICY = Policy(approvers=("U0BOB", "U0CAROL"), approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))
PRACTICE = POLICY.model_copy(update={"practice": True})
BOB, CAROL = Permit(Action.FREEZE, person("U0BOB")), Permit(Action.FREEZE, person("U0CAROL"))
REASON = "The wrong list was loaded"
MINUTE = timedelta(minutes=1)
CONFIRMED = Attempt(kind=AttemptKind.CONFIRMED, at=now())


class Bot(party_world.Bot):
    def __init__(self, url: str) -> None:
        super().__init__(url, POLICY)
        self.freezes = FreezeStore(self.engine)
        self.freezing, self.practice = (Freezing(self.store, self.freezes, each) for each in (POLICY, PRACTICE))

    async def keep(self, **changes: Any) -> Freeze:
        kept = freeze(**changes)
        assert await self.freezes.freeze(kept, Entry(at=now(), event="frozen", actor_id="U0BOB", surface="test"), [])
        return kept

    async def lift(self) -> None:
        unfreeze = Permit(Action.UNFREEZE, person("U0CAROL"))
        assert isinstance(await self.freezing.unfreeze(unfreeze, "C0", ""), Freeze)

    async def journal(self) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(sa.select(journal).order_by(journal.c.seq)))


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Bot]:
    bot = Bot(database_url)
    yield bot
    await bot.engine.dispose()


async def test_freeze_and_its_explanation_are_in_the_journal_with_their_own_times_and_surfaces(bot: Bot) -> None:
    begun, before = await bot.freezing.freeze(BOB, "C0FROZEN", "", "button"), now()
    frozen = begun.freeze
    assert not begun.was_frozen
    assert (frozen.team_id, frozen.frozen_by, frozen.frozen_in, frozen.reason) == ("T0", "U0BOB", "C0FROZEN", "")

    explained = await bot.freezing.give_reason(BOB, frozen, REASON)

    assert explained == frozen.model_copy(update={"reason": REASON}) == await bot.freezes.current()
    told = [(each.event, each.actor_id, each.actor_team_id, each.surface, each.details) for each in await bot.journal()]
    assert told == [
        ("frozen", "U0BOB", "T0", "button", {"freeze": frozen.id, "reason": ""}),
        (REASON_GIVEN, "U0BOB", "T0", "command", {"freeze": frozen.id, "reason": REASON}),
    ]
    first, second = await bot.journal()
    assert first.at == frozen.frozen_at
    assert before <= second.at <= now()


@pytest.mark.parametrize(
    ("reason", "giver"), [("The first", person("U0BOB")), ("", person("U0CAROL")), ("", person("U0BOB", team_id="T9"))]
)
async def test_reason_is_not_replaced_and_not_given_by_another_person(bot: Bot, reason: str, giver: Person) -> None:
    kept = await bot.keep(reason=reason)
    assert await bot.freezing.give_reason(Permit(Action.FREEZE, giver), kept, REASON) is None
    assert await bot.freezes.current() == kept


async def test_reason_of_a_freeze_that_has_one_by_now_or_has_ended_stays(bot: Bot) -> None:
    unexplained = await bot.keep(reason="")
    assert await bot.freezing.give_reason(BOB, unexplained, REASON)
    assert await bot.freezing.give_reason(BOB, unexplained, "Another reason") is None
    await bot.lift()
    assert await bot.freezing.give_reason(BOB, unexplained, "Another reason") is None
    assert (await bot.freezing.reread(unexplained)).reason == REASON


async def test_freeze_keeps_who_lifted_it_when_why_and_where(bot: Bot) -> None:
    frozen, unfreeze = await bot.keep(), Permit(Action.UNFREEZE, person("U0CAROL", team_id="T1"))

    lifted = await bot.freezing.unfreeze(unfreeze, "C0LIFTED", "The list is right now")

    assert isinstance(lifted, Freeze)
    assert lifted == await bot.freezing.reread(frozen)
    assert (lifted.lifted_by, lifted.lifted_because, lifted.lifted_in) == (
        "U0CAROL",
        "The list is right now",
        "C0LIFTED",
    )
    *_, entry = await bot.journal()
    assert (entry.event, entry.actor_id, entry.actor_team_id, entry.at) == (
        "unfrozen",
        "U0CAROL",
        "T1",
        lifted.lifted_at,
    )
    assert entry.details == {"freeze": frozen.id, "reason": "The list is right now"}


async def test_journal_says_that_a_freeze_was_for_practice(bot: Bot) -> None:
    practised = (await bot.practice.freeze(CAROL, "C0PRACTICE", "")).freeze
    assert [entry.details for entry in await bot.journal()] == [
        {"freeze": practised.id, "reason": "", "practice": "on"}
    ]


async def test_real_freeze_replaces_one_of_practice(bot: Bot) -> None:
    practised = (await bot.practice.freeze(CAROL, "C0PRACTICE", "")).freeze

    real = await bot.freezing.freeze(BOB, "C0", REASON)

    assert (real.was_frozen, real.freeze) == (False, await bot.freezes.current())
    ended = await bot.freezing.reread(practised)
    assert (ended.lifted_by, ended.lifted_at, ended.lifted_because) == ("U0BOB", real.freeze.frozen_at, REPLACED)
    told = [(entry.event, entry.details["freeze"], entry.details["reason"]) for entry in await bot.journal()]
    assert told == [
        ("frozen", practised.id, ""),
        ("unfrozen", practised.id, REPLACED),
        ("frozen", real.freeze.id, REASON),
    ]
    assert {notice.target_id for notice in await bot.freezes.notices(real.freeze.id)} == {"C0", "C0APPROVALS", "C0OPS"}
    assert {notice.event for notice in await bot.freezes.notices(practised.id)} == {FreezeEvent.FROZEN}


async def test_end_of_a_freeze_is_posted_in_a_room_that_left_the_settings(bot: Bot) -> None:
    """Its notice of the freeze says so."""
    frozen = (await bot.freezing.freeze(BOB, "C0", REASON)).freeze
    for notice in await bot.freezes.notices(frozen.id):
        await bot.freezes.save_notice(notice.model_copy(update={"ts": "1.2", "tried_at": now()}))
    await bot.freezes.owe(frozen.id, FreezeEvent.FROZEN, ["U0BOB", "C0NEVER"])
    elsewhere = Freezing(bot.store, bot.freezes, POLICY.model_copy(update={"ops_rooms": ("C0OTHER",)}))

    assert isinstance(await elsewhere.unfreeze(Permit(Action.UNFREEZE, person("U0CAROL")), "C0", ""), Freeze)

    notices = await bot.freezes.notices(frozen.id)
    told = {notice.target_id for notice in notices if notice.event is FreezeEvent.UNFROZEN}
    assert told == {"C0", "C0APPROVALS", "C0OTHER", "C0OPS"}


async def test_freeze_that_replaces_one_of_practice_is_posted_wherever_that_was(bot: Bot) -> None:
    """The notice of practice promises one of the end, which this freeze brings."""
    practised = (await bot.practice.freeze(BOB, "C0PRACTICE", REASON)).freeze
    for notice in await bot.freezes.notices(practised.id):
        await bot.freezes.save_notice(notice.model_copy(update={"ts": "1.2", "tried_at": now()}))

    real = (await bot.freezing.freeze(CAROL, "C0", REASON)).freeze

    told = {notice.target_id for notice in await bot.freezes.notices(real.id)}
    assert told == {"C0", "C0APPROVALS", "C0OPS", "C0PRACTICE"}


async def test_permit_for_another_action_neither_freezes_nor_explains_nor_unfreezes(bot: Bot) -> None:
    unfreeze, unexplained = Permit(Action.UNFREEZE, person("U0BOB")), await bot.keep(reason="")
    with pytest.raises(ValueError, match=r"^not permitted to freeze all deletes$"):
        await bot.freezing.give_reason(unfreeze, unexplained, REASON)
    with pytest.raises(ValueError, match=r"^not permitted to unfreeze$"):
        await bot.freezing.unfreeze(BOB, "C0", "")
    assert await bot.freezes.current() == unexplained
    await bot.lift()
    with pytest.raises(ValueError, match=r"^not permitted to freeze all deletes$"):
        await bot.freezing.freeze(unfreeze, "C0", REASON)
    assert await bot.freezes.current() is None


async def test_practice_neither_replaces_nor_ends_a_real_freeze(bot: Bot) -> None:
    real = await bot.keep()
    again = await bot.practice.freeze(CAROL, "C0PRACTICE", "")
    assert (again.was_frozen, again.freeze) == (True, real)
    assert await bot.practice.unfreeze(Permit(Action.UNFREEZE, person("U0CAROL")), "C0", "") is NotUnfrozen.REAL
    assert await bot.freezes.current() == real


async def test_freeze_waits_until_nothing_is_under_way_or_it_is_lifted(
    bot: Bot, mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "LOOK_EVERY_SECONDS", 0)
    frozen, sending = await bot.keep(), request(state=State.DELETING)
    looks = mocker.patch.object(bot.freezing, "under_way", side_effect=[[sending], [sending], []])

    await bot.freezing.none_under_way(frozen)

    assert looks.await_count == 3
    await bot.lift()
    looks.side_effect = [[sending]]
    await bot.freezing.none_under_way(frozen)


def unknown(kind: AttemptKind, since: timedelta) -> dict[str, Any]:
    return {"state": State.UNKNOWN, "attempt": Attempt(kind=kind, at=now() - since)}


def leased(since: timedelta | None, version: int = 1) -> dict[str, Any]:
    sending_at = None if since is None else now() - since
    return {"state": State.DELETING, "lease": Lease(version=version, until=now(), sending_at=sending_at)}


MAY_TAKE_EFFECT: dict[str, tuple[Callable[[], dict[str, Any]], bool]] = {
    "lost": (lambda: unknown(AttemptKind.NO_ANSWER, 5 * MINUTE), True),
    "lost, too late to land": (lambda: unknown(AttemptKind.NO_ANSWER, 11 * MINUTE), False),
    "answered": (lambda: unknown(AttemptKind.CONFIRMED, MINUTE), False),
    "sent": (lambda: leased(MINUTE), True),
    "sent, too late to land": (lambda: leased(11 * MINUTE), False),
    "not sent": (lambda: leased(None), False),
    "begun by a version without leases": (lambda: leased(None, version=7), True),
    "begun without a lease": (lambda: {"state": State.DELETING}, True),
    "confirmed": (lambda: {"state": State.DELETING, "attempt": CONFIRMED}, False),
    "approved": (lambda: {"state": State.APPROVED}, False),
}


@pytest.mark.parametrize(("changed", "may_take_effect"), MAY_TAKE_EFFECT.values(), ids=MAY_TAKE_EFFECT)
async def test_freeze_names_what_left_without_an_answer_while_it_may_take_effect(
    bot: Bot, changed: Callable[[], dict[str, Any]], *, may_take_effect: bool
) -> None:
    kept = (await bot.add()).model_copy(update={"changed_at": now(), **changed()})
    async with bot.engine.begin() as connection:
        await connection.execute(requests.update().values(**row_of(kept)))
    assert await bot.freezing.may_take_effect() == ([kept] if may_take_effect else [])
