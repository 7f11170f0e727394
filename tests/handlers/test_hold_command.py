"""The reply to hold claims no more than the hold does."""

from collections.abc import AsyncIterator

import pytest
from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncRespond

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.engine.workflows import Engine
from deletion.lifecycle.holding import Holding
from deletion.lifecycle.transitions import Transitions
from deletion.stores.hold_store import HoldStore
from handlers.access.gate import Gate
from handlers.listeners.hold_command import HoldCommand
from tests.deletion.lifecycle.execution_world import World, open_world
from tests.deletion.lifecycle.stop_steps import FIRST, asked
from tests.deletion.values import person
from tests.handlers.slack_mock import client_with
from tests.kore_api.samples import SEEDED_ID

STARTED = "had already started"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        yield world


async def holds(world: World, mocker: MockerFixture) -> str:
    """Return the reply to an approver who puts the campaign on hold."""
    gate = mocker.create_autospec(Gate, instance=True)
    gate.admit.return_value = Permit(Action.HOLD, person("U0BOB"))
    catalogue = mocker.create_autospec(CampaignCache, instance=True)
    catalogue.listed.return_value = None
    client = client_with("chat_postEphemeral")
    command = HoldCommand(
        gate,
        Holding(HoldStore(world.database), Transitions(world.store, Policy()), Policy()),
        catalogue,
        mocker.create_autospec(Engine, instance=True),
        Policy(),
    )
    body = {"command": "/campaign-delete", "text": f"hold {SEEDED_ID} Legal asked to keep it", "channel_id": "C0"}
    await command.on_hold(mocker.AsyncMock(), body, AsyncRespond(response_url=None), client)
    said: str = client.chat_postEphemeral.await_args.kwargs["text"]
    return said


async def test_hold_of_a_campaign_whose_delete_has_left_says_so(world: World, mocker: MockerFixture) -> None:
    await world.attempt()
    assert world.deletes_sent() == 1
    assert STARTED in await holds(world, mocker)


async def test_hold_while_the_campaign_is_being_stopped_calls_its_request_not_closed(
    world: World, mocker: MockerFixture
) -> None:
    await asked(world, FIRST, state=State.STOPPING)
    said = await holds(world, mocker)
    assert (await world.request()).is_open
    assert "is closed" not in said
    assert "is being stopped" in said


async def test_hold_before_the_delete_begins_speaks_of_none(world: World, mocker: MockerFixture) -> None:
    assert STARTED not in await holds(world, mocker)
