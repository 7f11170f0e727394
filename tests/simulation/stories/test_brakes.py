"""Freeze and budget, across crashes and restarts."""

import signal
from datetime import datetime, timedelta

import pytest

from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.stores.freeze_store import FreezeStore
from slack_ui import strings
from slack_ui.parts import ids
from tests.deletion.values import freeze
from tests.simulation.stories.steps import (
    CARDS,
    NAME,
    WHY,
    approve,
    buttons,
    click,
    freezes,
    new_card,
    reject,
    request_deletion,
    same,
    unfreezes,
)
from tests.simulation.world import open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0ALICE,S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB"}
ROOMS = ("C0APPROVALS", "C0OPSEMEA", "C0OPSAMER", "C0CAMPAIGNS")
UNDO_SECONDS = 3


@pytest.fixture
def settings() -> dict[str, str]:
    return {**SETTINGS, "UNDO_WINDOW": str(UNDO_SECONDS)}


async def once_in_every_room(world: World, said: str) -> None:
    for room in ROOMS:
        await world.person("U0BOB").reads(said, room)
        told = [message for message in await world.person("U0BOB").messages(room) if said in message["text"]]
        assert len([message for message in told if not message["ephemeral"]]) == 1, room


async def test_freeze_survives_crash_and_requests_continue_after_it(world: World) -> None:
    alice, bob, carol = (world.person(user) for user in ("U0ALICE", "U0BOB", "U0CAROL"))
    deleted, waiting, rejected, asked = [await world.fresh_campaign() for _ in range(4)]
    to_reject, to_wait = await new_card(world, rejected), await new_card(world, waiting)
    to_delete = await new_card(world, deleted)
    form = await alice.asks_to_delete(asked)
    assert not await approve(bob, to_delete)
    await click(carol, to_wait, ids.APPROVE_BUTTON)
    asking = await carol.modal(ids.APPROVE_VIEW)

    await freezes(bob)

    await once_in_every_room(world, "> froze all requests")
    frozen = await same(bob, to_wait, "All requests are frozen. Frozen by <@U0BOB>")
    assert WHY in shown(frozen["blocks"])
    assert buttons(frozen) == {ids.REJECT_BUTTON, ids.CANCEL_BUTTON}
    held = buttons(await same(bob, to_delete, "is approved for deletion, but all"))
    assert held == {ids.STOP_BUTTON, ids.WITHDRAW_APPROVAL_BUTTON}
    phrase = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: "Campaign"}}
    await carol.does("modal/submit", view_id=asking["id"], values=phrase)
    await carol.modal(ids.NOTICE_VIEW, "All requests are frozen. Frozen by <@U0BOB>")
    errors = await alice.submits(form, NAME)
    assert WHY in errors[ids.PHRASE_BLOCK]
    await alice.does("modal/close", view_id=form["id"], all=True)
    await alice.types(f"{ids.COMMAND} {await world.fresh_campaign()}")
    await alice.modal(ids.NOTICE_VIEW, "Frozen by <@U0BOB> <!date^")
    await bob.types(f"{ids.COMMAND} freeze {WHY}, I said")
    await bob.reads_privately("all requests are already frozen", bob.channel)
    await reject(carol, await same(bob, to_reject, "All requests are frozen"), "It is needed until Friday")
    await same(bob, to_reject, "the request was rejected.")

    await world.bot.stop(signal.SIGKILL)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")
    await world.outlast(UNDO_SECONDS)
    assert not await world.deletes()
    await same(bob, to_wait, "All requests are frozen")

    await unfreezes(carol)

    await once_in_every_room(world, "> unfroze all requests")
    await once_in_every_room(world, "> froze all requests")
    await same(bob, to_delete, "was deleted.")
    reopened = await same(bob, to_wait, "is waiting for approval to be deleted. Requested by <@U0ALICE>.")
    assert ids.APPROVE_BUTTON in buttons(reopened)
    assert not await approve(carol, to_wait)
    await same(bob, to_wait, "was deleted.")
    assert await world.deletes() == [deleted, waiting]
    await bob.types(f"{ids.COMMAND} unfreeze")
    await bob.reads_privately(strings.freeze.NOT_FROZEN, bob.channel)


async def test_freeze_requires_approver_and_takes_its_reason_later(world: World) -> None:
    dan, bob = world.person("U0DAN"), world.person("U0BOB")
    card = await new_card(world, await world.fresh_campaign())
    for word in (f"freeze {WHY}", "unfreeze", "stop"):
        await dan.types(f"{ids.COMMAND} {word}")
    await dan.reads_privately("Only approvers can freeze all requests: <", dan.channel)
    assert "frozen" not in card["text"]

    await bob.types(f"{ids.COMMAND} *FREEZE*")
    await bob.reads_privately(strings.freeze.ASK_REASON[:20], bob.channel)
    frozen = await same(bob, card, "All requests are frozen")
    assert strings.freeze.NO_REASON in shown(frozen["blocks"]).lower()
    await bob.reads(strings.freeze.NO_REASON, "C0OPSEMEA")

    later = "Its list was for another country"
    await bob.types(f"{ids.COMMAND} freeze: {later}")
    await bob.reads_privately(strings.freeze.REASON_GIVEN[:30], bob.channel)
    await bob.reads(later, "C0OPSEMEA")

    async def has_reason() -> bool:
        return later in shown((await same(bob, card, "All requests are frozen"))["blocks"])

    await eventually(has_reason, "the reason on the card")
    await unfreezes(bob)


