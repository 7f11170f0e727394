"""Intake with a real database and the sandbox's Kore.ai: approvers are counted, and own deletes are remembered."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import HOUR
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy, Refusal
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import CampaignPreview, Refused, Requester, TooFewApproversError
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import AlreadyRequestedError
from tests.deletion.lifecycle.execution_world import POLICY, World, open_world
from tests.deletion.values import person, preview, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

TWO_NEEDED = POLICY.model_copy(update={"approvals_required": 2})
ALICE = Requester("T0", "U0ALICE", "C0")
REASON = "Because of the test"


class Approvers:
    """A Slack in which so many people may approve."""

    def __init__(self, found: int, *, is_complete: bool = True, asker: str = ALICE.user_id) -> None:
        self.found = found
        self.is_complete = is_complete
        self.asker = asker

    async def quorum(self, requester_id: str, needed: int) -> Quorum:
        assert requester_id == self.asker
        return Quorum(needed, min(self.found, needed), self.is_complete)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        await world.change(state="deleted")
        yield world


async def never_waits(_: datetime) -> bool:
    return False


def intake(world: World, approvers: Approvers, policy: Policy = TWO_NEEDED) -> Intake:
    catalogue = CampaignCache(CacheStore(world.database), world.gateway, policy)
    return Intake(world.store, PreviewStore(world.database), world.gateway, catalogue, policy, approvers=approvers)


async def test_command_is_refused_when_too_few_people_may_approve(world: World) -> None:
    refused = await intake(world, Approvers(1)).look(SEEDED_ID, ALICE, never_waits)

    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.TOO_FEW_APPROVERS
    assert refused.campaign
    assert refused.quorum
    assert refused.quorum.missing == 1


@pytest.mark.parametrize("approvers", [Approvers(2), Approvers(0, is_complete=False)], ids=["enough", "unknown"])
async def test_request_is_possible_with_enough_approvers_or_where_slack_does_not_say(
    world: World, approvers: Approvers
) -> None:
    asking = intake(world, approvers)
    looked = await asking.look(SEEDED_ID, ALICE, never_waits)
    assert isinstance(looked, CampaignPreview)
    assert looked.quorum.is_unknown is not approvers.is_complete

    request = await asking.record(looked.preview, Permit(Action.ASK, person("U0ALICE")), REASON)
    assert request.approvals_required == 2


async def test_form_is_refused_when_an_approver_has_left_since_the_command(world: World) -> None:
    approvers = Approvers(2)
    asking = intake(world, approvers)
    looked = await asking.look(SEEDED_ID, ALICE, never_waits)
    assert isinstance(looked, CampaignPreview)
    approvers.found = 1

    with pytest.raises(TooFewApproversError) as caught:
        await asking.record(looked.preview, Permit(Action.ASK, person("U0ALICE")), REASON)

    assert caught.value.quorum.missing == 1
    assert not await world.store.open_request(SEEDED_ID, None)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("deleted", Refusal.DELETED),
        ("gone", Refusal.GONE),
        ("failed", Refusal.NOT_FOUND),
        ("unknown", Refusal.NOT_FOUND),
    ],
)
@pytest.mark.parametrize("asker", ["U0ALICE", "U0BOB"])
async def test_campaign_that_is_gone_is_refused_with_the_request_that_ended_it(
    world: World, state: str, refusal: Refusal, asker: str
) -> None:
    await world.change(state=state)
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True

    refused = await intake(world, Approvers(2, asker=asker)).look(SEEDED_ID, Requester("T0", asker, "C0"), never_waits)

    assert isinstance(refused, Refused)
    assert refused.refusal is refusal
    if refusal is not Refusal.NOT_FOUND:
        assert refused.existing == await world.request()
        assert refused.is_own is (asker == "U0ALICE")


@pytest.mark.parametrize(
    ("state", "refusal"), [(State.APPROVED, Refusal.ALREADY_REQUESTED), (State.UNKNOWN, Refusal.UNSETTLED)]
)
@pytest.mark.parametrize("asker", ["U0ALICE", "U0BOB"])
async def test_campaign_with_a_request_that_may_still_delete_it_is_refused_with_that_request(
    world: World, state: State, refusal: Refusal, asker: str
) -> None:
    lost = Attempt(kind=AttemptKind.NO_ANSWER, at=now()).model_dump(mode="json")
    await world.change(state=state, attempt=lost if state is State.UNKNOWN else None)

    refused = await intake(world, Approvers(2, asker=asker)).look(SEEDED_ID, Requester("T0", asker, "C0"), never_waits)

    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.existing) == (refusal, await world.request())
    assert (refused.campaign is None) is (state is State.UNKNOWN)
    assert refused.is_own is (asker == "U0ALICE")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [({"status": "Archived"}, Refusal.STATUS), ({"dialingMode": "Preview"}, Refusal.VOICE)],
)
async def test_campaign_that_may_not_be_deleted_gets_no_form(
    world: World, fields: dict[str, str], refusal: Refusal
) -> None:
    world.kore.memory.put(SEEDED_ID, fields)

    refused = await intake(world, Approvers(2)).look(SEEDED_ID, ALICE, never_waits)

    assert isinstance(refused, Refused)
    assert refused.refusal is refusal
    assert refused.campaign
    assert refused.campaign.id == SEEDED_ID


async def test_running_campaign_gets_a_form_that_stops_it_first(world: World) -> None:
    world.kore.memory.send(SEEDED_ID, per_minute=600)
    looked = await intake(world, Approvers(2)).look(SEEDED_ID, ALICE, never_waits)
    assert isinstance(looked, CampaignPreview)
    assert looked.preview.purpose is Purpose.STOP_AND_DELETE


@pytest.mark.parametrize(("name", "is_asked_for"), [("Spring Sale", True), ("Spring Sale 🌷", False)])
async def test_end_of_the_id_is_not_asked_for_where_the_whole_id_is_typed(
    world: World, name: str, *, is_asked_for: bool
) -> None:
    for campaign_id in list(world.kore.memory.campaigns)[:2]:
        world.kore.memory.put(campaign_id, {"name": name})

    looked = await intake(world, Approvers(2)).look(SEEDED_ID, ALICE, never_waits)

    assert isinstance(looked, CampaignPreview)
    assert looked.similar_names.ask_for_id
    assert looked.preview.ask_for_id is is_asked_for


async def test_form_over_budget_is_refused_until_it_is_free_where_approvals_have_no_channel(world: World) -> None:
    approved_at = now()
    await world.change(approved_at=approved_at)
    policy = POLICY.model_copy(update={"deletes_per_hour": 1, "approvals_channel": None})

    refused = await intake(world, Approvers(2), policy).look(SEEDED_ID, ALICE, never_waits)

    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.free_again_at) == (Refusal.OVER_BUDGET, approved_at + HOUR)
    assert refused.campaign


async def test_campaign_that_was_rebuilt_while_approvers_were_counted_is_not_rebuilt_again(world: World) -> None:
    rebuilt = request(state=State.REBUILT, rebuilds=world.id)

    class RebuiltMeanwhile(Approvers):
        async def quorum(self, requester_id: str, needed: int) -> Quorum:
            await world.store.add(rebuilt, Entry(at=now(), event="requested", actor_id="U0BOB", surface="test"), [])
            return await super().quorum(requester_id, needed)

    shown = preview().model_copy(update={"rebuilds": world.id})
    permit = Permit(Action.REBUILD, person(ALICE.user_id))

    with pytest.raises(AlreadyRequestedError) as caught:
        await intake(world, RebuiltMeanwhile(2)).record(shown, permit, REASON)

    assert caught.value.existing == rebuilt
    assert await world.store.request(shown.id) is None
