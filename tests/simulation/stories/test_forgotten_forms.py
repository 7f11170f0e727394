"""A form that was left open for longer than a day, in a bot whose Kore.ai application has a name, as in practice."""

from typing import Any

import pytest

from deletion.db.tables import previews
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import campaigns, chooses_many, confirms
from tests.simulation.stories.steps import CAMPAIGN, NAME
from tests.simulation.stories.stop_steps import asks_to_stop, submits_stop
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import Person, shown

SETTINGS = {"PRACTICE": "on", "APPROVALS_REQUIRED": "0", "UNDO_WINDOW": "0"}


async def a_day_later(world: SimulatedWorld) -> None:
    """Remove what the sweep removes of forms that were opened a day ago."""
    engine = world.open_engine()
    async with engine.begin() as connection:
        await connection.execute(previews.delete())
    await engine.dispose()


async def deletes(world: SimulatedWorld, alice: Person) -> None:
    form = await alice.asks_to_delete(CAMPAIGN)
    await a_day_later(world)
    assert not await alice.submits(form, NAME)


async def deletes_a_list(world: SimulatedWorld, alice: Person) -> None:
    form = await chooses_many(alice, list((await campaigns(world, 2)).values()))
    await a_day_later(world)
    assert not await confirms(alice, form, 2)


async def stops(world: SimulatedWorld, alice: Person) -> None:
    await world.campaign(CAMPAIGN, status="Active")
    form = await asks_to_stop(alice, CAMPAIGN)
    await a_day_later(world)
    assert not await submits_stop(alice, form)


async def only_stops(world: SimulatedWorld, alice: Person) -> None:
    await world.campaign(CAMPAIGN, status="Active")
    summary: dict[str, Any] = await alice.asks_to_delete(CAMPAIGN)
    button = next(block for block in summary["blocks"] if block["type"] == "actions")
    await a_day_later(world)
    await alice.does("modal/action", view_id=summary["id"], block_id=button["block_id"], action_id=ids.ONLY_STOP_BUTTON)


@pytest.mark.parametrize("submits", [deletes, deletes_a_list, stops, only_stops])
async def test_form_that_was_left_open_for_a_day_says_that_it_has_expired(submits: Any) -> None:
    async with open_simulated_world(**SETTINGS) as world:
        alice = world.person("U0ALICE")
        await submits(world, alice)

        notice = await alice.modal(ids.NOTICE_VIEW, "Nothing was done")

        assert strings.modals.PREVIEW_LOST[0] in shown(notice)
        assert strings.modals.PREVIEW_LOST[1] in shown(notice)
