"""A database that is slow, or far away: each statement takes its time, and the largest list needs hundreds."""

import asyncio

from deletion.domain.campaign_list import MOST_CAMPAIGNS
from tests.simulation.stories.list_steps import (
    MANY_CALLS,
    allow_many_calls,
    approves_many,
    campaigns,
    card_says,
    requests_many,
)
from tests.simulation.world import open_simulated_world

STATEMENT_SECONDS = 0.04
SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "1h"}


async def test_largest_list_is_requested_and_approved_though_each_statement_takes_its_time() -> None:
    async with open_simulated_world(**SETTINGS, **MANY_CALLS) as world:
        await allow_many_calls(world)
        made = await campaigns(world, MOST_CAMPAIGNS)
        world.database.before_statement = lambda: asyncio.sleep(STATEMENT_SECONDS)

        card = await requests_many(world, list(made.values()))
        await approves_many(world.person("U0BOB"), card, MOST_CAMPAIGNS)

        await card_says(world.person("U0BOB"), card, f"{MOST_CAMPAIGNS} campaigns will be deleted")
