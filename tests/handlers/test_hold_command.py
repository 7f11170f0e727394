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
from handlers.listeners.hold_command import HoldCommand, id_and_reason
from slack_ui.strings import hold as strings
from tests.deletion.lifecycle.execution_world import World, open_world
from tests.deletion.lifecycle.stop_steps import FIRST, asked
from tests.deletion.values import person
from tests.handlers.slack_mock import client_with
from tests.kore_api.samples import SEEDED_ID

OTHER_ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb9999"
STARTED = "had already started"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with open_world(database_url) as world:
        yield world


async def holds(
    world: World, mocker: MockerFixture, text: str = f"hold {SEEDED_ID} Legal asked to keep it", user_id: str = "U0BOB"
) -> str:
    """Return the reply to an approver who puts the campaign on hold, or types another text."""
    is_hold = text.startswith("hold")
    gate = mocker.create_autospec(Gate, instance=True)
    gate.admit.return_value = Permit(Action.HOLD if is_hold else Action.RELEASE, person(user_id))
    gate.person.side_effect = person
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
    body = {"command": "/campaign-delete", "text": text, "channel_id": "C0"}
    listener = command.on_hold if is_hold else command.on_release
    await listener(mocker.AsyncMock(), body, AsyncRespond(response_url=None), client)
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


@pytest.mark.parametrize("typed", [f"{SEEDED_ID} {OTHER_ID}", f"{SEEDED_ID},{OTHER_ID}", f"{OTHER_ID} not {SEEDED_ID}"])
async def test_release_of_several_campaigns_releases_none(world: World, mocker: MockerFixture, typed: str) -> None:
    for campaign_id in (SEEDED_ID, OTHER_ID):
        await holds(world, mocker, f"hold {campaign_id} Legal asked to keep it")
    assert await holds(world, mocker, f"release {typed}", "U0CAROL") == strings.SEVERAL_IDS_TO_RELEASE
    assert len(await HoldStore(world.database).newest("")) == 2
    assert "is released" in await holds(world, mocker, f"release {OTHER_ID} {OTHER_ID}", "U0CAROL")


async def test_hold_of_several_campaigns_without_spaces_names_the_fault(world: World, mocker: MockerFixture) -> None:
    said = await holds(world, mocker, f"hold {SEEDED_ID},{OTHER_ID} Legal asked to keep them")
    assert said == strings.SEVERAL_IDS


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (f"{SEEDED_ID} Legal asked", "Legal asked"),
        (f"<https://kore.test/c/{SEEDED_ID}|the spring campaign> Legal asked", "Legal asked"),
        (f"<https://kore.test/c/{SEEDED_ID}|spring>, Legal asked", "Legal asked"),
        (f"*{SEEDED_ID}* <https://tickets.test/7|LEGAL 7> asked <@U0BOB|bob>", "LEGAL 7 asked @bob"),
        (f"`{SEEDED_ID}`", ""),
    ],
)
def test_reason_is_what_follows_the_id_and_its_link(typed: str, reason: str) -> None:
    assert id_and_reason(typed) == (SEEDED_ID, reason)


@pytest.mark.parametrize("typed", [f"reason {SEEDED_ID}", "<https://kore.test/|the campaign> reason", "<", ""])
def test_id_comes_first(typed: str) -> None:
    assert not id_and_reason(typed)[0]