async def test_freeze_works_in_any_channel_and_unfreeze_only_where_bot_is_member(
    world: World,
) -> None:
    alice = world.person("U0ALICE", "C0RANDOM")  # the bot is not a member
    await freezes(alice)
    await alice.reads("I couldn't tell <#C0RANDOM> that you froze all requests.", "D0ALICE")
    await alice.types(f"{ids.COMMAND} unfreeze")
    await alice.reads_privately("/invite @Campaign Delete", "C0RANDOM")
    await world.api.post("/sandbox/channel", json={"channel": "C0CAMPAIGNS", "is_ext_shared": True})
    here = world.person("U0ALICE")
    await here.types(f"{ids.COMMAND} unfreeze")
    await here.reads_privately("People of another organization are in the channel", here.channel)
    await world.api.post("/sandbox/channel", json={"channel": "C0CAMPAIGNS", "is_ext_shared": False})
    await unfreezes(here)


async def test_no_delete_is_sent_after_freeze_is_confirmed(world: World) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    cards = [await new_card(world, await world.fresh_campaign()) for _ in range(4)]
    await world.release_rate_limit()
    await world.fault("kore", "delete", "delay", delay_ms=5_000, times=None)
    for card in cards[:2]:
        assert not await approve(bob, card)
    begun = await eventually(world.deletes, "a first delete")
    for card in cards[2:]:  # still in their undo window when the freeze begins
        assert not await approve(bob, card)

    await bob.types(f"{ids.COMMAND} freeze {WHY}")
    await bob.reads_privately(strings.freeze.FROZEN[:45], bob.channel)
    answered_at = now()

    before = (await world.api.get("/sandbox/kore/deletes")).json()
    await bob.reads_privately("these had already started and can't be recalled: `", bob.channel)
    await world.outlast(UNDO_SECONDS)
    after = (await world.api.get("/sandbox/kore/deletes")).json()
    assert begun
    assert after == before
    assert len(before) < len(cards)
    assert all(datetime.fromisoformat(delete["at"]) < answered_at for delete in after)
    await world.api.delete("/sandbox/faults")
    await world.release_rate_limit()
    await unfreezes(bob)
    for card in cards:
        await same(alice, card, "was deleted.")


async def test_unannounced_freeze_is_announced_after_restart() -> None:
    async with open_simulated_world(KORE_API_VERSION="v2", **SETTINGS) as world:
        bob, card = world.person("U0BOB"), await request_deletion(world, await world.fresh_campaign())
        await eventually(world.has_said_all, "an end of what was begun")  # otherwise the card could be posted twice
        await world.bot.stop(signal.SIGKILL)
        engine = world.open_engine()
        frozen = freeze(frozen_at=now() - timedelta(minutes=1), reason=WHY)
        entry = Entry(at=frozen.frozen_at, event="frozen", actor_id="U0BOB", surface="command")
        assert await FreezeStore(engine).freeze(frozen, entry, ROOMS)
        await engine.dispose()

        await world.bot.start()
        await eventually(world.is_connected, "the bot connected again")

        await once_in_every_room(world, "> froze all requests")
        await same(bob, card, "All requests are frozen")
        await unfreezes(bob)


async def test_extra_approval_is_required_over_hourly_limit() -> None:
    budget = {"DELETES_PER_HOUR": "1", "UNDO_WINDOW": "0"}
    async with open_simulated_world(**SETTINGS, **budget) as world:
        bob, carol, campaign = world.person("U0BOB"), world.person("U0CAROL"), await world.fresh_campaign()
        first, second = await new_card(world, await world.fresh_campaign()), await new_card(world, campaign)
        assert ": 0 (limit 1)" in shown(second["blocks"])
        assert not await approve(bob, first)
        await same(bob, first, "was deleted.")

        assert not await approve(bob, second)
        grown = await same(bob, second, "1 of 2 approvals: <@U0BOB>")
        assert "One extra approval is required" in grown["text"]
        await bob.reads("<@U0BOB> approved. One extra approval is required", CARDS)
        third = await new_card(world, await world.fresh_campaign())
        assert "0 of 2 approvals" in third["text"]

        assert not await approve(carol, second)
        await same(bob, second, "was deleted.")


async def test_without_approvers_request_over_hourly_limit_is_refused() -> None:
    alone = {"APPROVALS_REQUIRED": "0", "APPROVERS": "", "DELETES_PER_PERSON_PER_HOUR": "1"}
    async with open_simulated_world(**{**SETTINGS, **alone}) as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        form = await alice.asks_to_delete(await world.fresh_campaign())
        second = await world.fresh_campaign()
        assert not await alice.submits(form, NAME)
        await alice.reads("was deleted.")
        await alice.types(f"{ids.COMMAND} {second}")
        said = shown((await alice.modal(ids.NOTICE_VIEW, "The hourly limit has been reached"))["blocks"])
        assert "You can try again <!date^" in said
        assert "`DELETES_PER_PERSON_PER_HOUR`" in said
        view = await bob.asks_to_delete(second)
        assert view["submit"]["text"] == strings.modals.MODAL_SUBMIT


async def test_freeze_is_said_before_anything_is_picked(world: World) -> None:
    bob, alice = world.person("U0BOB"), world.person("U0ALICE")
    await freezes(bob)
    for typed in (ids.COMMAND, f"{ids.COMMAND} interactive support"):
        await alice.types(typed)
        view = await alice.modal(ids.NOTICE_VIEW, "All requests are frozen")
        assert WHY in shown(view)
        await alice.does("modal/close", view_id=view["id"], all=True)
