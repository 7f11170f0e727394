"""Holds, rebuilds, unread campaigns and other accounts, at the form and at its submission."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approvals.authorization import Action
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Refusal
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle import undo_window
from deletion.lifecycle.intake_results import CampaignPreview, HeldError, Refused
from deletion.stores.hold_store import HoldStore
from deletion.stores.list_store import ListStore
from kore_api.errors import KoreServerError
from sandbox.faults import Fault
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.intake.asking_world import (
    ACCOUNT,
    ASKER,
    ELSEWHERE,
    REASON,
    Asking,
    never_waits,
    permit,
    shown,
)
from tests.deletion.values import hold, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

BOB_DID = Entry(at=now(), event="test", actor_id="U0BOB", surface="test")


async def test_campaign_on_hold_gets_no_form_and_no_request_to_delete_it_but_can_be_stopped(world: World) -> None:
    asking, held = Asking(world), hold(campaign_id=SEEDED_ID)
    assert await HoldStore(world.database).hold(held, BOB_DID) is None

    assert await asking.intake.look(SEEDED_ID, ASKER, never_waits) == Refused(Refusal.HELD, hold=held)
    with pytest.raises(HeldError):
        await asking.intake.record(shown(), permit(), REASON)
    stop, rebuild = shown(stops=Purpose.STOP), shown(rebuilds=world.id)
    assert await asking.intake.record(stop, permit(Action.STOP_CAMPAIGN), REASON)
    assert await asking.intake.record(rebuild, permit(Action.REBUILD), REASON)


async def test_deleted_campaign_is_refused_with_the_request_that_rebuilt_it(world: World) -> None:
    await world.change(state="deleted")
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    rebuilt = request(state=State.REBUILT, rebuilds=world.id, kore_account=ACCOUNT)
    await world.store.add(rebuilt, BOB_DID, [])

    refused = await Asking(world).intake.look(SEEDED_ID, ASKER, never_waits)

    deleted = await world.request()
    assert refused == Refused(Refusal.DELETED, existing=deleted, is_own=True, rebuild=rebuilt)


async def test_campaign_that_cannot_be_read_is_refused_with_the_error(world: World) -> None:
    world.faults.add(Fault("kore", "get", "status", status=503, times=None))
    refused = await Asking(world).intake.look(SEEDED_ID, ASKER, never_waits)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.KORE_SILENT
    assert isinstance(refused.unread, KoreServerError)


async def test_requests_of_another_account_count_neither_for_the_limit_nor_as_earlier_ones(world: World) -> None:
    await world.change(kore_account=ELSEWHERE, approved_at=now())
    asking = Asking(world, deletes_per_hour=1)

    looked = await asking.intake.look(SEEDED_ID, ASKER, never_waits)
    kept = await asking.intake.record(shown(), permit(), REASON)

    assert isinstance(looked, CampaignPreview)
    assert looked.approvals_required == kept.approvals_required == 2
    assert looked.earlier is kept.earlier is None


async def test_request_that_is_written_too_late_is_made_anew_with_a_later_time(
    world: World, mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_window, "COMMIT_WITHIN", timedelta(seconds=-1))
    asking, form, add, tried = Asking(world, approvals_required=0, approval_quotas=()), shown(), ListStore.add, []

    async def slow_once(store: ListStore, new: Request, *more: Any, **limits: Any) -> bool:
        is_written = await add(store, new, *more, **limits)
        tried.append((new.requested_at, is_written))
        monkeypatch.setattr(undo_window, "COMMIT_WITHIN", timedelta(minutes=1))
        return is_written

    mocker.patch.object(ListStore, "add", slow_once)

    kept = await asking.intake.record(form, permit(), REASON)

    (first, was_late), (second, is_written) = tried
    assert (was_late, is_written) == (False, True)
    assert first < second == kept.requested_at
