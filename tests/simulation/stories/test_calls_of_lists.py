"""Approvers of a list are called as long as one of its campaigns waits for them."""

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import (
    approves_many,
    campaigns,
    card_says,
    chooses_many,
    confirms,
    requests_many,
)
from tests.simulation.stories.restart_steps import restart
from tests.simulation.stories.steps import CARDS, click, thread
from tests.simulation.world import open_simulated_world

MINUTE = 60
SETTINGS = {
    "REQUESTERS": "U0ALICE",
    "APPROVERS": "U0BOB",
    "ESCALATION_APPROVERS": "U0CAROL",
    "APPROVALS_REQUIRED": "1",
    "ESCALATE_AFTER": "5m",
    "APPROVAL_REMINDER": "8m",
    "NOTIFY_BY_DM": "on",
    "UNDO_WINDOW": "30m",
    "KORE_CALLS_PER_MINUTE": "60",
}
PLEASE = "Please approve or reject it by <!date^"


async def test_escalation_approver_is_called_to_a_campaign_that_is_not_the_first_to_wait() -> None:
    """The first waits anew since an approval was withdrawn, and was not escalated."""
    async with open_simulated_world(**SETTINGS) as world:
        bob, carol, made = world.person("U0BOB"), world.person("U0CAROL"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))
        await world.fault("kore", "get", "delay", delay_ms=1, times=2)  # two campaigns are read
        await world.fault("kore", "get", "status", status=403, times=1)  # the third is not
        await approves_many(bob, card, 2)
        await card_says(bob, card, "2 campaigns will be deleted")
        await world.outlast(4 * MINUTE)
        await click(bob, card, ids.LIST_WITHDRAW_APPROVAL_BUTTON)
        await bob.reads("<@U0CAROL> may now decide as well", CARDS)

        await carol.reads(PLEASE, "D0CAROL")
        await world.outlast(5 * MINUTE)
        (reminder,) = [line for line in await thread(world) if "is still waiting for a decision." in line]
        assert reminder.startswith("<@U0BOB> <@U0CAROL> ")


async def test_stricter_rule_calls_the_approvers_of_a_list_once() -> None:
    async with open_simulated_world(**SETTINGS | {"APPROVALS_REQUIRED": "0", "UNDO_WINDOW": "1m"}) as world:
        alice, made = world.person("U0ALICE"), await campaigns(world, 3)
        view = await chooses_many(alice, list(made.values()))
        assert not await confirms(alice, view, 3)

        await restart(world, APPROVALS_REQUIRED="1")
        await world.person("U0BOB").reads("3 campaigns are waiting for approval", CARDS)
        await world.outlast(MINUTE)

        lines = [line for line in await thread(world) if "no longer meet the rule" in line]
        assert len(lines) == 3
        assert len([line for line in lines if "<@U0BOB>" in line]) == 1


async def test_lapsed_approval_calls_the_approvers_of_a_list_once() -> None:
    settings = {"APPROVERS": "U0BOB,U0CAROL,U0DAN", "APPROVALS_REQUIRED": "2", "ESCALATION_APPROVERS": "U0ALICE"}
    async with open_simulated_world(**SETTINGS | settings) as world:
        bob, carol, made = world.person("U0BOB"), world.person("U0CAROL"), await campaigns(world, 3)
        card = await requests_many(world, list(made.values()))
        await approves_many(bob, card, 3)
        await restart(world, APPROVERS="U0CAROL,U0DAN")
        await approves_many(carol, card, 3)
        await world.outlast(MINUTE)

        lines = [line for line in await thread(world) if "no longer counts" in line]
        assert len(lines) == 3
        assert len([line for line in lines if "<@U0DAN>" in line]) == 1
