"""Restart the bot with other rooms, or other calls of approvers, while a request lives."""

from tests.simulation.stories.restart_steps import WINDOW, WITH_APPROVAL, approved, restart
from tests.simulation.stories.steps import (
    CAMPAIGN,
    approve,
    request_deletion,
    same,
)
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually

ROOM, OTHER_ROOM = "C0OPSEMEA", "C0OPSAMER"


async def test_result_is_posted_in_the_ops_rooms_of_today() -> None:
    async with open_simulated_world(**WINDOW) as world:
        bob, card = world.person("U0BOB"), await approved(world)
        await restart(world, OPS_ROOMS=OTHER_ROOM)

        await same(bob, card, "was deleted.")
        await eventually(world.has_said_all, "the end of all messages")

        assert len(await bob.messages(OTHER_ROOM)) == 1
        assert not await bob.messages(ROOM)


async def test_unknown_outcome_is_settled_in_a_room_that_left_the_settings() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await world.fault("kore", "delete", "status", status=500)
        assert not await approve(bob, card)
        await bob.reads("may or may not have been deleted", ROOM)
        await world.campaign(CAMPAIGN, deleted=True)
        await restart(world, OPS_ROOMS=OTHER_ROOM)

        await same(bob, card, "is gone.")
        await bob.reads("is gone.", OTHER_ROOM)
        await eventually(world.has_said_all, "the end of all messages")

        assert len(await bob.messages(ROOM)) == 1
        assert "is gone." in (await bob.messages(ROOM))[0]["text"]


async def test_approver_who_was_called_by_a_direct_message_reads_the_end_after_calls_are_switched_off() -> None:
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="U0BOB,U0CAROL", NOTIFY_BY_DM="on") as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await bob.reads("Please approve or reject it by", "D0BOB")
        await restart(world, NOTIFY_BY_DM="off")

        assert not await approve(world.person("U0CAROL"), card)

        await bob.reads("It no longer waits for your decision.", "D0BOB")
        assert len(await bob.messages("D0BOB")) == 1


async def test_approvers_are_not_called_again_when_direct_messages_are_switched_on() -> None:
    async with open_simulated_world(**WITH_APPROVAL, APPROVERS="U0BOB,U0CAROL") as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, CAMPAIGN)
        await restart(world, NOTIFY_BY_DM="on")
        assert not await approve(world.person("U0CAROL"), card)
        await same(bob, card, "was deleted.")
        await eventually(world.has_said_all, "the end of all messages")

        called = [message["text"] for message in await bob.messages("D0BOB")]

        assert not [text for text in called if "Please approve" in text]
