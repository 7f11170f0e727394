"""The approvers of a list are called once for all of it, by the application of the list, and not during a freeze."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.db.tables import requests
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.states import State
from deletion.lifecycle.list_deadlines import ListDeadlines
from deletion.lifecycle.list_transitions import ListTransitions
from deletion.stores.list_store import ListStore
from tests.deletion.lifecycle.list_world import keep
from tests.deletion.lifecycle.party_world import POLICY, Bot
from tests.deletion.values import campaign_list

pytestmark = pytest.mark.any_database

HOUR = timedelta(hours=1)
HERE = "https://platform.kore.ai st-1 6777"
OURS: dict[str, Any] = {"application": "staging", "kore_account": HERE}
ESCALATING = POLICY.model_copy(
    update={
        **OURS,
        "approval_reminders": (HOUR,),
        "escalate_after": 3 * HOUR,
        "escalation_approvers": ("U0CAROL", "U0DAVE"),
    }
)


class Lists(Bot):
    """The parts that keep the deadlines of lists."""

    def __init__(self, url: str) -> None:
        super().__init__(url, ESCALATING)
        self.lists = ListStore(self.engine)
        together = ListTransitions(self.lists, ESCALATING)
        self.list_deadlines = ListDeadlines(self.lists, together, self.check, ESCALATING)

    async def keep(self, *states: State, **changes: Any) -> CampaignList:
        made = campaign_list(*states, **{**OURS, "approvals_required": 2, **changes})
        await keep(self.lists, made.requests)
        return made

    async def change(self, **values: Any) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(requests.update().values(**values))

    async def told(self, made: CampaignList) -> list[list[tuple[str, dict[str, str]]]]:
        """Return what the journal keeps of each request, besides what it keeps in every entry."""
        plain = {"fingerprint", "application", "list", "list_position"}
        return [
            [
                (each.event, {name: said for name, said in each.details.items() if name not in plain})
                for each in (await self.store.entries(request.id))[1:]
            ]
            for request in made.requests
        ]


@pytest.fixture
async def lists(database_url: str) -> AsyncIterator[Lists]:
    lists = Lists(database_url)
    yield lists
    await lists.engine.dispose()


async def test_requests_of_a_list_that_await_approval_are_reminded_and_escalated_together(lists: Lists) -> None:
    made = await lists.keep(
        State.AWAITING_APPROVAL, State.REJECTED, State.AWAITING_APPROVAL, requested_at=now() - 2 * HOUR
    )
    assert await lists.list_deadlines.keep() == [made.id]
    assert await lists.list_deadlines.keep() == []
    reminded = await lists.lists.listed(made.id)
    assert reminded
    assert [each.reminded_at is not None for each in reminded.requests] == [True, False, True]

    await lists.change(requested_at=now() - 4 * HOUR)
    assert await lists.list_deadlines.keep() == [made.id]
    assert await lists.list_deadlines.keep() == []

    escalated = await lists.lists.listed(made.id)
    assert escalated
    assert [each.escalated_at is not None for each in escalated.requests] == [True, False, True]
    both = {"campaigns": "2"}
    steps = [("reminded", both), ("escalated", {"approvers": "U0CAROL, U0DAVE", **both})]
    assert await lists.told(made) == [steps, [], steps]


@pytest.mark.parametrize("application", ["staging", "production"])
async def test_list_expires_with_all_of_its_requests_by_its_own_application(lists: Lists, application: str) -> None:
    states = (State.AWAITING_APPROVAL, State.APPROVED)
    made = await lists.keep(*states, application=application, expires_at=now() - HOUR)
    is_ours = application == "staging"

    assert await lists.list_deadlines.keep() == ([made.id] if is_ours else [])

    both = {"campaigns": "1"}
    assert await lists.told(made) == ([[("expired", both)], [("expired, unused", both)]] if is_ours else [[], []])
    after = await lists.lists.listed(made.id)
    assert after
    assert [each.state for each in after.requests] == ([State.EXPIRED] * 2 if is_ours else [*states])


@pytest.mark.parametrize("requested_ago", [2 * HOUR, 4 * HOUR])
async def test_approvers_of_a_list_are_not_called_during_a_freeze_nor_by_another_application(
    lists: Lists, requested_ago: timedelta
) -> None:
    made = await lists.keep(State.AWAITING_APPROVAL, application="production", requested_at=now() - requested_ago)
    assert await lists.list_deadlines.keep() == []
    await lists.change(application="staging")
    await lists.freeze()
    assert await lists.list_deadlines.keep() == []
    assert await lists.told(made) == [[]]


async def test_request_outside_a_list_is_left_to_the_other_deadlines(lists: Lists) -> None:
    late = {**OURS, "state": State.AWAITING_APPROVAL, "requested_at": now() - 4 * HOUR}
    asked = await lists.add(**late)
    assert await lists.list_deadlines.keep() == []
    await lists.change(expires_at=now() - HOUR)
    assert await lists.list_deadlines.keep() == []
    assert await lists.events(asked) == ["requested"]


async def test_list_that_was_decided_since_it_was_found_due_is_left_alone(lists: Lists, mocker: MockerFixture) -> None:
    made = await lists.keep(State.AWAITING_APPROVAL, requested_at=now() - 2 * HOUR)
    read = lists.lists.listed

    async def decide_first(list_id: str) -> CampaignList | None:
        await lists.change(state=State.REJECTED)
        return await read(list_id)

    mocker.patch.object(lists.lists, "listed", side_effect=decide_first)

    assert await lists.list_deadlines.keep() == []
    assert await lists.told(made) == [[]]
