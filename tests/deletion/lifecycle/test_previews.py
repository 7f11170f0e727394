"""A form is judged by the preview that its own user was shown; a stop and a rebuild have previews of their own."""

from datetime import datetime
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy, Refusal
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.archive import Unopened
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import Refused, Requester
from deletion.lifecycle.rebuild import Kept, Rebuilding
from deletion.lifecycle.stop_intake import StopIntake, StopPreview
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.preview_store import PreviewStore
from kore_api.models import Campaign
from sandbox.faults import Fault
from sandbox.kore.campaign_state import as_read
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.lifecycle.stop_steps import ONLY, asked
from tests.deletion.values import EnoughApprovers, freeze, preview, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

ALICE = Requester("T0", "U0ALICE", "C0")
ACCOUNT = "https://platform.kore.ai st-1 6777"
POLICY = Policy(approvals_required=2, stop_approvals_required=1, kore_account=ACCOUNT, application="sales")
BOB_ASKED = Entry(at=now(), event="requested", actor_id="U0BOB", surface="test")


def seen(world: World) -> CampaignFingerprint:
    return CampaignFingerprint.of(Campaign.model_validate(as_read(world.kore.memory.campaigns[SEEDED_ID])))


@pytest.mark.parametrize(
    ("team_id", "user_id", "settings", "is_found"),
    [
        ("T0", "U0ALICE", {}, True),
        ("T0", "U0BOB", {}, False),
        ("T9", "U0ALICE", {}, False),
        ("T0", "U0ALICE", {"kore_account": "https://platform.kore.ai st-2 6777"}, False),
        ("T0", "U0ALICE", {"application": "service"}, False),
    ],
)
async def test_preview_is_of_the_one_who_was_shown_it_and_of_this_account(
    world: World, team_id: str, user_id: str, settings: dict[str, str], *, is_found: bool
) -> None:
    previews, policy = PreviewStore(world.database), POLICY.model_copy(update=settings)
    shown = preview().model_copy(update={"kore_account": ACCOUNT, "application": "sales"})
    await previews.save_preview(shown)
    intake = Intake(world.store, previews, world.gateway, None, policy, approvers=EnoughApprovers())  # type: ignore[arg-type]  # looks for no similar names

    assert await intake.preview(shown.id, team_id, user_id) == (shown if is_found else None)
    assert await intake.preview("another", team_id, user_id) is None


async def never_waits(_until: datetime) -> bool:
    return False


async def look_for_stop(world: World, asker: Requester = ALICE) -> StopPreview | Refused:
    stopping = StopIntake(world.store, PreviewStore(world.database), world.gateway, POLICY)
    return await stopping.look(SEEDED_ID, asker, never_waits)


async def test_preview_of_a_stop_keeps_what_was_read(world: World) -> None:
    world.kore.memory.send(SEEDED_ID, per_minute=600)
    shown, before = seen(world), now()

    found = await look_for_stop(world)

    assert isinstance(found, StopPreview)
    kept = found.preview
    assert kept == await PreviewStore(world.database).preview(kept.id)
    assert (kept.team_id, kept.user_id, kept.channel_id) == ("T0", "U0ALICE", "C0")
    assert (kept.purpose, kept.campaign, kept.kore_account, kept.application) == (Purpose.STOP, shown, ACCOUNT, "sales")
    assert before <= kept.taken_at <= now()
    assert kept.witnesses
    assert kept.witnesses.second
    assert (found.campaign.id, found.approvals_required) == (SEEDED_ID, 1)


@pytest.mark.parametrize("asker", ["U0ALICE", "U0BOB"])
async def test_second_stop_of_a_campaign_is_refused_with_the_first(world: World, asker: str) -> None:
    await asked(world, ONLY, state=State.AWAITING_APPROVAL)

    refused = await look_for_stop(world, Requester("T0", asker, "C0"))

    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.existing) == (Refusal.ALREADY_REQUESTED, await world.request())
    assert refused.campaign
    assert refused.is_own is (asker == "U0ALICE")


async def test_stop_of_the_same_id_in_another_account_does_not_count(world: World) -> None:
    await asked(world, ONLY, state=State.AWAITING_APPROVAL, kore_account="another")
    assert isinstance(await look_for_stop(world), StopPreview)


@pytest.mark.parametrize(
    ("fields", "fault", "refusal"),
    [
        ({"status": "Stopped"}, None, Refusal.NOT_STOPPABLE),
        ({"dialingMode": "Preview", "status": "Active"}, None, Refusal.VOICE),
        ({}, Fault("kore", "get", "status", status=503, times=None), Refusal.KORE_SILENT),
        ({}, Fault("kore", "get", "rate_limit", retry_after_seconds=20, times=None), Refusal.KORE_LIMIT),
    ],
)
async def test_campaign_that_may_not_be_stopped_or_is_not_read_gets_no_preview(
    world: World, fields: dict[str, Any], fault: Fault | None, refusal: Refusal
) -> None:
    world.kore.memory.put(SEEDED_ID, fields)
    if fault:
        world.faults.add(fault)

    refused = await look_for_stop(world)

    assert isinstance(refused, Refused)
    assert refused.refusal is refusal
    assert (refused.unread is None, refused.campaign is None) == (fault is None, fault is not None)


async def look_for_rebuild(world: World, **settings: Any) -> Any:
    policy = POLICY.model_copy(update=settings)
    deleted = (await world.request()).model_copy(update={"kore_account": ACCOUNT, "application": "sales"})
    return await Rebuilding(world.store, PreviewStore(world.database), world.archive, policy).look(
        deleted, "U0BOB", "C0BOB"
    )


async def test_preview_of_a_rebuild_keeps_what_was_archived(world: World) -> None:
    shown, before = seen(world), now()
    await world.advance()

    found = await look_for_rebuild(world)

    assert isinstance(found, Kept)
    assert found.needs_flow_name
    kept = found.preview
    assert kept == await PreviewStore(world.database).preview(kept.id)
    assert (kept.team_id, kept.user_id, kept.channel_id) == ("T0", "U0BOB", "C0BOB")
    assert (kept.purpose, kept.rebuilds, kept.campaign) == (Purpose.REBUILD, world.id, shown)
    assert (kept.kore_account, kept.application) == (ACCOUNT, "sales")
    assert before <= kept.taken_at <= now()


async def test_rebuild_is_not_offered_twice_nor_during_a_freeze_nor_from_another_account(world: World) -> None:
    assert await look_for_rebuild(world) is Unopened.NOT_THERE
    await world.advance()
    assert await look_for_rebuild(world, kore_account="another") is Unopened.OTHER_ACCOUNT
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    earlier = request(rebuilds=world.id, state=State.UNKNOWN, attempt=lost)
    await world.store.add(earlier, BOB_ASKED, [])
    assert await look_for_rebuild(world) == earlier
    frozen = freeze()
    assert await FreezeStore(world.database).freeze(frozen, BOB_ASKED, [])
    assert await look_for_rebuild(world) == frozen
