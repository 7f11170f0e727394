"""Restart the bot with other settings while a request lives."""

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CAMPAIGN, CARDS, NAME, approve, request_deletion
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import eventually

OTHER_CARDS = "C0OPSAMER"
WITH_APPROVAL = {"APPROVALS_REQUIRED": "1", "UNDO_WINDOW": "0", "OPS_ROOMS": "C0OPSEMEA"}


async def restart(world: SimulatedWorld, **settings: str) -> None:
    """Restart the bot with these settings; an empty one is unset."""
    await world.bot.stop()
    world.bot.settings.update(settings)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


async def test_thread_lines_stay_with_the_card_of_their_channel() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        await restart(world, APPROVALS_CHANNEL=OTHER_CARDS)
        assert not await approve(bob, card)
        await bob.reads("was deleted.", OTHER_CARDS)
        await eventually(world.has_said_all, "the end of all messages")

        for channel, said in ((CARDS, ["requested"]), (OTHER_CARDS, ["approved", "confirmed the deletion"])):
            first, *lines = await bob.messages(channel)
            assert {line["thread_ts"] for line in lines} == {first["ts"]}, channel
            assert len(lines) == len(said)
            assert all(word in line["text"] for word, line in zip(said, lines, strict=True)), lines


async def test_form_that_was_opened_before_tickets_were_needed_says_so() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice = world.person("U0ALICE")
        form = await alice.asks_to_delete(CAMPAIGN)
        await restart(world, TICKET_PATTERN="[A-Z]+-[0-9]+")

        errors = await alice.submits(form, NAME)

        assert errors == {ids.PHRASE_BLOCK: strings.modals.TICKET_MEANWHILE}
        assert not await world.person("U0BOB").messages(CARDS)
