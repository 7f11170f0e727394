"""A list is recorded as its form showed it, by the person who was shown it, whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.catalogue.similar_names import TOO_OLD
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.lifecycle import undo_window
from deletion.lifecycle.intake_results import CampaignPreview, FrozenError, Refused, TooFewApproversError
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.list_store import ListStore
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.intake.asking_world import (
    ACCOUNT,
    ANNOUNCED,
    ASKER,
    ELSEWHERE,
    LEGAL,
    OTHER_ID,
    POLICY,
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
from tests.deletion.values import freeze
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


async def test_extent_of_each_campaign_of_a_list_is_returned_and_kept(world: World) -> None:
    asking = Asking(world)
    world.kore.memory.put(SEEDED_ID, {"contactLists": ["Outage Zone 4"], "totalMessagesSent": 7})
    looked = await asking.look_all(SEEDED_ID, OTHER_ID)
    assert (await asking.catalogue.fresh_list(TOO_OLD, 60)).as_of

    looked = await asking.lists.add_extents(looked)

    seen = asking.catalogue.listed(SEEDED_ID, TOO_OLD)
    assert seen
    assert seen.seen_at
    assert [each.preview.extent for each in looked] == [
        Extent(list_sizes={"Outage Zone 4": 356}, messages_sent=7, sent_as_of=seen.seen_at),
        Extent(list_sizes={"Winback Q2": 9043}),
    ]
    assert [await asking.previews.preview(each.preview.id) for each in looked] == [each.preview for each in looked]


async def test_list_and_its_journal_entries_hold_what_the_form_showed(world: World) -> None:
    asking = Asking(world)
    looked = await asking.lists.add_extents(await asking.look_all(SEEDED_ID, RUNNING_ID, OTHER_ID, SEEDED_ID))
    first, second = (each.preview for each in looked)
    earlier = await asking.store.earlier_request(SEEDED_ID, ACCOUNT)

    made = await asking.lists.record([first, second], permit(), REASON, TICKET)

    of_list = {"approvals_required": 2, "approval_quotas": (LEGAL,), "list_id": first.id}
    assert made == CampaignList(
        first.id,
        (
            as_shown(first, made.requests[0], list_position=1, earlier=earlier, **of_list),
            as_shown(second, made.requests[1], list_position=2, earlier=None, **of_list),
        ),
    )
    assert [each.budget and each.budget.approved for each in made.requests] == [1, 1]
    assert len({each.requested_at for each in made.requests}) == 1
    told = {"approvals_required": "2", "list": first.id}
    for each, more in zip(made.requests, ({"campaigns": "2"}, {}), strict=True):
        found = await asking.store.entries(each.id)
        assert found == [entry(each, "requested", list_position=str(each.list_position), **told, **more)]
    assert [await asking.owed(each.id) for each in made.requests] == [ANNOUNCED, set()]
    lines = [message.entry for message in await asking.messages.messages(first.id) if message.entry]
    assert lines == await asking.store.entries(first.id)


async def test_each_campaign_of_a_list_is_looked_at_once_and_one_that_is_running_is_left_out(world: World) -> None:
    asking = Asking(world)

    looked = await asking.lists.look_all([OTHER_ID, RUNNING_ID, OTHER_ID, SEEDED_ID], ASKER, never_waits)

    assert [campaign_id for campaign_id, _ in looked] == [OTHER_ID, RUNNING_ID, SEEDED_ID]
    (_, other), (_, running), (_, seeded) = looked
    assert isinstance(other, CampaignPreview)
    assert isinstance(seeded, CampaignPreview)
    assert isinstance(running, Refused)
    assert running == Refused(Refusal.STATUS, running.campaign)
    assert running.campaign
    assert running.campaign.id == RUNNING_ID


async def test_campaigns_of_a_list_are_compared_with_those_outside_it(world: World) -> None:
    asking, outside_id = Asking(world), "cd-00000099-f98e-5f4f-ad41-92803abb0001"
    for campaign_id in (SEEDED_ID, OTHER_ID, outside_id):
        world.kore.memory.put(campaign_id, {"name": f"Otters at large {campaign_id[-1]}"})
    assert (await asking.catalogue.fresh_list(TOO_OLD, 60)).as_of
    first, second, outside = (each.preview for each in await asking.look_all(SEEDED_ID, OTHER_ID, outside_id))

    alike = await asking.lists.similar_outside([first.campaign, second.campaign])
    mistakable = await asking.lists.mistakable([first, second])
    made = await asking.lists.record([first, second, outside], permit(), REASON)

    assert [[other.id for other in each.found] for each in alike] == [[outside_id]] * 2
    assert mistakable == ([first, second], [first])
    (alone,) = await asking.lists.similar_outside([first.campaign], made)
    assert (alone.found, alone.campaign_id) == ((), SEEDED_ID)


@pytest.mark.parametrize(("account", "needed"), [(ACCOUNT, [2, 3, 3]), (ELSEWHERE, [2, 2, 3])])
async def test_list_needs_one_more_approval_where_its_account_has_no_room_for_its_last_campaign(
    world: World, account: str, needed: list[int]
) -> None:
    await world.change(kore_account=account, approved_at=now())
    asking = Asking(world, deletes_per_hour=2)
    assert [await asking.lists.approvals_required(ASKER, count) for count in (1, 2, 3)] == needed


async def test_request_in_another_account_is_no_earlier_one(world: World) -> None:
    await world.change(kore_account=ELSEWHERE)
    made = await Asking(world).lists.record([shown()], permit(), REASON)
    assert [(each.earlier, each.ticket) for each in made.requests] == [(None, "")]


@pytest.mark.parametrize("wrong", [permit(user_id="U0BOB"), permit(Action.REBUILD)])
async def test_list_is_requested_only_by_the_person_who_was_shown_it(world: World, wrong: Permit) -> None:
    asking, form = Asking(world), shown()
    with pytest.raises(ValueError, match=r"^previews are confirmed by the one who was shown them$"):
        await asking.lists.record([form], wrong, REASON)
    assert await asking.store.listed(form.id) is None


async def test_list_is_not_recorded_where_no_approver_can_give_its_only_approval(world: World) -> None:
    asking, form = Asking(world, approvers=0, approvals_required=1), shown()
    with pytest.raises(TooFewApproversError) as caught:
        await asking.lists.record([form], permit(), REASON)
    assert caught.value.quorum == Quorum(1, 0)
    assert await asking.store.listed(form.id) is None


async def test_freeze_at_the_last_moment_keeps_a_list_from_being_recorded(world: World, mocker: MockerFixture) -> None:
    asking, form, add = Asking(world), shown(), ListStore.add_all

    async def frozen_first(*written: Any) -> bool:
        mocker.stop(patched)
        assert await FreezeStore(world.database).freeze(freeze(), entry(await world.request(), "frozen"), [])
        return await add(*written)

    patched = mocker.patch.object(ListStore, "add_all", frozen_first)
    with pytest.raises(FrozenError):
        await asking.lists.record([form], permit(), REASON)
    assert await asking.store.listed(form.id) is None


async def test_undo_window_of_a_list_that_was_written_late_begins_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_window, "LATE", timedelta(seconds=-1))
    asking = Asking(world, approvals_required=0, approval_quotas=())
    looked = await asking.look_all(SEEDED_ID, OTHER_ID)

    made = await asking.lists.record([each.preview for each in looked], permit(), REASON)

    assert made.counts == {State.APPROVED: 2}
    for each in made.requests:
        assert [told.event for told in await asking.store.entries(each.id)] == ["requested", "undo window restarted"]
        assert each.approved_at
        assert each.execute_after
        assert each.execute_after > each.approved_at + POLICY.undo_window


async def test_list_is_written_in_time_or_not_at_all(world: World, mocker: MockerFixture) -> None:
    asking, add = Asking(world), mocker.spy(ListStore, "add_all")
    looked = await asking.look_all(SEEDED_ID, OTHER_ID)

    made = await asking.lists.record([each.preview for each in looked], permit(), REASON)

    assert add.call_args.args[-1] == undo_window.commit_by(made.requests[0].requested_at, requests=2)
