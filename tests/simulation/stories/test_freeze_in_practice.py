"""Holds and freezes of practice and real ones: which of them hold what, and who ends them."""

import pytest

from deletion.db.tables import journal
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.practice_steps import ROOM, SETTINGS, restarts, rows, silent_surfaces
from tests.simulation.stories.steps import CARDS, freezes, new_card, types
from tests.stories.conftest import World
from tests.stories.person import eventually, shown


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def test_real_hold_and_real_freeze_count_in_practice_and_neither_is_ended_there(
    world: World, campaign: str
) -> None:
    alice, bob, carol = (world.person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    await restarts(world, PRACTICE="")
    await types(bob, f"hold {campaign} Legal asked to keep it")
    bob.channel = CARDS
    await freezes(bob)
    await restarts(world, PRACTICE="1")

    assert "really on hold" in (await types(carol, f"release {campaign}"))["text"]
    assert strings.practice.REAL_FREEZE in (await types(carol, "unfreeze"))["text"]
    await alice.types(f"{ids.COMMAND} {campaign}")
    await alice.modal(ids.NOTICE_VIEW, "frozen")
    await restarts(world, PRACTICE="")
    await types(carol, "unfreeze")
    await restarts(world, PRACTICE="1")
    await alice.types(f"{ids.COMMAND} {campaign}")
    await alice.modal(ids.NOTICE_VIEW, "Legal asked to keep it")


async def test_hold_and_freeze_of_practice_say_so_and_the_freeze_holds_real_requests_too(
    world: World, campaign: str
) -> None:
    alice, bob, carol = (world.person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    await types(bob, f"hold {campaign} Legal asked to keep it")
    assert "is released" in (await types(carol, f"release {campaign}"))["text"]
    await types(bob, f"hold {campaign} Legal asked to keep it")
    bob.channel = CARDS
    await freezes(bob)
    assert strings.practice.FREEZE_STAYS in shown((await bob.reads("froze all requests", ROOM))["blocks"])
    await eventually(world.has_said_all, "an end")
    assert await silent_surfaces(world) == []

    await restarts(world, PRACTICE="")
    await alice.types(f"{ids.COMMAND} {campaign}")
    assert "Practice:" in shown(await alice.modal(ids.NOTICE_VIEW, "frozen"))
    await types(carol, "unfreeze")
    await new_card(world, campaign)


async def test_freeze_of_practice_is_ended_in_practice(world: World) -> None:
    bob, carol = world.person("U0BOB", CARDS), world.person("U0CAROL")
    await freezes(bob)
    assert strings.freeze.UNFROZEN[:30] in (await types(carol, "unfreeze"))["text"]
    details = [row["details"] for row in await rows(world, journal) if row["event"] in ("frozen", "unfrozen")]
    assert [each["practice"] for each in details] == ["on", "on"]
    assert await silent_surfaces(world) == []


async def test_real_freeze_replaces_one_of_practice_and_is_not_ended_in_practice(world: World) -> None:
    bob, carol = world.person("U0BOB", CARDS), world.person("U0CAROL", CARDS)
    await freezes(bob)
    await restarts(world, PRACTICE="")

    await freezes(carol)

    told = await carol.reads("<@U0CAROL> froze all requests", ROOM)
    assert "Practice" not in told["text"]
    await restarts(world, PRACTICE="1")
    assert strings.practice.REAL_FREEZE in (await types(bob, "unfreeze"))["text"]
    events = [row["event"] for row in await rows(world, journal)]
    assert events == ["frozen", "unfrozen", "frozen"]
    assert not any("unfroze" in message["text"] for message in await bob.messages(ROOM))
