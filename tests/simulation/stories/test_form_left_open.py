"""A form to request a deletion that was left open for hours shows the campaign as it was."""

from datetime import timedelta

import pytest

from deletion.lifecycle.intake import SHOWN_FOR
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import campaigns, chooses_many, confirms
from tests.simulation.stories.restart_steps import WITH_APPROVAL
from tests.simulation.stories.steps import CARDS, NAME
from tests.simulation.world import open_simulated_world
from tests.stories.person import shown


@pytest.mark.parametrize("is_list", [False, True])
async def test_card_never_says_of_the_moment_of_a_request_what_was_so_hours_before(*, is_list: bool) -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        made = await campaigns(world, 2)
        name, campaign = next(iter(made.items()))
        form = await (chooses_many(alice, list(made.values())) if is_list else alice.asks_to_delete(campaign))
        await world.outlast(SHOWN_FOR.total_seconds())
        await world.campaign(campaign, status="Completed", totalMessagesSent=90_000)

        assert not await (confirms(alice, form, 2) if is_list else alice.submits(form, name))

        notice = await alice.modal(ids.NOTICE_VIEW, "This form has expired")
        assert "you'll see the campaign as it is now" in shown(notice)
        assert not await bob.messages(CARDS)


async def test_form_that_was_left_open_for_less_than_that_makes_a_request() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        alice = world.person("U0ALICE")
        form = await alice.asks_to_delete(await world.fresh_campaign())
        await world.outlast((SHOWN_FOR - timedelta(minutes=1)).total_seconds())

        assert not await alice.submits(form, NAME)

        await world.person("U0BOB").reads("is waiting for approval to be deleted.", CARDS)
