"""A deleted campaign that is there again is not rebuilt."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.rebuild_steps import NOTICED_WITHIN_SECONDS, SETTINGS, deleted, simple_campaign
from tests.simulation.stories.steps import CARDS, approve, campaigns_of, click, makes_recheck_due, rebuild
from tests.stories.conftest import World
from tests.stories.person import REASON, shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


async def comes_back(world: World, campaign_id: str) -> None:
    """Let the deleted campaign be there again, and the bot notice it."""
    await world.campaign(campaign_id, deleted=False)
    await makes_recheck_due(world)
    await world.person("U0CAROL").reads("is there again", CARDS)


async def test_form_of_a_rebuild_records_nothing_once_the_campaign_is_there_again(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card, alice = await deleted(world, campaign_id, "Outage Update"), world.person("U0ALICE", CARDS)
    await click(alice, card, ids.REBUILD_BUTTON)
    view = await alice.modal(ids.REBUILD_VIEW)
    await comes_back(world, campaign_id)

    await alice.does("modal/submit", view_id=view["id"], values={ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}})

    await alice.modal(ids.NOTICE_VIEW, "`Outage Update` was gone and is there again, or may be")
    assert not [message for message in await alice.messages(CARDS) if "to be rebuilt" in message["text"]]


async def test_campaign_that_is_there_again_unnoticed_is_not_created_a_second_time(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card, carol = await deleted(world, campaign_id, "Outage Update"), world.person("U0CAROL")
    await world.outlast(NOTICED_WITHIN_SECONDS)
    await world.campaign(campaign_id, deleted=False)
    assert not await rebuild(world.person("U0ALICE", CARDS), card)
    assert not await approve(carol, await carol.reads("is waiting for approval to be rebuilt.", CARDS), "Update")

    ended = await carol.reads("was not rebuilt", CARDS)

    assert "The deleted campaign is there again" in shown(ended["blocks"])
    assert [made["_id"] for made in await campaigns_of(world, "Outage Update")] == [campaign_id]
    assert not await world.calls("create")


async def test_rebuild_cannot_be_approved_once_the_campaign_is_there_again(world: World) -> None:
    campaign_id = await simple_campaign(world)
    card, carol = await deleted(world, campaign_id, "Outage Update"), world.person("U0CAROL")
    assert not await rebuild(world.person("U0ALICE", CARDS), card)
    asked = await carol.reads("is waiting for approval to be rebuilt.", CARDS)
    await comes_back(world, campaign_id)

    await click(carol, asked, ids.APPROVE_BUTTON)

    ended = await carol.reads("was not rebuilt", CARDS)
    assert "there again, or may be, so I created no other one" in shown(ended["blocks"])
    assert [made["_id"] for made in await campaigns_of(world, "Outage Update")] == [campaign_id]
