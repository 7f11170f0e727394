"""The rest of a list ends at once where its next request ends for a reason that all of them share."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from unittest.mock import MagicMock

import pytest
from pytest_mock import MockerFixture

from deletion.db.tables import requests
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.execution_check import ON_HOLD, OTHER_ACCOUNT
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.executor import Confirm
from deletion.lifecycle.party_check import REQUESTER_LAPSED
from deletion.lifecycle.undo_window import commit_by
from deletion.stores.hold_store import HoldStore
from deletion.stores.list_store import ListStore, Written
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.values import campaign_list, hold

pytestmark = pytest.mark.any_database

HERE, ELSEWHERE = "https://platform.kore.ai st-1 6777", "https://platform.kore.ai st-2 6777"
POLICY = Policy(requesters=("U0ALICE",), approvals_required=0, kore_account=HERE)


class World(Bot):
    """A list of an awaited and three approved requests, of which the first is due."""

    def __init__(self, url: str, executor: MagicMock) -> None:
        super().__init__(url, POLICY)
        self.lists, self.executor = ListStore(self.engine), executor
        self.execution = Execution(
            self.lists, self.transitions, self.check, POLICY, delete=executor, rebuild=executor, stop=executor
        )

    async def keep(self, **changes: Any) -> CampaignList:
        made = campaign_list(State.AWAITING_APPROVAL, *[State.APPROVED] * 3)
        kept = [
            each.model_copy(update={"campaign": each.campaign.model_copy(update={"campaign_id": f"cd-{number}"})})
            for number, each in enumerate(made.requests)
        ]
        entry = Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test")
        assert await self.lists.add_all([Written(each, entry, []) for each in kept], commit_by(now()))
        async with self.engine.begin() as connection:
            await connection.execute(requests.update().values(execute_after=now(), **changes))
        return made

    async def advance(self, made: CampaignList) -> datetime | None:
        return await self.execution.advance(made.requests[1].id)

    async def ended(self, made: CampaignList) -> list[tuple[State, str]]:
        found = await self.lists.listed(made.id)
        assert found
        assert not found.is_paused
        return [(each.state, each.attempt.explanation if each.attempt else "") for each in found.requests]


@pytest.fixture
async def world(database_url: str, mocker: MockerFixture) -> AsyncIterator[World]:
    """Have an executor that checks the parties, and sends nothing."""

    async def attempt(_request: Request, _limits: DeleteLimits, confirm: Confirm) -> None:
        assert await confirm() is None, "every request here lapses"

    executor = mocker.create_autospec(DeleteExecutor, instance=True)
    executor.attempt.side_effect = attempt
    world = World(database_url, executor)
    yield world
    await world.engine.dispose()


async def test_rest_of_a_list_for_another_account_ends_at_once(world: World) -> None:
    made = await world.keep(kore_account=ELSEWHERE)

    await world.advance(made)

    assert await world.ended(made) == [(State.AWAITING_APPROVAL, ""), *[(State.FAILED, OTHER_ACCOUNT)] * 3]


async def test_request_is_not_attempted_again_and_again_while_a_later_one_is_executed(world: World) -> None:
    """Each attempt would read the campaign, until the calls of the minute are used up."""
    made = await world.keep()
    async with world.engine.begin() as connection:
        await connection.execute(
            requests.update().where(requests.c.id == made.requests[2].id).values(state=State.DELETING)
        )

    assert await world.advance(made) is None

    world.executor.attempt.assert_not_awaited()


async def test_rest_of_a_list_for_another_account_ends_after_one_that_had_begun(world: World) -> None:
    made = await world.keep(kore_account=ELSEWHERE)
    async with world.engine.begin() as connection:
        begun = {"state": State.DELETING, "changed_at": made.requests[1].changed_at.replace(year=2020)}
        await connection.execute(requests.update().where(requests.c.id == made.requests[1].id).values(begun))

    await world.advance(made)

    assert await world.ended(made) == [
        (State.AWAITING_APPROVAL, ""),
        (State.UNKNOWN, OTHER_ACCOUNT),
        *[(State.FAILED, OTHER_ACCOUNT)] * 2,
    ]


async def test_held_campaign_that_a_crash_left_open_is_closed_at_its_turn_and_the_next_one_follows(
    world: World,
) -> None:
    made = await world.keep(kore_account=HERE)
    on_hold = hold(campaign_id="cd-1", kore_account=HERE)
    entry = Entry(at=now(), event="campaign held", actor_id="U0BOB", surface="test", details={})
    assert await HoldStore(world.engine).hold(on_hold, entry) is None

    assert await world.advance(made) is None

    assert (await world.ended(made))[1:3] == [(State.FAILED, ON_HOLD), (State.APPROVED, "")]
    closed = await world.lists.request(made.requests[1].id)
    assert closed
    assert await world.execution.next_in_list(closed) == made.requests[2].id
    world.executor.attempt.assert_not_awaited()


async def test_rest_ends_with_the_requester_s_right_after_one_look_at_slack(
    world: World, mocker: MockerFixture
) -> None:
    """Each further look could fail, and would leave a paused list that asks whether to continue."""
    world.slack.change("U0ALICE", membership=Membership.DEACTIVATED)
    looks = mocker.spy(world.slack, "parties_of")
    made = await world.keep(kore_account=HERE)

    await world.advance(made)

    lapsed = (State.FAILED, REQUESTER_LAPSED.format(why=Denial.DEACTIVATED))
    assert await world.ended(made) == [(State.AWAITING_APPROVAL, ""), *[lapsed] * 3]
    assert looks.call_count == 1
