"""The journal and the card's thread keep the decisions about a list."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approvals.approval import WITHDRAWN, Objection
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.models import Request, Verdict
from deletion.domain.recipients import is_pause
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import State
from deletion.lifecycle import undo_window
from deletion.lifecycle.decisions import Rechecked
from deletion.lifecycle.list_approval import STRUCK, ListForm
from deletion.lifecycle.list_decisions import ListAct
from deletion.lifecycle.list_transitions import ListTransitions
from deletion.stores.hold_store import HoldStore
from deletion.stores.message_store import MessageStore
from kore_api.errors import KoreError, KoreUnreachableError
from tests.deletion.lifecycle.intake.asking_world import never_waits
from tests.deletion.lifecycle.list_world import Lists
from tests.deletion.lifecycle.party_world import POLICY
from tests.deletion.values import hold, person

pytestmark = pytest.mark.any_database

Told = tuple[str, str, str, str, dict[str, str]]
COMMENT, REASON = "Checked with legal", "The autumn one is late"


class World(Lists):
    """Lists with a card, requested an hour ago."""

    async def decide(self, user_id: str, listed: CampaignList, action: Action, act: ListAct) -> CampaignList:
        decided = await self.decisions.record(self.permit(user_id, listed, action), listed.id, act)
        assert decided
        assert (decided.objection, decided.denial) == (None, None)
        return decided.listed

    async def submit(self, user_id: str, listed: CampaignList, form_id: str, *struck: Request) -> CampaignList:
        left_out = frozenset(each.id for each in struck)
        form = ListForm(frozenset(each.id for each in listed.awaiting) - left_out, left_out, COMMENT, form_id)
        decided = await self.approval.approve(self.permit(user_id, listed), listed.id, form)
        assert decided
        assert (decided.objection, decided.denial) == (None, None)
        return decided.listed

    async def told(self, request: Request) -> list[Told]:
        """Return the journal's entries after the first, which all say which campaign of which list they are about."""
        about = {
            "list": request.list_id,
            "list_position": str(request.list_position),
            "fingerprint": request.campaign.digest,
        }
        _, *entries = await self.store.entries(request.id)
        for each in entries:
            assert {name: each.details[name] for name in about} == about
        return [
            (
                each.event,
                each.actor_id,
                each.actor_team_id,
                each.surface,
                {name: text for name, text in each.details.items() if name not in about},
            )
            for each in entries
        ]

    async def lines(self, listed: CampaignList) -> list[tuple[str, str]]:
        """Return the event and the number of campaigns of each line in the card's thread."""
        messages = await MessageStore(self.bot.engine).messages(listed.id)
        entries = [message.entry for message in messages if message.kind is MessageKind.STORY and message.entry]
        return [(each.event, each.details["campaigns"]) for each in sorted(entries, key=lambda each: each.at)]


@pytest.fixture
async def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(undo_window, "LATE", timedelta(minutes=5))
    world = World(database_url, POLICY.model_copy(update={"approvals_channel": "C0APPROVALS"}))
    yield world
    await world.bot.engine.dispose()


async def test_journal_has_each_decision_for_each_campaign_and_the_thread_has_it_once(world: World) -> None:
    asked, before = await world.add((), (), (), requested_at=now() - timedelta(hours=1)), now()
    *_, last = asked.requests

    reminded = await world.decide("U0ALICE", asked, Action.REMIND, ListAct("button"))
    await world.submit("U0BOB", asked, "F1", last)
    withdrawn = await world.decide("U0BOB", await world.now(asked), Action.WITHDRAW_APPROVAL, ListAct("modal"))
    await world.submit("U0BOB", withdrawn, "F2")
    await world.submit("U0CAROL", await world.now(asked), "F3")
    stopped = await world.decide("U0ALICE", asked, Action.STOP, ListAct("Home", REASON))

    alice, bob, carol = (("U0ALICE", "T0"), ("U0BOB", "T0"), ("U0CAROL", "T0"))
    all_three, both, one = {"campaigns": "3"}, {"campaigns": "2"}, {"campaigns": "1"}
    called = ("reminded", *alice, "button", all_three)
    for each in stopped.requests[:2]:
        assert await world.told(each) == [
            called,
            ("approved", *bob, "modal", {"reason": COMMENT, "form": "F1", **both}),
            ("approval withdrawn", *bob, "modal", both),
            ("approved", *bob, "modal", {"reason": COMMENT, "form": "F2", **both}),
            ("approved", *carol, "modal", {"reason": COMMENT, "form": "F3", **both}),
            ("stopped", *alice, "Home", {"reason": REASON, **both}),
        ]
        assert [(struck.person_id, struck.why) for struck in each.struck] == [("U0BOB", WITHDRAWN)]
        assert [(decision.person_id, decision.verdict, decision.reason) for decision in each.decisions] == [
            ("U0BOB", Verdict.APPROVED, COMMENT),
            ("U0CAROL", Verdict.APPROVED, COMMENT),
            ("U0ALICE", Verdict.STOPPED, REASON),
        ]
    assert await world.told(stopped.requests[2]) == [called, ("rejected", *bob, "modal", {"reason": STRUCK, **one})]
    struck = stopped.requests[2].decisions
    assert [(each.person_id, each.verdict, each.reason) for each in struck] == [("U0BOB", Verdict.REJECTED, STRUCK)]
    assert all(each.reminded_at and before <= each.reminded_at <= now() for each in reminded.requests)
    assert stopped.counts == {State.STOPPED: 2, State.REJECTED: 1}
    assert await world.lines(asked) == [
        ("reminded", "3"),
        ("approved", "2"),
        ("rejected", "1"),
        ("approval withdrawn", "2"),
        ("approved", "2"),
        ("approved", "2"),
        ("stopped", "2"),
    ]


