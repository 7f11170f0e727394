"""A campaign that was deleted and is there again is told of in the same rooms."""

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import NAME, click, makes_recheck_due
from tests.simulation.world import open_simulated_world
from tests.stories.person import eventually, shown

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"


async def test_reappearance_is_told_in_new_messages_and_in_the_earlier_ones() -> None:
    async with open_simulated_world(OPS_ROOMS="C0OPSEMEA") as world:
        alice = world.person("U0ALICE")
        assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), NAME)
        first = await alice.reads(f"`{NAME}` was deleted.", "C0OPSEMEA")
        await world.campaign(CAMPAIGN, deleted=False)
        await makes_recheck_due(world)

        for channel in ("C0CAMPAIGNS", "C0OPSEMEA"):
            again = await alice.reads(f"`{NAME}` is there again", channel)
            assert "There again" in shown(again["blocks"])

        async def both_told() -> bool:
            told = {each["ts"] for each in await alice.messages("C0OPSEMEA") if "is there again" in each["text"]}
            return first["ts"] in told and len(told) == 2

        await eventually(both_told, "the earlier message and a new one")


async def test_reappearance_during_a_list_is_told_at_once_and_its_end_once() -> None:
    rule = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "2s"}
    async with open_simulated_world(**rule, OPS_ROOMS="C0OPSEMEA") as world:
        alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))
        await world.fault("kore", "delete", "delay", delay_ms=1)  # the first is deleted, the second refused
        await world.fault("kore", "delete", "status", status=403)
        await approves_many(bob, card, 3)
        await card_says(bob, card, "1 of 3 deleted, 1 not deleted, 1 waiting")
        await world.campaign(next(iter(made.values())), deleted=False)
        await makes_recheck_due(world)

        there_again = await alice.reads("is there again, although it was gone.", "D0ALICE")
        assert "It is campaign 1 of the list of 3 campaigns" in there_again["text"]
        waits = "I paused the list. 1 campaign waits. You or an approver can continue with the rest or stop it."
        assert waits in there_again["text"]
        paused = await card_says(bob, card, "it is there again, although it was gone")
        await click(bob, paused, ids.LIST_STOP_BUTTON)

        await alice.reads("of 3 campaigns were deleted.", "C0OPSEMEA")
        await world.outlast(120)
        (of_end,) = await alice.messages("C0OPSEMEA")
        assert next(iter(rows(of_end).values())) == "Was gone, and is there again"
        assert len(await alice.messages("C0CAMPAIGNS")) == 1
        refused, again, of_end = [each["text"] for each in await alice.messages("D0ALICE")]
        assert "*I paused your list of 3 campaigns" in refused
        assert "is there again, although it was gone." in again
        assert "were deleted." in of_end
        assert not [text for text in (refused, again, of_end) if "campaign waits" in text]
