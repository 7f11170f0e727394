"""Requests before, during and after practice: a practised one deletes nothing later, and a real one waits."""

import pytest

from deletion.db.tables import requests
from deletion.domain.execution_check import PRACTICE_OVER
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import opens_home
from tests.simulation.stories.practice_steps import SETTINGS, asks, restarts, rows, states
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, click, ephemerals, new_card, same, types
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def test_open_practice_request_is_closed_after_practice_and_its_approval_is_void(
    world: World, campaign: str
) -> None:
    bob = world.person("U0BOB")
    world.bot.settings["UNDO_WINDOW"] = "1h"
    await restarts(world)
    approved = await asks(world, campaign)
    assert not await approve(bob, approved)
    await same(bob, approved, "would be deleted next if this weren't practice")
    waiting = await new_card(world, await world.fresh_campaign())

    await restarts(world, PRACTICE="")

    for card in (approved, waiting):
        closed = await same(bob, card, "was not deleted.")
        assert closed["text"].startswith("practice · ")
        assert PRACTICE_OVER in shown(closed["blocks"])
        assert not buttons(closed)
    await world.outlast(3_700)
    assert await world.deletes() == []
    assert await states(world) == [State.FAILED, State.FAILED]


async def test_real_request_waits_untouched_during_practice_and_goes_on_afterwards(world: World, campaign: str) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    await restarts(world, PRACTICE="", UNDO_WINDOW="1m")
    waiting, approved = await new_card(world, await world.fresh_campaign()), await new_card(world, campaign)
    assert not await approve(bob, approved)
    await same(bob, approved, "will be deleted unless the deletion is stopped.")
    await world.outlast(10)
    before = await rows(world, requests)
    shown_before = [message for message in await bob.messages(CARDS) if not message["ephemeral"]]
    await opens_home(bob)

    await restarts(world, PRACTICE="on")
    await world.outlast(600)
    await click(bob, waiting, ids.APPROVE_BUTTON)
    await eventually(lambda: _told(bob, strings.practice.REAL_REQUEST[1]), "that the request is real")
    view = await opens_home(bob, strings.practice.HOME_REAL)
    for asked in ("status", "history me", f"status {NAME}"):
        assert strings.practice.HOME_REAL in (await types(bob if asked != "history me" else alice, asked))["text"], (
            asked
        )

    assert ids.APPROVE_BUTTON not in shown(view)
    assert await world.deletes() == []
    assert await rows(world, requests) == before
    assert [message for message in await bob.messages(CARDS) if not message["ephemeral"]] == shown_before
    await restarts(world, PRACTICE="0")
    assert "practice" not in (await same(bob, approved, "was deleted."))["text"]
    assert await world.deletes() == [campaign]
    assert not await approve(bob, await same(bob, waiting, "is waiting for approval to be deleted."))
    await same(bob, waiting, "was deleted.")
    assert "practice" not in shown(await opens_home(alice))


async def test_late_message_of_a_real_deletion_offers_its_rebuild_although_practice_sends_it(
    world: World, campaign: str
) -> None:
    bob = world.person("U0BOB")
    await restarts(world, PRACTICE="")
    await new_card(world, campaign)
    card = await bob.reads("is waiting for approval to be deleted.", CARDS)
    assert not await approve(bob, card)
    await same(bob, card, "will be deleted unless the deletion is stopped.")
    await world.fault("slack", "chat.update", "error", error="internal_error", times=None)
    await eventually(lambda: _are(world, State.DELETED), "the deletion")
    await world.bot.stop()
    await world.api.delete("/sandbox/faults")

    await restarts(world, PRACTICE="on")

    done = await same(bob, card, "was deleted.")
    assert buttons(done) == {ids.REBUILD_BUTTON}
    await click(bob, done, ids.REBUILD_BUTTON)
    await eventually(lambda: _told(bob, strings.practice.REAL_REQUEST[1]), "that the request is real")


async def _are(world: World, *expected: State) -> bool:
    return await states(world) == [*expected]


async def _told(person: Person, text: str) -> bool:
    person.channel = CARDS
    return any(text in message["text"] for message in await ephemerals(person))


async def test_form_that_was_opened_in_practice_records_no_real_request(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await restarts(world, PRACTICE="")

    await alice.submits(view, NAME)

    assert shown(strings.modals.PREVIEW_LOST[0]) in shown(await alice.modal(ids.NOTICE_VIEW))
    assert await states(world) == []
