"""``hold`` and ``release``: private replies, and a campaign that nobody can request meanwhile."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import SEEDED
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, request_deletion, types
from tests.stories.conftest import World
from tests.stories.person import shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "24h"}


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def test_held_campaign_is_not_requested_until_another_approver_releases_it(world: World) -> None:
    alice, bob, carol = (world.person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    campaign = await world.fresh_campaign()

    assert "is on hold" in (await types(bob, f"hold {campaign} Legal asked to keep it"))["text"]
    assert "already on hold" in (await types(alice, f"hold {campaign} Another good reason"))["text"]
    assert campaign in (await types(carol, "hold"))["text"]
    alice.channel = "C0CAMPAIGNS"
    await alice.types(f"{ids.COMMAND} {campaign}")
    assert "Legal asked to keep it" in shown((await alice.modal(ids.NOTICE_VIEW, "on hold"))["blocks"])
    assert "another approver must release it" in (await types(bob, f"release {campaign}"))["text"]
    assert "is released" in (await types(carol, f"release {campaign}"))["text"]

    await request_deletion(world, campaign)


async def test_hold_closes_an_approved_request_whose_card_announces_the_deletion(world: World) -> None:
    bob, campaign = world.person("U0BOB"), await world.fresh_campaign()
    assert not await approve(bob, await request_deletion(world, campaign))
    assert ids.STOP_BUTTON in buttons(await bob.reads("will be deleted unless the deletion is stopped", CARDS))

    await types(world.person("U0CAROL"), f"hold {campaign} Legal asked to keep it")

    closed = await bob.reads("put on hold after the request", CARDS)
    assert "will be deleted" not in closed["text"]
    assert not buttons(closed)
    assert not await world.deletes()


async def test_hold_closes_a_request_that_waits_for_approval(world: World) -> None:
    bob, campaign = world.person("U0BOB"), await world.fresh_campaign()
    await request_deletion(world, campaign)

    assert (
        "open request to delete it is closed" in (await types(bob, f"hold {campaign} Legal asked to keep it"))["text"]
    )

    closed = await bob.reads("put on hold after the request", CARDS)
    assert "was not deleted" in closed["text"]
    assert not buttons(closed)
    assert not await world.deletes()


async def test_hold_needs_an_id_and_a_reason(world: World) -> None:
    bob = world.person("U0BOB")
    assert "campaign's ID and a reason" in (await types(bob, "hold spring sale for now"))["text"]
    assert "a reason of 10 to 500" in (await types(bob, f"hold {await world.fresh_campaign()} no"))["text"]
    assert "isn't on hold" in (await types(bob, f"release {await world.fresh_campaign()}"))["text"]
    assert "more than 500" in (await types(bob, f"release {await world.fresh_campaign()} {'long ' * 101}"))["text"]


async def test_hold_takes_no_second_campaign_for_its_reason(world: World) -> None:
    bob, one, other = world.person("U0BOB"), await world.fresh_campaign(), await world.fresh_campaign()

    for between in (" ", ", ", " and "):
        said = (await types(bob, f"hold {one}{between}{other} Legal asked to keep both"))["text"]
        assert "more than one campaign ID" in said

    assert "No campaign is on hold" in (await types(bob, "hold"))["text"]


async def test_hold_of_an_id_that_no_campaign_has_says_so(world: World) -> None:
    bob, right = world.person("U0BOB"), await world.fresh_campaign()
    wrong = f"{right[:-1]}{'1' if right[-1] != '1' else '2'}"

    said = (await types(bob, f"hold {wrong} Legal asked to keep it"))["text"]

    assert said.startswith(f"`{wrong}` is on hold.")
    assert "not in Kore.ai's list as I have it" in said
    assert "not in Kore.ai's list" not in (await types(bob, f"hold {SEEDED[NAME]} Legal asked to keep it"))["text"]
    again = (await types(bob, f"hold {wrong} Legal asked to keep it"))["text"]
    assert again.startswith(f"Nothing was done: `{wrong}` is already on hold.")
    assert "not in Kore.ai's list as I have it" in again
    released = (await types(world.person("U0CAROL"), f"release {wrong} It was mistyped"))["text"]
    assert released.startswith(f"`{wrong}` is released")
