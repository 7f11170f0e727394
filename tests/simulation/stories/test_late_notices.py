"""Notices and Homes whose call got no answer, or that Slack took late: what people see last is what holds."""

import pytest

from tests.simulation.stories.home_steps import home, opens_home
from tests.simulation.stories.steps import freezes, unfreezes
from tests.stories.conftest import World
from tests.stories.person import eventually

ROOM, OTHER_ROOM = "C0OPSEMEA", "C0OPSAMER"
NOT_FROZEN = "Requests are not frozen"
FROZE, UNFROZE = "> froze all requests", "> unfroze all requests"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0ALICE,S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB"}


async def said(world: World, room: str = ROOM) -> list[str]:
    """Return what the notices in the room say, the oldest first."""
    found = sorted(await world.person("U0BOB").messages(room), key=lambda message: float(message["ts"]))
    return [event for message in found for event in (FROZE, UNFROZE) if event in message["text"]]


async def test_notice_of_a_freeze_that_arrives_late_comes_before_that_of_its_end(world: World) -> None:
    await world.fault("slack", "chat.postMessage", "delay", delay_ms=40_000, channel=ROOM, times=1)
    await freezes(world.person("U0BOB"))
    await eventually(lambda: has_said(world, FROZE, OTHER_ROOM), "the notice in another room")
    await unfreezes(world.person("U0CAROL"))

    await world.outlast(60)
    await eventually(world.has_said_all, "every message")
    assert (await said(world))[-2:] == [FROZE, UNFROZE]


async def test_end_of_a_freeze_is_not_told_during_the_next(world: World) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    await freezes(bob)
    await eventually(lambda: has_said(world, FROZE), "the notice of the first freeze")
    await world.fault("slack", "chat.postMessage", "status", status=503, channel=ROOM, text="unfroze", times=4)
    await unfreezes(carol)
    await world.outlast(4)
    await freezes(bob)

    await world.outlast(60)
    await eventually(world.has_said_all, "every message")
    assert (await said(world))[-1] == FROZE


async def has_said(world: World, event: str, room: str = ROOM) -> bool:
    return event in await said(world, room)


async def test_home_that_arrives_late_is_replaced_within_two_minutes(world: World) -> None:
    bob, carol = world.person("U0BOB"), world.person("U0CAROL")
    await opens_home(carol, NOT_FROZEN)
    await world.fault("slack", "views.publish", "delay", delay_ms=40_000, times=1)
    await freezes(bob)
    await world.outlast(5)
    await unfreezes(bob)

    await world.outlast(40)
    await home(carol, "All requests are frozen")
    await world.outlast(70)
    await home(carol, NOT_FROZEN)
