"""Freeze and hourly limit: the rules, and both databases under many concurrent requests."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture

from deletion.db.connection import open_engine
from deletion.db.tables import journal
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.authorization import Action, ChannelKind, Permit
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.budget import Overrun
from deletion.domain.clock import now
from deletion.domain.errors import UnreachableError
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import (
    HOUR,
    DeleteLimits,
    Freeze,
    FreezeEvent,
    FreezeNotice,
    apply_budget,
    budget,
    free_again_at,
)
from deletion.domain.models import Preview, Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.freezing import Freezing, NotUnfrozen
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import FrozenError, OverBudgetError
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.stop_executor import StopExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.message_store import MessageStore
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from slack_ui.messages.projector import SlackProjector
from tests.deletion.values import (
    EnoughApprovers,
    all_parties_stand,
    campaign,
    freeze,
    person,
    preview,
    reading,
    request,
)

POLICY = Policy(approvers=("U0BOB",), approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))
BOB = person("U0BOB")
REASON = "The wrong list was loaded"
AT = now()


def ago(*minutes: int) -> tuple[datetime, ...]:
    return tuple(AT - timedelta(minutes=passed) for passed in minutes)


@pytest.mark.parametrize(
    ("approved", "theirs", "overrun", "free_in_minutes"),
    [
        ((), (), None, 0),
        ((50, 40), (40,), None, 0),
        ((50, 40, 30), (40,), Overrun.TEAM, 10),
        ((59, 50, 40, 30), (), Overrun.TEAM, 10),
        ((50, 40), (50, 40), Overrun.REQUESTER, 10),
        ((50, 40, 30), (40, 30), Overrun.TEAM, 20),
    ],
)
def test_a_budget_is_used_up_when_as_many_were_approved_and_free_again_when_they_are_an_hour_old(
    approved: tuple[int, ...], theirs: tuple[int, ...], overrun: Overrun | None, free_in_minutes: int
) -> None:
    policy = Policy(deletes_per_hour=3, deletes_per_person_per_hour=2)
    limits = DeleteLimits(AT, None, 0, ago(*approved), ago(*theirs))
    assert budget(limits, policy).overrun is overrun
    assert free_again_at(limits, policy) == AT + timedelta(minutes=free_in_minutes)


def test_a_budget_that_is_used_up_costs_one_approval_and_never_another() -> None:
    left, used_up = (
        budget(DeleteLimits(AT, approved=ago(*minutes)), Policy(deletes_per_hour=1)) for minutes in ((), (5,))
    )
    plain = request(approvals_required=1)
    assert apply_budget(plain, left).approvals_required == 1
    grown = apply_budget(apply_budget(plain, left), used_up)
    assert (grown.approvals_required, grown.budget) == (2, used_up)
    assert apply_budget(grown, used_up) == grown
    assert apply_budget(grown, left) == grown


class Bot:
    """The parts of one replica over a database, with a Kore.ai that is never reached."""

    def __init__(self, url: str, kore: CampaignGateway) -> None:
        self.engine = open_engine(url)
        self.store, self.freezes, self.kore = RequestStore(self.engine), FreezeStore(self.engine), kore
        kore.reserving.return_value = kore  # type: ignore[attr-defined]  # an autospec

    def freezing(self) -> Freezing:
        return Freezing(self.store, self.freezes, POLICY)

    def decisions(self, policy: Policy) -> Decisions:
        parties = all_parties_stand(self.store, policy)
        return Decisions(self.store, Transitions(self.store, policy), self.kore, parties, policy)

    def deadlines(self, policy: Policy) -> Deadlines:
        parties = all_parties_stand(self.store, policy)
        return Deadlines(self.store, Transitions(self.store, policy), parties, policy)

    def execution(self) -> Execution:
        policy = POLICY.model_copy(update={"approvals_required": 0})  # the requests here have no decisions
        archive, transitions = Archive(self.store, ()), Transitions(self.store, policy)
        return Execution(
            self.store,
            transitions,
            all_parties_stand(self.store, policy),
            policy,
            delete=DeleteExecutor(transitions, self.kore, archive, policy, Leases(self.store)),
            rebuild=RebuildExecutor(transitions, self.kore, archive, Leases(self.store)),
            stop=StopExecutor(transitions, self.kore, policy, Leases(self.store)),
        )

    async def add(self, **changes: object) -> Request:
        """A request for a campaign of its own, with the messages that it owes."""
        plain = request(**changes)
        sighting = plain.campaign.model_copy(update={"campaign_id": f"cd-{plain.id}"})
        kept = plain.model_copy(update={"campaign": sighting})
        await self.store.add(kept, entry(), recipients(kept, entry(), POLICY))
        return kept

    async def events(self) -> list[str]:
        async with self.engine.connect() as connection:
            return list(await connection.scalars(sa.select(journal.c.event).order_by(journal.c.seq)))


def entry() -> Entry:
    return Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")


def asking_nothing(bot: "Bot", policy: Policy) -> Intake:
    return Intake(bot.store, PreviewStore(bot.engine), bot.kore, None, policy, approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording looks through no list


@pytest.fixture
async def bot(database_url: str, mocker: MockerFixture) -> AsyncIterator[Bot]:
    kore = mocker.create_autospec(CampaignGateway, instance=True)
    kore.observe.return_value = Observation.ABSENT
    bot = Bot(database_url, kore)
    yield bot
    await bot.engine.dispose()


@pytest.fixture
async def other(database_url: str, bot: Bot) -> AsyncIterator[Bot]:
    """Another replica."""
    other = Bot(database_url, bot.kore)
    yield other
    await other.engine.dispose()


async def froze(bot: Bot) -> None:
    await bot.freezing().freeze(Permit(Action.FREEZE, BOB), "C0", REASON)


async def unfroze(bot: Bot) -> None:
    assert isinstance(await bot.freezing().unfreeze(Permit(Action.UNFREEZE, BOB), "C0RANDOM", ""), Freeze)


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


async def test_nobody_freezes_with_another_permit(bot: Bot) -> None:
    for does in (bot.freezing().freeze, bot.freezing().unfreeze):
        with pytest.raises(ValueError, match="not permitted"):
            await does(Permit(Action.APPROVE, BOB), "C0", REASON)


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


@pytest.mark.parametrize("places", [1, 3])
async def test_of_many_last_approvals_at_once_as_many_count_as_the_budget_has_places(bot: Bot, places: int) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": places, "approvals_required": 1})
    asked = [
        await bot.add(state=State.AWAITING_APPROVAL, approvals_required=1, execute_after=None)
        for _ in range(places + 4)
    ]
    decisions = bot.decisions(policy)
    await asyncio.gather(*(decisions.record(Permit(Action.APPROVE, BOB, kept.id), surface="modal") for kept in asked))

    now_ = [found for kept in asked if (found := await bot.store.request(kept.id))]
    assert [found.state for found in now_].count(State.APPROVED) == places
    for found in now_:
        over = found.state is State.AWAITING_APPROVAL
        assert (found.approvals_required, len(found.approvals)) == (2 if over else 1, 1)
        assert bool(found.budget and found.budget.overrun) == over
        told = [made for made in await bot.store.entries(found.id) if made.details.get("over_budget")]
        assert [made.event for made in told] == (["approved"] if over else [])


async def test_the_second_approval_of_an_overrun_request_approves_it(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": 1})
    await bot.add(approved_at=now() - timedelta(minutes=59))
    asked = await bot.add(state=State.AWAITING_APPROVAL, approvals_required=1)
    for who, state in (("U0BOB", State.AWAITING_APPROVAL), ("U0CAROL", State.APPROVED)):
        decided = await bot.decisions(policy).record(Permit(Action.APPROVE, person(who), asked.id), surface="modal")
        assert decided
        assert (decided.objection, decided.request.state) == (None, state)


async def test_approver_is_shown_the_budget_and_the_rule_of_now_and_what_was_missing(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_hour": 1, "approvals_required": 2})
    await bot.add(approved_at=now())
    missing = MissingApprovals(count=1, groups=("S0LEGAL",))
    asked = await bot.add(state=State.AWAITING_APPROVAL, approvals_required=1, missing_approvals=missing)

    shown = await bot.decisions(policy).with_budget(asked)

    assert (shown.approvals_required, shown.missing_approvals) == (3, missing)
    assert shown.budget
    assert shown.budget.overrun is Overrun.TEAM


async def test_an_approval_of_an_hour_ago_or_of_somebody_else_weighs_nothing(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"deletes_per_person_per_hour": 1})
    await bot.add(approved_at=now() - timedelta(minutes=61))
    await bot.add(approved_at=now(), requester_id="U0DAN")
    limits = await bot.store.delete_limits("T0", "U0ALICE")
    assert (len(limits.approved), len(limits.approved_for_requester)) == (1, 0)
    assert budget(limits, policy).overrun is None
    assert budget(await bot.store.delete_limits("T0", "U0DAN"), policy).overrun is Overrun.REQUESTER


async def recorded(bot: Bot, policy: Policy, shown: Preview) -> Request:
    asking = Permit(Action.ASK, person("U0ALICE"))
    return await asking_nothing(bot, policy).record(shown, asking, "Because of the test")


def shown(number: int) -> Preview:
    plain = preview()
    return plain.model_copy(update={"campaign": plain.campaign.model_copy(update={"campaign_id": f"cd-{number}"})})


async def test_where_nobody_approves_over_budget_somebody_must_and_many_at_once_find_one_place(bot: Bot) -> None:
    policy = POLICY.model_copy(update={"approvals_required": 0, "deletes_per_hour": 1})
    made = await asyncio.gather(*(recorded(bot, policy, shown(number)) for number in range(5)))
    assert sorted(found.state for found in made) == [State.APPROVED] + [State.AWAITING_APPROVAL] * 4
    over = [found for found in made if found.state is State.AWAITING_APPROVAL]
    assert {found.approvals_required for found in over} == {1}
    (first,) = await bot.store.entries(over[0].id)
    assert (first.details["over_budget"], first.details["limit"]) == ("the team's", "1")


@pytest.mark.parametrize("lacking", [{"approvals_channel": None}, {"approvers": ()}])
async def test_where_nobody_can_approve_a_request_over_budget_is_refused(bot: Bot, lacking: dict[str, object]) -> None:
    policy = POLICY.model_copy(update={"approvals_required": 0, "deletes_per_hour": 1, **lacking})
    first = await recorded(bot, policy, shown(1))
    assert first.approved_at
    with pytest.raises(OverBudgetError) as caught:
        await recorded(bot, policy, shown(2))
    assert caught.value.free_again_at == first.approved_at + HOUR


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
