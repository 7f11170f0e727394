"""What requester, approver and channel see before and after a decision, in a running bot."""

import pytest

from bench.delete_cost import MOST_CALLS
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, approve, click, request_deletion
from tests.simulation.world import SimulatedWorld
from tests.stories.person import shown

REACH = "Stopped · 137 sent · 1,204 contacts"


@pytest.fixture
def settings() -> dict[str, str]:
    return {
        "APPROVALS_REQUIRED": "1",
        "APPROVERS": "U0BOB",
        "REQUESTERS": "U0ALICE",
        "UNDO_WINDOW": "0",
    }


async def test_approver_reads_the_blast_radius_within_the_calls_of_one_delete(world: SimulatedWorld) -> None:
    bob, campaign = world.person("U0BOB"), await world.fresh_campaign()
    await world.outlast(60)  # the first sync of the list
    before = len(await world.calls_to_kore())
    card = await request_deletion(world, campaign)
    assert f"When requested: {REACH} · Not scheduled" in shown(card["blocks"])

    await click(bob, card, ids.APPROVE_BUTTON)
    await bob.modal(ids.LOADING_VIEW)
    view = await bob.modal(ids.APPROVE_VIEW, "1,204 contacts")

    assert view["blocks"][0]["type"] == "alert"
    assert view["blocks"][0]["text"]["text"] == REACH
    for said in (
        "Next sending",
        "Not scheduled. It sends once",
        "Asia/Kolkata",
        "nearly the same name",
        "are the same.",
    ):
        assert said in shown(view)
    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: campaign[-4:]}}
    assert not (await bob.does("modal/submit", view_id=view["id"], values=values)).get("errors")
    await bob.reads(f"`{NAME}` was deleted.", CARDS)
    assert len(await world.calls_to_kore()) - before <= MOST_CALLS[1]


async def test_approver_of_a_campaign_that_changed_reads_what_changed(world: SimulatedWorld) -> None:
    bob, campaign = world.person("U0BOB"), await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    await world.campaign(campaign, description="Another one")

    await click(bob, card, ids.APPROVE_BUTTON)

    view = await bob.modal(ids.NOTICE_VIEW, "The campaign has changed")
    assert "Description: was one with the digest" in shown(view)


async def test_second_request_shows_what_became_of_the_first(world: SimulatedWorld) -> None:
    alice, bob, campaign = world.person("U0ALICE"), world.person("U0BOB"), await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    await world.fault("kore", "delete", "status", status=403)
    assert not await approve(bob, card)
    await bob.reads(f"`{NAME}` was not deleted.", CARDS)

    view = await alice.asks_to_delete(campaign)
    assert not await alice.submits(view, NAME)
    again = await bob.reads(f"`{NAME}` is waiting for approval", CARDS)
    await click(bob, again, ids.APPROVE_BUTTON)

    link = f"/archives/{CARDS}/p{card['ts'].replace('.', '')}|See that request>"
    for surface in (view, again["blocks"], await bob.modal(ids.APPROVE_VIEW)):
        assert "*Second request for this campaign.* The first failed <!date^" in shown(surface)
        assert ": Kore.ai refused." in shown(surface)
        assert link in shown(surface)


async def test_command_for_an_open_request_links_to_it(world: SimulatedWorld) -> None:
    alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
    await request_deletion(world, campaign)

    await alice.types(f"{ids.COMMAND} {campaign}")

    view = await alice.modal(ids.NOTICE_VIEW, "already has an open request")
    assert "/archives/C0CAMPAIGNS/p" in shown(view)


async def test_late_outcome_is_told_anew_and_the_command_says_first_what_is_unsettled(world: SimulatedWorld) -> None:
    alice, bob, campaign = world.person("U0ALICE"), world.person("U0BOB"), await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    await world.fault("kore", "delete", "status", status=500)
    assert not await approve(bob, card)
    await alice.reads("may or may not have been deleted.", "D0ALICE")
    before = len(await alice.messages("D0ALICE"))
    gets = len(await world.calls("get"))

    await alice.types(f"{ids.COMMAND} {campaign}")
    view = await alice.modal(ids.NOTICE_VIEW, "The last delete of this campaign got no clear answer")
    assert NAME in shown(view["blocks"])
    assert "/archives/C0CAMPAIGNS/p" in shown(view)
    assert len(await world.calls("get")) == gets
    await world.outlast(15 * 60)

    said = [message["text"] for message in await alice.messages("D0ALICE")]
    assert len(said) == before + 1
    assert all("was not deleted" in each for each in said)
    assert all("may or may not" not in each for each in said)
    lines = [message["text"] for message in await bob.messages(CARDS) if message["thread_ts"] == card["ts"]]
    assert "It was not deleted. The message above says why." in lines


async def test_ops_room_reads_two_lines_about_a_withdrawn_request(world: SimulatedWorld) -> None:
    alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
    card = await request_deletion(world, campaign)
    await click(alice, card, ids.CANCEL_BUTTON)

    told = await world.person("U0BOB").reads("the request was withdrawn.", "C0OPSEMEA")

    assert len(told["blocks"]) == 2
    assert f"/archives/{CARDS}/p{card['ts'].replace('.', '')}|Details>" in shown(told["blocks"])
