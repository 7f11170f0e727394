"""A request that had begun when the bot was restarted with another account or without its application."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.attempt import AttemptKind, Lease
from deletion.domain.clock import now
from deletion.domain.execution_check import NOT_SERVED, OTHER_ACCOUNT
from deletion.domain.states import State
from deletion.lifecycle.applications import Applications
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.lease import ATTEMPT
from deletion.lifecycle.transitions import Transitions
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.values import all_parties_stand

pytestmark = pytest.mark.any_database

ELSEWHERE, HERE = "https://platform.kore.ai st-2 6777", "https://platform.kore.ai st-1 6777"


BY_WHETHER_ITS_DELETE_HAD_LEFT = pytest.mark.parametrize(
    ("has_left", "ended_as", "kind"),
    [(False, State.FAILED, AttemptKind.NOT_SENT), (True, State.UNKNOWN, AttemptKind.NO_ANSWER)],
)


async def begun(world: World, *, has_left: bool, **fields: Any) -> None:
    """The bot was killed in the middle of a delete, before or after its DELETE left."""
    over = now() - ATTEMPT - timedelta(minutes=1)
    lease = Lease(version=1, until=over, sending_at=over if has_left else None)
    await world.change(state=State.DELETING, lease=lease.model_dump(mode="json"), **fields)


async def how_it_ended(world: World) -> tuple[State, AttemptKind, str]:
    ended = await world.request()
    assert ended.attempt
    return ended.state, ended.attempt.kind, ended.attempt.explanation


@BY_WHETHER_ITS_DELETE_HAD_LEFT
async def test_begun_request_of_another_account_ends_by_whether_its_delete_had_left(
    world: World, *, has_left: bool, ended_as: State, kind: AttemptKind
) -> None:
    await begun(world, has_left=has_left, kore_account=ELSEWHERE)

    await world.restarted(kore_account=HERE).advance()

    assert await how_it_ended(world) == (ended_as, kind, OTHER_ACCOUNT)
    assert world.deletes_sent() == 0


@pytest.mark.parametrize("is_of_list", [False, True])
async def test_request_of_another_account_that_awaits_approval_ends_without_a_click(
    world: World, *, is_of_list: bool
) -> None:
    await world.change(state=State.AWAITING_APPROVAL, kore_account=ELSEWHERE, list_id=world.id if is_of_list else None)
    policy = POLICY.model_copy(update={"kore_account": HERE})
    parties, transitions = all_parties_stand(world.store, policy), Transitions(world.store, policy)

    assert await Deadlines(world.store, transitions, parties, policy).keep() == [world.id]

    ended = await world.request()
    assert (ended.state, ended.attempt and ended.attempt.explanation) == (State.FAILED, OTHER_ACCOUNT)


@BY_WHETHER_ITS_DELETE_HAD_LEFT
async def test_begun_request_of_a_former_application_ends_by_whether_its_delete_had_left(
    world: World, *, has_left: bool, ended_as: State, kind: AttemptKind
) -> None:
    await begun(world, has_left=has_left, application="former")

    assert await Applications(world.store, Transitions(world.store, POLICY), []).keep_deadlines() == [world.id]

    assert await how_it_ended(world) == (ended_as, kind, NOT_SERVED)
