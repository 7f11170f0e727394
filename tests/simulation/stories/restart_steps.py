"""Restart the bot with other settings, and open and submit an approver's form before and after that."""

from typing import Any

from slack_ui.parts import ids
from tests.simulation.stories.steps import CAMPAIGN, approve, click, request_deletion, same
from tests.simulation.world import SimulatedWorld
from tests.stories.person import Person, eventually

WITH_APPROVAL = {"APPROVALS_REQUIRED": "1", "UNDO_WINDOW": "0", "OPS_ROOMS": "C0OPSEMEA"}
WINDOW = {**WITH_APPROVAL, "UNDO_WINDOW": "60"}


async def restart(world: SimulatedWorld, **settings: str) -> None:
    """Restart the bot with these settings; an empty one is unset."""
    await world.bot.stop()
    world.bot.settings.update(settings)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


async def approved(world: SimulatedWorld) -> dict[str, Any]:
    """Request a deletion, approve it, and return its card within the undo window."""
    bob = world.person("U0BOB")
    card = await request_deletion(world, CAMPAIGN)
    assert not await approve(bob, card)
    return await same(bob, card, "will be deleted")


async def opens(person: Person, card: dict[str, Any], said: str) -> dict[str, Any]:
    await click(person, card, ids.APPROVE_BUTTON)
    return await person.modal(ids.APPROVE_VIEW, said)


async def submits(person: Person, form: dict[str, Any]) -> None:
    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
    said = await person.does("modal/submit", view_id=form["id"], values=values)
    assert not said.get("errors"), said
