"""Practice: everything is real except what would change something at Kore.ai, and every surface says so."""

import pytest

from deletion.db.tables import archives, journal, requests
from deletion.domain.states import State
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import home, opens_home
from tests.simulation.stories.practice_steps import ROOM, SETTINGS, asks, restarts, rows, silent_surfaces, states
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, new_card, same, thread, types
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

WOULD = "would have been deleted"


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def test_whole_path_sends_no_delete_and_says_practice_everywhere(world: World, campaign: str) -> None:
    alice, bob, carol = (world.person(each) for each in ("U0ALICE", "U0BOB", "U0CAROL"))
    await opens_home(bob)
    card = await asks(world, campaign)
    assert card["text"].startswith(f"practice · `{NAME}`")
    await types(carol, "whoami")
    await types(carol, f"status {campaign}")
    assert not await approve(bob, card)

    done = await same(bob, card, WOULD)

    assert not buttons(done)
    assert "Not asked: this is practice" in shown(done["blocks"])
    assert "Still there" in shown(done["blocks"])
    for channel in ("C0CAMPAIGNS", ROOM):
        assert (await alice.reads(WOULD, channel))["text"].startswith("practice · ")
    assert all(line.startswith("practice · ") for line in await thread(world))
    await types(carol, "history")
    await types(carol, "report 1d")
    await types(carol, "help")
    await home(bob, "would have been deleted")
    assert await states(world) == [State.PRACTISED]
    assert await world.deletes() == []
    assert not await world.calls("delete")
    assert await rows(world, archives) == []
    entries = [row for row in await rows(world, journal) if row["request_id"]]
    assert {row["event"] for row in entries} >= {"requested", "approved", "attempting", "attempted", "practised"}
    assert {row["details"]["application"] for row in entries} == {"practice"}
    assert await silent_surfaces(world) == []


async def test_practised_campaign_is_not_looked_for_again_and_offers_no_rebuild(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await asks(world, campaign)
    assert not await approve(bob, card)
    await same(bob, card, WOULD)
    await eventually(world.has_said_all, "an end")
    before = len(await world.calls("get"))

    await world.outlast(2_400)

    assert len(await world.calls("get")) == before
    assert ids.REBUILD_BUTTON not in buttons(await bob.reads(WOULD, CARDS))


async def test_budget_of_practice_is_its_own(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    await restarts(world, DELETES_PER_HOUR="1", DELETES_PER_PERSON_PER_HOUR="1")
    card = await asks(world, campaign)
    assert not await approve(bob, card)
    await same(bob, card, WOULD)
    await restarts(world, PRACTICE="")

    await new_card(world, campaign)
    card = await bob.reads("is waiting for approval to be deleted.", CARDS)

    assert "One extra approval" not in shown(card["blocks"])
    assert "Second request" not in shown(card["blocks"])


async def test_crash_between_the_attempt_and_its_answer_claims_no_unknown_outcome(world: World, campaign: str) -> None:
    bob = world.person("U0BOB")
    card = await asks(world, campaign)
    engine = world.open_engine()
    assert not await approve(bob, card)
    await same(bob, card, "would be deleted next if this weren't practice")
    await world.bot.stop()
    async with engine.begin() as connection:
        begun = requests.update().values(state=State.DELETING, attempt=None, lease=None)
        await connection.execute(begun)
    await engine.dispose()
    await world.bot.start()
    await world.outlast(60)

    await same(bob, card, WOULD)
    assert await world.deletes() == []
