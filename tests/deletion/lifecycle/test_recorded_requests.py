"""A request is recorded as its form showed it, by the person who was shown it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from deletion.domain.approvals.authorization import Action
from deletion.domain.clock import now
from deletion.domain.models import EarlierRequest, Purpose
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview, FrozenError, Refused
from deletion.stores.freeze_store import FreezeStore
from tests.deletion.lifecycle.asking_world import (
    ACCOUNT,
    ANNOUNCED,
    ASKER,
    REASON,
    TICKET,
    Asking,
    as_shown,
    entry,
    never_waits,
    open_asking_world,
    permit,
    shown,
)
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.values import freeze
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_asking_world(database_url) as world:
        yield world


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
    more = {"approvals_required": approvals, "flow_name": "Support flow", "earlier": earlier if is_delete else None}
    assert kept == as_shown(form, kept, **more, **changed) == await asking.store.request(form.id)
    assert before <= kept.requested_at <= now()
    assert (kept.budget is not None) is is_delete
    assert await asking.store.entries(form.id) == [entry(kept, event, approvals_required=str(approvals), **details)]
    assert await asking.owed(form.id) == ANNOUNCED


async def test_campaign_can_be_stopped_during_a_freeze_and_not_deleted_or_rebuilt(world: World) -> None:
    asking, frozen = Asking(world), freeze()
    assert await FreezeStore(world.database).freeze(frozen, entry(await world.request(), "frozen"), [])

    for action, fields in ((Action.ASK, {}), (Action.REBUILD, {"rebuilds": world.id})):
        with pytest.raises(FrozenError) as caught:
            await asking.intake.record(shown(**fields), permit(action), REASON)
        assert caught.value.freeze == frozen
    stopping = await asking.intake.record(shown(stops=Purpose.STOP), permit(Action.STOP_CAMPAIGN), REASON)

    assert await asking.store.request(stopping.id) == stopping


@pytest.mark.parametrize(
    ("account", "refusal"), [(ACCOUNT, Refusal.DELETED), ("https://platform.kore.ai st-2 6777", Refusal.NOT_FOUND)]
)
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
