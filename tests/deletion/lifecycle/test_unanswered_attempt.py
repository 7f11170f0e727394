"""A DELETE without an answer may still land, so until it cannot, nothing says that the campaign was not deleted."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from deletion.catalogue.cache_store import CacheStore
from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.attempt import Attempt, AttemptKind, Lease, Observation
from deletion.domain.clock import now
from deletion.domain.outcome import LATE_DELETES, NOT_DONE, settled
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.decisions import Decisions
from deletion.lifecycle.intake import Intake
from deletion.lifecycle.intake_results import Refused, Requester
from deletion.lifecycle.lease import ATTEMPT, WITHOUT_LEASE
from deletion.lifecycle.transitions import Transitions
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import AlreadyRequestedError
from slack_ui.views import confirm_modal
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.values import EnoughApprovers, all_parties_stand, person, preview, request
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

MINUTE = timedelta(minutes=1)


def unanswered(at: datetime) -> Attempt:
    return Attempt(kind=AttemptKind.NO_ANSWER, at=at)


def decisions(world: World) -> Decisions:
    parties, transitions = all_parties_stand(world.store, POLICY), Transitions(world.store, POLICY)
    return Decisions(world.store, transitions, world.gateway, parties, POLICY)


async def taken_over(world: World, sent_at: datetime) -> None:
    """The sender was killed after its DELETE had left, and another replica takes over."""
    lease = Lease(version=1, until=now() - ATTEMPT, sending_at=sent_at)
    await world.change(state=State.DELETING, lease=lease.model_dump(mode="json"))
    assert await world.advance() is None


@pytest.mark.parametrize("to", sorted(NOT_DONE))
def test_no_state_claims_that_nothing_was_done_while_attempt_may_land(to: State) -> None:
    approved = request(attempt=unanswered(now() - LATE_DELETES + MINUTE))
    assert settled(approved, to, now()) is State.UNKNOWN


@pytest.mark.parametrize("to", sorted(set(State) - NOT_DONE))
def test_other_states_are_kept_after_unanswered_attempt(to: State) -> None:
    assert settled(request(attempt=unanswered(now())), to, now()) is to


@pytest.mark.parametrize("kind", sorted(set(AttemptKind) - {AttemptKind.NO_ANSWER}))
@pytest.mark.parametrize("to", sorted(NOT_DONE))
def test_answered_attempt_does_not_change_the_state(kind: AttemptKind, to: State) -> None:
    assert settled(request(attempt=Attempt(kind=kind, at=now())), to, now()) is to


async def test_take_over_that_sees_the_campaign_stays_unknown_until_the_delete_lands(world: World) -> None:
    sent_at = now() - MINUTE
    await taken_over(world, sent_at)
    unknown = await world.request()
    assert (unknown.state, unknown.observation) == (State.UNKNOWN, Observation.PRESENT)
    assert unknown.attempt
    assert unknown.attempt.at == sent_at
    assert world.deletes_sent() == 0

    await world.change(changed_at=sent_at)
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True
    assert await world.execution.recheck_unknown() == [world.id]

    assert (await world.request()).state is State.GONE


@pytest.mark.parametrize(
    ("kind", "looks"), [(AttemptKind.CONFIRMED, 3), (AttemptKind.NO_ANSWER, 3), (AttemptKind.REFUSED, 1)]
)
async def test_delete_that_may_show_late_is_looked_for_three_times(world: World, kind: AttemptKind, looks: int) -> None:
    await world.change(state=State.DELETING, attempt=Attempt(kind=kind, at=now()).model_dump(mode="json"))

    await world.advance()

    assert await world.kore_reads() == looks
    assert (await world.request()).observation is Observation.PRESENT


@pytest.mark.parametrize(("age", "ended"), [(-MINUTE, State.UNKNOWN), (MINUTE, State.FAILED)])
async def test_campaign_still_there_is_called_not_deleted_once_the_delete_is_too_late(
    world: World, age: timedelta, ended: State
) -> None:
    await taken_over(world, now() - MINUTE)
    sent_at = now() - LATE_DELETES - age
    await world.change(changed_at=sent_at, attempt=unanswered(sent_at).model_dump(mode="json"))

    assert await world.execution.recheck_unknown() == [world.id]

    assert (await world.request()).state is ended


def intake(world: World) -> Intake:
    catalogue = CampaignCache(CacheStore(world.database), world.gateway, POLICY)
    previews, approvers = PreviewStore(world.database), EnoughApprovers()
    return Intake(world.store, previews, world.gateway, catalogue, POLICY, approvers=approvers)


async def never_waits(_: datetime) -> bool:
    return False


async def ended_unknown(world: World, kind: AttemptKind, age: timedelta) -> datetime:
    """Let the request have ended unknown, with such an attempt of that age; return when it was made."""
    at = now() - age
    await world.change(state=State.UNKNOWN, attempt=Attempt(kind=kind, at=at).model_dump(mode="json"))
    return at


async def test_command_is_refused_while_the_last_unanswered_delete_may_land(world: World) -> None:
    at = await ended_unknown(world, AttemptKind.NO_ANSWER, LATE_DELETES - MINUTE)

    refused = await intake(world).look(SEEDED_ID, Requester("T0", "U0BOB", "C0"), never_waits)

    assert isinstance(refused, Refused)
    assert (refused.refusal, refused.free_again_at) == (Refusal.UNSETTLED, at + LATE_DELETES)
    assert refused.existing == await world.request()


async def test_form_is_refused_while_the_last_unanswered_delete_may_land(world: World) -> None:
    await ended_unknown(world, AttemptKind.NO_ANSWER, LATE_DELETES - MINUTE)
    form = preview().model_copy(update={"campaign": (await world.request()).campaign})

    with pytest.raises(AlreadyRequestedError) as caught:
        await intake(world).record(form, Permit(Action.ASK, person("U0ALICE")), "Because of the test")

    assert caught.value.existing == await world.request()
    assert await world.store.request(form.id) is None
    assert await world.store.entries(form.id) == []
    (said,) = confirm_modal.already_requested(caught.value.existing).values()
    assert "got no clear answer" in said


@pytest.mark.parametrize(
    ("kind", "age"),
    [
        (AttemptKind.NO_ANSWER, LATE_DELETES + MINUTE),
        (AttemptKind.CONFIRMED, MINUTE),
        (AttemptKind.REFUSED, MINUTE),
    ],
)
async def test_unknown_request_whose_delete_cannot_land_holds_back_no_other(
    world: World, kind: AttemptKind, age: timedelta
) -> None:
    await ended_unknown(world, kind, age)
    form = preview().model_copy(update={"campaign": (await world.request()).campaign})

    recorded = await intake(world).record(form, Permit(Action.ASK, person("U0ALICE")), "Because of the test")

    assert await world.store.request(form.id) == recorded


async def stop(world: World) -> None:
    await decisions(world).record(Permit(Action.STOP, person("U0ALICE"), world.id), surface="button")


async def expire(world: World) -> None:
    await world.change(expires_at=now() - MINUTE)
    parties, transitions = all_parties_stand(world.store, POLICY), Transitions(world.store, POLICY)
    assert await Deadlines(world.store, transitions, parties, POLICY).keep() == [world.id]


async def execute(world: World) -> None:
    assert await world.advance() is None


@pytest.mark.parametrize(("act", "event"), [(stop, "stopped"), (expire, "expired, unused"), (execute, "unknown")])
async def test_request_approved_again_by_the_previous_version_ends_unknown(
    world: World, act: Callable[[World], Awaitable[None]], event: str
) -> None:
    await world.change(attempt=unanswered(now() - MINUTE).model_dump(mode="json"))

    await act(world)

    unknown = await world.request()
    assert unknown.state is State.UNKNOWN
    assert unknown.attempt
    assert unknown.attempt.kind is AttemptKind.NO_ANSWER
    assert await world.events() == ["requested", event]
    assert world.deletes_sent() == 0


async def test_delete_that_a_version_without_leases_began_is_left_alone_while_its_sender_may_wait(world: World) -> None:
    await world.change(state=State.DELETING, changed_at=now(), lease=None)
    begun = await world.request()

    assert await world.advance() == begun.changed_at + WITHOUT_LEASE

    assert await world.request() == begun
