"""A pause at Kore.ai's rate limit lasts at most an hour, in which nothing else holds the request."""

from tests.simulation.stories.steps import CAMPAIGN, CARDS, approve, freezes, request_deletion, same, unfreezes
from tests.simulation.world import open_simulated_world

TWO_HOURS = 2 * 60 * 60


async def test_freeze_during_a_pause_is_not_taken_for_an_hour_at_the_rate_limit() -> None:
    async with open_simulated_world(APPROVALS_REQUIRED="1", UNDO_WINDOW="0") as world:
        bob, carol = world.person("U0BOB"), world.person("U0CAROL")
        card = await request_deletion(world, CAMPAIGN)
        await world.fault("kore", "delete", "rate_limit", retry_after_seconds=30)
        assert not await approve(bob, card)
        await same(bob, card, "Kore.ai's rate limit has been reached.")
        await freezes(carol)
        await world.outlast(TWO_HOURS)
        await world.fault("kore", "get", "rate_limit", retry_after_seconds=30)

        await unfreezes(carol)

        said = await same(bob, card, "was deleted.")
        assert "gave up" not in said["text"]
        assert not [message for message in await bob.messages(CARDS) if "for an hour" in message["text"]]
