"""Practice: everything is real except what would change something at Kore.ai, and every surface says so."""

import json
from typing import Any

import pytest

from deletion.db.tables import archives, journal, requests
from deletion.domain.execution_check import PRACTICE_OVER
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import home, opens_home
from tests.simulation.stories.steps import (
    CARDS,
    NAME,
    approve,
    buttons,
    click,
    ephemerals,
    freezes,
    new_card,
    same,
    thread,
    types,
)
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown

WOULD = "would have been deleted"
WAITS = "is waiting for approval, in practice."
ROOM = "C0OPSEMEA"
SAID_IN = ("chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.update", "views.publish")


@pytest.fixture
def settings() -> dict[str, str]:
    return {
        "PRACTICE": "1",
        "APPROVALS_REQUIRED": "1",
        "APPROVERS": "S0APPROVE",
        "REQUESTERS": "S0REQUEST",
        "OPS_ROOMS": ROOM,
        "UNDO_WINDOW": "10s",
        "ARCHIVE_KEY": "Ym90J3MgYXJjaGl2ZSBrZXkgZm9yIHByYWN0aWNlISE=",
    }


async def restarts(world: World, **changed: str) -> None:
    await world.bot.stop()
    world.bot.settings.update(changed)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


async def rows(world: World, table: Any) -> list[dict[str, Any]]:
    engine = world.open_engine()
    async with engine.connect() as connection:
        found = [dict(row) for row in (await connection.execute(table.select())).mappings()]
    await engine.dispose()
    return found


async def states(world: World) -> list[str]:
    return [row["state"] for row in await rows(world, requests)]


async def silent_surfaces(world: World) -> list[str]:
    """Return what Slack got from the bot without the word: calls, acknowledgements, and what people see of it."""
    traffic = (await world.api.get("/sandbox/traffic")).json()
    sent = [(each["what"], json.dumps(each["request"])) for each in traffic if each["what"] in SAID_IN]
    sent += [
        (each["what"], json.dumps(each["response"]))
        for each in traffic
        if each["direction"] == "to_bot" and "view" in (each["response"] or {})
    ]
    for user_id in ("U0ALICE", "U0BOB", "U0CAROL"):
        seen = (await world.person(user_id).sees())["messages"]
        sent += [(user_id, json.dumps(each)) for told in seen.values() for each in told if each["user"] == "U0BOT"]
    assert sent
    return [f"{what}: {said}" for what, said in sent if "practice" not in said.lower()]


async def asks(world: World, campaign: str) -> dict[str, Any]:
    """Request a deletion as Alice, in practice, and return the card."""
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
    return await world.person("U0BOB").reads(WAITS, CARDS)


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
