"""A ticket is required, checked, shown and found where the team asks for one."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, types
from tests.stories.conftest import World
from tests.stories.person import shown

SETTINGS = {
    "APPROVALS_REQUIRED": "1",
    "APPROVERS": "S0APPROVE",
    "REQUESTERS": "S0REQUEST",
    "TICKET_PATTERN": "[A-Z]+-[0-9]+",
    "TICKET_URL": "https://tickets.example/{ticket}",
}


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def test_request_needs_a_ticket_which_is_linked_and_found(world: World) -> None:
    alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
    form = await alice.asks_to_delete(campaign)
    assert "Written as [A-Z]+-[0-9]+" in shown(form["blocks"])

    for wrong in ("ops 4711", "OPS-4711 and more"):
        errors = await alice.submits(form, NAME, ticket=wrong)
        assert errors == {ids.TICKET_BLOCK: "Tickets are written as [A-Z]+-[0-9]+."}
    assert not await alice.submits(form, NAME, ticket="OPS-4711")

    card = await alice.reads("is waiting for approval", CARDS)
    assert "<https://tickets.example/OPS-4711|OPS-4711>" in shown(card["blocks"])
    assert "OPS-4711" in card["text"]
    assert "OPS-4711" in (await types(alice, "history"))["text"]
    assert "under ticket `OPS-4711`" in (await types(alice, "status OPS-4711"))["text"]
    assert "no requests under ticket `OPS-1`" in (await types(alice, "status OPS-1"))["text"]
