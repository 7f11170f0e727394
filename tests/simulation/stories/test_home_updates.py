"""The Home tab follows what changes elsewhere, keeps its pages, and stops updating after eight hours."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from deletion.db.tables import homes
from deletion.domain.clock import now
from deletion.engine.workflow_ids import HOMES_EVERY_SECONDS
from deletion.stores.home_store import FOLLOWS_FOR
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import around, home, opens_home, presses, short
from tests.simulation.stories.steps import NAME, buttons, click, request_deletion
from tests.simulation.stories.stored_requests import long_ago
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "60s"}
REMEMBERED_SECONDS = 5


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


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
