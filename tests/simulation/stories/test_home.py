"""The Home tab of requesters, approvers and others, and what its buttons do."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import around, home, opens_home, presses, short
from tests.simulation.stories.steps import CARDS, buttons, reject, request_deletion
from tests.stories.conftest import World
from tests.stories.person import shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "60s"}


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


async def test_home_updates_and_offers_only_permitted_actions(world: World, campaign: str) -> None:
    alice, bob, carol = (world.person(name) for name in ("U0ALICE", "U0BOB", "U0CAROL"))
    for person in (alice, bob, carol):
        await opens_home(person)

    await request_deletion(world, campaign)
    judged = {ids.APPROVE_BUTTON, ids.REJECT_BUTTON}
    for approver in (bob, carol):
        view = await home(approver, short(campaign))
        assert around(view, campaign, strings.lookup_and_home.HOME_WAITING)[1] == judged
        assert "0/1 approvals · until" in " ".join(shown(view).split())
    assert around(await home(alice, short(campaign)), campaign, strings.lookup_and_home.HOME_MINE)[1] == {
        ids.CANCEL_BUTTON
    }

    await presses(bob, campaign, ids.APPROVE_BUTTON)
    form = await bob.modal(ids.APPROVE_VIEW)
    await bob.does("modal/submit", view_id=form["id"], values={ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}})
    for person, section in ((alice, strings.lookup_and_home.HOME_MINE), (carol, strings.lookup_and_home.HOME_OTHERS)):
        view = await home(person, "will be deleted")
        assert around(view, campaign, section)[1] == {ids.STOP_BUTTON}

    await presses(alice, campaign, ids.STOP_BUTTON)
    for person in (alice, bob, carol):
        view = await home(person, "deletion stopped")
        assert around(view, campaign)[1] == set()
    assert not await world.deletes()


async def test_picker_opens_from_home(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await opens_home(alice, strings.lookup_and_home.HOME_FIND)
    row = next(block for block in view["blocks"] if strings.lookup_and_home.HOME_FIND in shown(block))
    where = {"view_id": view["id"], "block_id": row["block_id"], "action_id": ids.HOME_FIND_BUTTON}
    assert (await alice.does("modal/action", **where))["delivered"]
    await alice.modal(ids.PICKER_VIEW, "campaigns in Kore.ai's list, as of")


async def test_requester_withdraws_and_approver_rejects_from_home(world: World, campaign: str) -> None:
    alice, carol, other = world.person("U0ALICE"), world.person("U0CAROL"), await world.fresh_campaign()
    for each in (campaign, other):
        await request_deletion(world, each)
    await opens_home(alice, short(campaign))
    await opens_home(carol, short(other))

    await presses(alice, campaign, ids.CANCEL_BUTTON)
    await presses(carol, other, ids.REJECT_BUTTON)
    form = await carol.modal(ids.REJECT_VIEW)
    reason = {ids.REASON_BLOCK: {ids.REASON_INPUT: "The report needs it"}}
    assert not (await carol.does("modal/submit", view_id=form["id"], values=reason)).get("errors")

    for person in (alice, carol):
        assert "deletion withdrawn" in around(await home(person, "deletion withdrawn"), campaign)[0]
        assert "deletion rejected" in around(await home(person, "deletion rejected"), other)[0]


async def test_button_of_stale_home_reports_current_state(world: World, campaign: str) -> None:
    alice, carol = world.person("U0ALICE"), world.person("U0CAROL")
    card = await request_deletion(world, campaign)
    await opens_home(alice, short(campaign))
    await world.fault("slack", "views.publish", "error", error="internal_error", times=None)
    await reject(carol, card, "The report needs it")

    await presses(alice, campaign, ids.CANCEL_BUTTON)

    await alice.modal(ids.NOTICE_VIEW, "Nothing was done. `Interactive Support SMS Campaign` was not deleted")


async def test_approval_from_home_checks_approvals_channel(world: World, campaign: str) -> None:
    carol = world.person("U0CAROL")
    await request_deletion(world, campaign)
    await opens_home(carol, short(campaign))
    await world.api.post("/sandbox/channel", json={"channel": CARDS, "is_ext_shared": True})
    await presses(carol, campaign, ids.APPROVE_BUTTON)
    await carol.modal(ids.NOTICE_VIEW, "People of another organization are in the channel")


async def test_home_of_unlisted_member_and_guest_shows_no_requests(world: World, campaign: str) -> None:
    await request_deletion(world, campaign)
    view = await opens_home(world.person("U0DAN"), "You're neither a requester nor an approver")
    assert "*Requesters:* <!subteam^S0REQUEST>" in shown(view)
    assert "*Approvers:* <!subteam^S0APPROVE>" in shown(view)
    guests = await opens_home(world.person("U0MIA"), "Ask a full member of this workspace")
    for seen in (view, guests):
        assert not buttons(seen)
        assert short(campaign) not in shown(seen)