@pytest.mark.parametrize(
    ("user_id", "action", "event", "reason"),
    [("U0CAROL", Action.REJECT, "rejected", REASON), ("U0ALICE", Action.CANCEL, "cancelled", "")],
)
async def test_journal_has_the_reason_for_which_a_list_ends_if_there_is_one(
    world: World, user_id: str, action: Action, event: str, reason: str
) -> None:
    asked = await world.add((), ("U0BOB",))

    ended = await world.decide(user_id, asked, action, ListAct("button", reason))

    details = {"campaigns": "2", **({"reason": reason} if reason else {})}
    for each in ended.requests:
        assert await world.told(each) == [(event, user_id, "T0", "button", details)]
        assert [(last.person_id, last.verdict, last.reason) for last in each.decisions[-1:]] == [
            (user_id, event, reason)
        ]
    assert await world.lines(asked) == [(event, "2")]


async def test_permit_that_does_not_hold_for_a_campaign_decides_nothing(world: World) -> None:
    asked = await world.add((), ())
    decided = await world.decisions.record(Permit(Action.REJECT, person("U0EVE")), asked.id, ListAct("button", REASON))
    assert decided
    assert decided.denial is Denial.NOT_AN_APPROVER
    assert decided.listed == asked == await world.now(asked)


async def test_review_ends_the_campaigns_on_hold_and_leaves_out_those_that_it_cannot_read(
    world: World, mocker: MockerFixture
) -> None:
    asked = await world.add((), (), ())
    held, unread, readable = asked.requests
    await HoldStore(world.bot.engine).hold(
        hold(campaign_id=held.campaign.campaign_id),
        Entry(at=now(), event="campaign held", actor_id="U0BOB", surface="test"),
    )

    async def recheck(each: Request, _: Any) -> Rechecked | KoreError:
        return KoreUnreachableError("Kore.ai does not answer.") if each == unread else Rechecked(each)

    mocker.patch.object(world.bot.decisions, "recheck_campaign", recheck)

    review = await world.decisions.review(person("U0BOB"), asked, never_waits)

    assert [each.state for each in review.listed.requests] == [State.FAILED, *[State.AWAITING_APPROVAL] * 2]
    assert review.listed == await world.now(asked)
    assert (review.unread, review.to_decide("U0BOB")) == ((unread,), (readable,))


async def test_expiry_of_a_campaign_whose_delete_may_still_land_tells_the_requester_that_the_list_is_paused(
    world: World,
) -> None:
    asked = await world.add(("U0BOB",), ("U0BOB",))
    approved = await world.submit("U0CAROL", asked, "F1")
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    waiting = await world.bot.transitions.move(
        approved.requests[0], State.APPROVED, "waiting for Kore.ai", attempt=lost
    )
    assert waiting

    await ListTransitions(world.store, POLICY).expire([waiting])

    paused = await world.now(asked)
    assert [each.state for each in paused.requests] == [State.UNKNOWN, State.APPROVED]
    assert paused.is_paused_by("1")
    *_, last = await world.store.entries(waiting.id)
    assert (last.event, last.actor_id, last.actor_team_id, last.surface) == ("expired, unused", "engine", "", "engine")
    owed = [message for message in await MessageStore(world.bot.engine).messages(asked.id) if is_pause(message)]
    assert [(message.kind, message.target_id) for message in owed] == [(MessageKind.DIRECT, "U0ALICE")]


async def test_button_withdraws_no_approval_that_was_given_after_it_was_shown(world: World) -> None:
    asked, shown_until = await world.add((), ()), now()
    approved = await world.submit("U0BOB", asked, "F1")
    bob = world.permit("U0BOB", approved, Action.WITHDRAW_APPROVAL)

    decided = await world.decisions.record(bob, asked.id, ListAct("button", shown_until=shown_until))

    assert decided
    assert decided.objection is Objection.APPROVED_SINCE
    assert decided.listed == approved == await world.now(asked)


async def test_stop_of_the_rest_of_a_paused_list_ends_no_pause(world: World) -> None:
    asked = await world.add(("U0BOB",), ("U0BOB",))
    first, _ = (await world.submit("U0CAROL", asked, "F1")).requests
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    assert await world.bot.transitions.move(first, State.UNKNOWN, "unknown", attempt=lost)

    stopped = await world.decide("U0ALICE", asked, Action.STOP, ListAct("button", REASON, paused_on=first.id))

    assert [each.state for each in stopped.requests] == [State.UNKNOWN, State.STOPPED]
    assert stopped.paused_on == first.id
