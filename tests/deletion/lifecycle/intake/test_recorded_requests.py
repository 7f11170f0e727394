"""A request is recorded as its form showed it, by the person who was shown it."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.catalogue.similar_names import TOO_OLD
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.budget import Overrun
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import HOUR
from deletion.domain.models import EarlierRequest, Purpose
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.lifecycle.intake_results import (
    CampaignPreview,
    FrozenError,
    HeldError,
    OverBudgetError,
    Refused,
    TooFewApproversError,
)
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.hold_store import HoldStore
from deletion.stores.list_store import ListStore
from kore_api.models import Campaign
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.intake.asking_world import (
    ACCOUNT,
    ANNOUNCED,
    ASKER,
    ELSEWHERE,
    LEGAL,
    REASON,
    RUNNING_ID,
    TICKET,
    Asking,
    as_shown,
    entry,
    never_waits,
    permit,
    shown,
)
from tests.deletion.values import freeze, hold
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


ASKED: dict[str, tuple[Callable[[World], dict[str, Any]], Action, str, int, dict[str, str]]] = {
    "delete": (lambda _: {}, Action.ASK, "requested", 2, {}),
    "stop and delete": (
        lambda _: {"stops": Purpose.STOP_AND_DELETE},
        Action.ASK,
        "requested",
        2,
        {"purpose": "stop and delete"},
    ),
    "stop": (lambda _: {"stops": Purpose.STOP}, Action.STOP_CAMPAIGN, "stop requested", 1, {"purpose": "stop"}),
    "rebuild": (lambda world: {"rebuilds": world.id}, Action.REBUILD, "rebuild requested", 2, {}),
}


@pytest.mark.parametrize(("fields", "action", "event", "approvals", "details"), ASKED.values(), ids=ASKED)
async def test_request_and_its_journal_entry_hold_what_the_form_showed(  # noqa: PLR0917 - a case has that many parts
    world: World,
    fields: Callable[[World], dict[str, Any]],
    action: Action,
    event: str,
    approvals: int,
    details: dict[str, str],
) -> None:
    asking, changed, before = Asking(world), fields(world), now()
    is_delete, form = action is Action.ASK, shown(**changed)

    kept = await asking.intake.record(form, permit(action), REASON, "Support flow", TICKET)

    earlier = await asking.store.earlier_request(SEEDED_ID, ACCOUNT)
    assert isinstance(earlier, EarlierRequest)
    quotas = () if approvals == 1 else (LEGAL,)
    more = {"approvals_required": approvals, "approval_quotas": quotas, "earlier": earlier if is_delete else None}
    assert (
        kept == as_shown(form, kept, flow_name="Support flow", **more, **changed) == await asking.store.request(form.id)
    )
    assert before <= kept.requested_at <= now()
    assert (kept.budget is not None) is is_delete
    assert await asking.store.entries(form.id) == [entry(kept, event, approvals_required=str(approvals), **details)]
    assert await asking.owed(form.id) == ANNOUNCED


async def test_journal_entry_of_a_request_over_the_hourly_limit_says_so_and_names_no_ticket_without_one(
    world: World,
) -> None:
    await world.change(approved_at=now())
    asking, form = Asking(world, approvers=3, deletes_per_hour=1, archives=True), shown()

    kept = await asking.intake.record(form, permit(), REASON)

    (told,) = await asking.store.entries(form.id)
    assert told.details == {
        "application": "sales",
        "fingerprint": kept.campaign.digest,
        "reason": REASON,
        "approvals_required": "3",
        "over_budget": "the team's",
        "approved_in_the_hour": "1",
        "limit": "1",
        "archive": "encrypted",
    }


async def test_campaign_can_be_stopped_during_a_freeze_and_not_deleted_or_rebuilt(world: World) -> None:
    asking, frozen = Asking(world), freeze()
    assert await FreezeStore(world.database).freeze(frozen, entry(await world.request(), "frozen"), [])

    assert await asking.intake.look(SEEDED_ID, ASKER, never_waits) == Refused(Refusal.FROZEN, freeze=frozen)
    for action, fields in ((Action.ASK, {}), (Action.REBUILD, {"rebuilds": world.id})):
        with pytest.raises(FrozenError) as caught:
            await asking.intake.record(shown(**fields), permit(action), REASON)
        assert caught.value.freeze == frozen
    stopping = await asking.intake.record(shown(stops=Purpose.STOP), permit(Action.STOP_CAMPAIGN), REASON)

    assert await asking.store.request(stopping.id) == stopping
    assert (stopping.flow_name, stopping.ticket) == ("", "")


@pytest.mark.parametrize(("account", "refusal"), [(ACCOUNT, Refusal.DELETED), (ELSEWHERE, Refusal.NOT_FOUND)])
async def test_form_tells_of_earlier_requests_in_its_own_account_alone(
    world: World, account: str, refusal: Refusal
) -> None:
    asking = Asking(world, kore_account=account)
    looked = await asking.intake.look(SEEDED_ID, ASKER, never_waits)
    assert isinstance(looked, CampaignPreview)
    told = looked.earlier and (looked.earlier.count, looked.earlier.state)
    assert told == ((1, State.REJECTED) if account == ACCOUNT else None)

    await world.change(state="deleted")
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True

    gone = await asking.intake.look(SEEDED_ID, ASKER, never_waits)
    assert isinstance(gone, Refused)
    assert gone.refusal is refusal


async def test_request_of_another_account_is_not_in_the_way(world: World) -> None:
    await world.change(state="approved", kore_account=ELSEWHERE)
    assert isinstance(await Asking(world).intake.look(SEEDED_ID, ASKER, never_waits), CampaignPreview)


async def test_preview_keeps_what_was_read_and_says_how_many_approvals_are_needed(world: World) -> None:
    await world.change(approved_at=now())
    asking, before = Asking(world, approvers=3, deletes_per_hour=1), now()

    looked = await asking.intake.look(RUNNING_ID, ASKER, never_waits)

    assert isinstance(looked, CampaignPreview)
    kept = looked.preview
    assert kept == await asking.previews.preview(kept.id)
    assert (kept.team_id, kept.user_id, kept.channel_id) == ("T9", "U0ALICE", "C0SHOWN")
    assert (kept.purpose, kept.kore_account, kept.application) == (Purpose.STOP_AND_DELETE, ACCOUNT, "sales")
    assert (looked.campaign.id, kept.campaign) == (RUNNING_ID, CampaignFingerprint.of(looked.campaign))
    assert before <= kept.taken_at <= now()
    assert kept.witnesses
    assert kept.witnesses.second
    assert (looked.approvals_required, looked.quorum, looked.budget.overrun) == (3, Quorum(3, 3), Overrun.TEAM)


async def test_extent_is_of_the_cached_list_with_its_age_or_as_kore_ai_says_now(world: World) -> None:
    asking, now_told = Asking(world), Extent(list_sizes={"Outage Zone 4": 356}, messages_sent=7)
    world.kore.memory.put(SEEDED_ID, {"contactLists": ["Outage Zone 4"], "totalMessagesSent": 7})
    found = await world.gateway.read(SEEDED_ID)
    assert isinstance(found, Campaign)

    assert await asking.intake.extent(found) == now_told

    assert (await asking.catalogue.fresh_list(TOO_OLD, 60)).as_of
    seen = asking.catalogue.listed(SEEDED_ID, TOO_OLD)
    assert seen
    assert seen.seen_at
    assert await asking.intake.extent(found) == now_told.model_copy(update={"sent_as_of": seen.seen_at})


@pytest.mark.parametrize("wrong", [permit(user_id="U0BOB"), permit(Action.REBUILD)])
async def test_request_is_made_only_by_the_person_who_was_shown_it(world: World, wrong: Permit) -> None:
    asking, form = Asking(world), shown()
    with pytest.raises(ValueError, match=r"^a preview is confirmed by the one who was shown it$"):
        await asking.intake.record(form, wrong, REASON)
    assert await asking.store.request(form.id) is None


async def test_request_is_not_recorded_where_no_approver_can_give_its_only_approval(world: World) -> None:
    asking, form = Asking(world, approvers=0, approvals_required=1), shown()
    with pytest.raises(TooFewApproversError) as caught:
        await asking.intake.record(form, permit(), REASON)
    assert caught.value.quorum == Quorum(1, 0)
    assert await asking.store.request(form.id) is None


async def test_request_over_budget_is_refused_until_it_is_free_where_approvals_have_no_channel(world: World) -> None:
    approved_at = now()
    await world.change(approved_at=approved_at)
    none_needed: dict[str, Any] = {"approvals_required": 0, "approval_quotas": (), "approvals_channel": None}
    asking, form = Asking(world, deletes_per_hour=1, **none_needed), shown()
    with pytest.raises(OverBudgetError) as caught:
        await asking.intake.record(form, permit(), REASON)
    assert caught.value.free_again_at == approved_at + HOUR
    assert await asking.store.request(form.id) is None


async def test_hold_at_the_last_moment_keeps_a_request_from_being_recorded(world: World, mocker: MockerFixture) -> None:
    asking, form, add, held = Asking(world), shown(), ListStore.add, hold(campaign_id=SEEDED_ID)

    async def held_first(*new: Any, **limits: Any) -> bool:
        mocker.stop(patched)
        await HoldStore(world.database).hold(held, entry(await world.request(), "campaign held"))
        return await add(*new, **limits)

    patched = mocker.patch.object(ListStore, "add", held_first)
    with pytest.raises(HeldError) as caught:
        await asking.intake.record(form, permit(), REASON)
    assert caught.value.hold == held
    assert await asking.store.request(form.id) is None
