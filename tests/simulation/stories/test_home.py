"""The Home tab of requesters, approvers and others, while requests change elsewhere."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from deletion.db.tables import homes
from deletion.domain.clock import now
from deletion.engine.workflow_ids import HOMES_EVERY_SECONDS
from deletion.stores.home_store import FOLLOWS_FOR
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import home, opens_home, presses, short
from tests.simulation.stories.steps import CARDS, NAME, buttons, click, reject, request_deletion
from tests.simulation.stories.stored_requests import long_ago
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "60s"}
REMEMBERED_SECONDS = 5


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


def around(
    view: dict[str, Any], campaign: str, section: str = strings.lookup_and_home.HOME_ENDED
) -> tuple[str, set[str]]:
    """Return a request's line in a section and the buttons under it."""
    titled = [block.get("text", {}).get("text", "") if block["type"] == "header" else "" for block in view["blocks"]]
    start = next(n for n, title in enumerate(titled) if title.startswith(section))
    end = next((n for n, title in enumerate(titled) if title and n > start), len(titled))
    part = view["blocks"][start:end]
    place = next(n for n, block in enumerate(part) if block["type"] == "rich_text" and short(campaign) in shown(block))
    below: dict[str, Any] = part[place + 1] if place + 1 < len(part) else {"type": ""}
    elements = below["elements"] if below["type"] == "actions" else []
    return shown(part[place]), {element["action_id"] for element in elements}


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


async def test_home_hides_requests_at_next_change_after_rights_are_lost(world: World, campaign: str) -> None:
    carol = world.person("U0CAROL")
    card = await request_deletion(world, campaign)
    await opens_home(carol, short(campaign))
    await world.api.post("/sandbox/group", json={"group": "S0APPROVE", "user": "U0CAROL", "in": False})
    await world.outlast(REMEMBERED_SECONDS)

    await click(world.person("U0ALICE"), card, ids.CANCEL_BUTTON)

    view = await home(carol, "You're neither a requester nor an approver")
    assert short(campaign) not in shown(view)
    assert not buttons(view)


async def test_paging_one_home_list_keeps_the_others(world: World, campaign: str) -> None:
    await long_ago(world, 12)
    await request_deletion(world, campaign)
    carol, ended = world.person("U0CAROL"), f"{ids.PAGER_BLOCK}.ended"
    view = await opens_home(carol, short(campaign))
    pages = [old_ones(view)]
    while ids.HOME_ON_BUTTON in actions_of(view, ended):
        where = {"view_id": view["id"], "block_id": ended, "action_id": ids.HOME_ON_BUTTON}
        assert (await carol.does("modal/action", **where))["delivered"]
        view = await another_than(carol, pages[-1])
        pages.append(old_ones(view))
        assert short(campaign) in shown(view)

    assert sorted(number for page in pages for number in page) == list(range(12))


async def test_home_page_stays_when_update_arrives(world: World, campaign: str) -> None:
    await long_ago(world, 12)
    carol, ended = world.person("U0CAROL"), f"{ids.PAGER_BLOCK}.ended"
    view = await opens_home(carol)
    await world.fault("slack", "views.publish", "delay", delay_ms=3_000)
    await request_deletion(world, campaign)
    await eventually(lambda: no_fault(world), "that the Home follows")
    where = {"view_id": view["id"], "block_id": ended, "action_id": ids.HOME_ON_BUTTON}
    assert (await carol.does("modal/action", **where))["delivered"]
    turned = old_ones(await another_than(carol, old_ones(view)))
    await world.outlast(5)
    assert old_ones((await carol.sees())["home"]) == turned


async def no_fault(world: World) -> bool:
    return not (await world.api.get("/sandbox/faults")).json()


def old_ones(view: dict[str, Any]) -> list[int]:
    return [number for number in range(12) if f" Old campaign {number} " in shown(view)]


async def another_than(person: Person, before: list[int]) -> dict[str, Any]:
    """Return the next page; an update may show the current one again before it."""

    async def look() -> dict[str, Any] | None:
        view: dict[str, Any] = (await person.sees())["home"]
        return view if old_ones(view) != before else None

    view: dict[str, Any] = await eventually(look, "another page")
    return view


def actions_of(view: dict[str, Any], block_id: str) -> set[str]:
    rows = [block["elements"] for block in view["blocks"] if block["block_id"] == block_id]
    return {element["action_id"] for row in rows for element in row}


async def test_home_of_the_user_who_acts_is_redrawn_before_the_others(world: World, campaign: str) -> None:
    alice, carol = world.person("U0ALICE"), world.person("U0CAROL")
    for person in (alice, carol):
        await opens_home(person)
    clock = asyncio.get_running_loop().time

    await request_deletion(world, campaign)
    asked_at = clock()
    await home(alice, short(campaign))
    assert clock() - asked_at < HOMES_EVERY_SECONDS
    view = await home(carol, short(campaign))
    assert clock() - asked_at >= HOMES_EVERY_SECONDS

    await presses(alice, campaign, ids.CANCEL_BUTTON)
    withdrawn_at = clock()
    view = await home(alice, "deletion withdrawn")
    assert clock() - withdrawn_at < HOMES_EVERY_SECONDS
    assert around(view, campaign)[1] == set()


async def test_slack_errors_only_delay_home(world: World, campaign: str) -> None:
    carol = world.person("U0CAROL")
    await opens_home(carol)
    await world.fault("slack", "views.publish", "rate_limit", times=2, retry_after_seconds=1)
    await request_deletion(world, campaign)
    await home(carol, short(campaign))


async def test_reopened_home_shows_same_content(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    await request_deletion(world, campaign)
    await opens_home(alice, short(campaign))
    assert (await world.api.post("/sandbox/delivery", json={"again": True})).json() == {"delivered": True}
    assert NAME in shown(await home(alice, short(campaign)))


@pytest.mark.parametrize("unanswered", [0, 1], ids=["at once", "at the second try"])
async def test_home_stops_updating_after_eight_hours_until_refreshed(
    world: World, campaign: str, unanswered: int
) -> None:
    carol = world.person("U0CAROL")
    await request_deletion(world, campaign)
    await opens_home(carol, short(campaign))
    if unanswered:
        await world.fault("slack", "views.publish", "status", status=503, times=unanswered)
    engine, long_ago = world.open_engine(), now() - FOLLOWS_FOR - timedelta(minutes=1)
    async with engine.begin() as connection:
        await connection.execute(homes.update().values(opened_at=long_ago, shown_at=long_ago))
    await engine.dispose()

    view = await home(carol, "This tab stopped updating")
    assert short(campaign) not in shown(view)
    (row,) = [block for block in view["blocks"] if block["type"] == "actions"]
    where = {"view_id": view["id"], "block_id": row["block_id"], "action_id": ids.HOME_SHOW_BUTTON}
    assert (await carol.does("modal/action", **where))["delivered"]
    await home(carol, short(campaign))


async def test_home_reports_kore_outage(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    await world.fault("kore", "get", "status", status=503, times=None)
    await alice.types(f"{ids.COMMAND} {campaign}")
    await alice.modal(ids.NOTICE_VIEW, "The campaign couldn't be read")
    await opens_home(world.person("U0CAROL"), "*Kore.ai has given no usable answer* since <!date")
