"""A story that makes the bot send nearly every view and message, for the recording.

A new surface is one more chapter here: ``test_captured`` misses a view that no chapter opens.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from cryptography.fernet import Fernet

from slack_ui.parts import ids
from tests.simulation.stories.home_steps import home, opens_home
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many
from tests.simulation.stories.picker_steps import SPRING, chooses, picker, suggested
from tests.simulation.stories.steps import CARDS, NAME, approve, click, ends_undo_windows, rebuild, reject
from tests.simulation.stories.stop_steps import asks_to_stop, submits_stop
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

Chapter = Callable[[World], Awaitable[None]]
SETTINGS = {
    "APPROVALS_REQUIRED": "1", "APPROVERS": "U0ALICE,U0BOB,S0APPROVE", "UNDO_WINDOW": "10m",
    "ARCHIVE_KEY": Fernet.generate_key().decode(), "KORE_CALLS_PER_MINUTE": "10000",
}  # fmt: skip


async def ask(world: World) -> dict[str, Any]:
    """Request a new campaign's deletion as Alice and return its card."""
    alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
    return await until_card(world, campaign, "is waiting for approval to be deleted.")


async def until_card(world: World, about: str, says: str) -> dict[str, Any]:
    """Return the card of a campaign (or with this ts) once it contains this text."""

    async def look() -> dict[str, Any] | None:
        cards = await world.person("U0BOB").messages(CARDS)
        fits = [card for card in cards if about in (card["ts"], *_ids(card)) and says in card["text"]]
        return fits[0] if fits else None

    card: dict[str, Any] = await eventually(look, f"a card of {about} that says {says!r}")
    return card


async def executes(world: World, card: dict[str, Any]) -> None:
    """Let the undo window of an approved request be over once its card says that it has begun."""
    await until_card(world, card["ts"], "unless the")
    await ends_undo_windows(world)


def _ids(card: dict[str, Any]) -> list[str]:
    return [word.strip("`") for word in shown(card["blocks"]).split() if word.startswith("`cd-")]


async def invalid_input(world: World) -> None:
    """Help, a text that is no id, a campaign that can't be deleted, and wrong input."""
    alice = world.person("U0ALICE")
    for typed in ("help", "Interactive Support", "cd-00000000-f98e-5f4f-ad41-92803abb0999"):
        await alice.types(f"{ids.COMMAND} {typed}")
    await alice.modal(ids.NOTICE_VIEW)
    view = await alice.asks_to_delete(await world.fresh_campaign())
    assert await alice.submits(view, NAME.lower(), reason="too short        ")
    await alice.does("modal/close", view_id=view["id"])


async def approval(world: World) -> None:
    """A request that is approved, deleted and rebuilt; another one that is stopped in time."""
    bob = world.person("U0BOB")
    card = await ask(world)
    await click(world.person("U0ALICE"), card, ids.APPROVE_BUTTON)
    await world.person("U0ALICE").modal(ids.NOTICE_VIEW)
    assert await approve(bob, card, phrase="yes")
    await bob.does("modal/close", view_id=(await bob.modal(ids.APPROVE_VIEW))["id"])
    assert not await approve(bob, card)
    await executes(world, card)
    deleted = await until_card(world, card["ts"], "was deleted.")
    assert not await rebuild(world.person("U0ALICE"), deleted, flow="Order Status")
    again = await until_card(world, _ids(deleted)[0], "is waiting for approval")
    assert not await approve(bob, again)
    await executes(world, again)
    await until_card(world, again["ts"], "was rebuilt as a new campaign")
    card = await ask(world)
    assert not await approve(bob, card)
    await click(bob, await until_card(world, card["ts"], "will be deleted"), ids.STOP_BUTTON)
    await until_card(world, card["ts"], "the deletion was stopped in time.")


async def rejection_and_withdrawal(world: World) -> None:
    """A rejection, and a withdrawal that only the requester can make."""
    bob = world.person("U0BOB")
    card = await ask(world)
    await click(bob, card, ids.CANCEL_BUTTON)
    await reject(bob, card, "The <!channel> reports & <https://example.com|links> still count on it")
    await until_card(world, card["ts"], "the request was rejected.")
    card = await ask(world)
    await click(world.person("U0ALICE"), card, ids.CANCEL_BUTTON)
    await until_card(world, card["ts"], "was withdrawn.")


async def drift(world: World) -> None:
    """A campaign of which nearly every field changes between request and approval."""
    card = await ask(world)
    day = {"day": "SU", "start": "9:00 AM", "end": "5:00 PM"}
    await world.campaign(
        _ids(card)[0], name="*Another* & <!here>", status="Active", format="simple", contactLists=["VIP", "Press"],
        message={"message": "Hello"}, schedule={"isSchedulingEnabled": True}, updatedAt="2026-01-01T00:00:00.000Z",
        dialingStrategy={"callerId": {"phoneNumber": "+15550100"},
                         "callingHours": {"frequency": "DAILY", "timezone": "Europe/Berlin", "days": [day]}},
    )  # fmt: skip
    await click(world.person("U0BOB"), card, ids.APPROVE_BUTTON)
    await until_card(world, card["ts"], "it has changed since the request.")


async def kore_failures(world: World) -> None:
    """Kore.ai refuses, loses its answer, and confirms a deletion that did not happen."""
    troubles: list[tuple[str, dict[str, Any], str]] = [
        ("error", {"error": "Campaign is <b>active</b>"}, "was not deleted."),
        ("lost_answer", {}, "is gone."),
        ("still_there", {}, "may or may not have been deleted."),
    ]
    for kind, details, outcome in troubles:
        await world.fault("kore", "delete", kind, **details)
        card = await ask(world)
        assert not await approve(world.person("U0BOB"), card)
        await executes(world, card)
        await until_card(world, card["ts"], outcome)


async def slack_failures(world: World) -> None:
    """An unreachable channel, and a modal that Slack does not open."""
    await world.api.post("/sandbox/member", json={"channel": "C0OPSAMER", "user": "U0BOT", "in": False})
    card = await ask(world)
    assert not await approve(world.person("U0BOB"), card)
    await executes(world, card)
    await until_card(world, card["ts"], "I couldn't post this in")
    await world.fault("slack", "views.open", "error", error="expired_trigger_id")
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {await world.fresh_campaign()}")

    async def told_instead() -> bool:
        return any("type the command again" in message["text"] for message in await alice.messages())

    await eventually(told_instead, "why no modal opened")


async def search(world: World) -> None:
    """The picker by bare command, by words and by shortcut, with an unsuitable channel."""
    alice = world.person("U0ALICE")
    view = await picker(alice, containing="campaigns in Kore.ai's list")
    for typed in ("", "spring sale", "nothing like it"):
        await suggested(alice, view, typed)
    await chooses(alice, view, SPRING)
    view = await alice.modal(ids.CONFIRM_VIEW, "nearly the same name")
    await alice.does("modal/close", view_id=view["id"])
    view = await picker(alice, "spring sale", "campaigns match")
    await alice.does("modal/close", view_id=view["id"])
    await alice.does("shortcut", callback_id=ids.FIND_SHORTCUT)
    view = await alice.modal(ids.PICKER_VIEW, "campaigns in Kore.ai's list")
    assert (await chooses(alice, view, SPRING, room="C0RANDOM"))["errors"]
    await alice.does("modal/close", view_id=view["id"])


async def many(world: World) -> None:
    """A list of two campaigns: chosen, confirmed, rejected; another one that is approved and deleted."""
    bob, made = world.person("U0BOB"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))
    await click(bob, card, ids.LIST_REJECT_BUTTON)
    form = await bob.modal(ids.LIST_REJECT_VIEW)
    reason = {ids.REASON_BLOCK: {ids.REASON_INPUT: "They are needed until <!here> Friday"}}
    assert not (await bob.does("modal/submit", view_id=form["id"], values=reason)).get("errors")
    await card_says(bob, card, "2 rejected")
    again = await requests_many(world, list(made.values()))
    await approves_many(bob, again, 1, struck=("Zebra",))
    await executes(world, again)
    await card_says(bob, again, "1 of 2 deleted, 1 struck")


async def stop(world: World) -> None:
    """A running campaign that is stopped and deleted, and one that is only stopped."""
    alice, bob, campaign = world.person("U0ALICE"), world.person("U0BOB"), await world.fresh_campaign()
    await world.campaign(campaign, status="Active")
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
    card = await until_card(world, campaign, "is waiting for approval to be stopped and deleted.")
    assert not await approve(bob, card)
    await executes(world, card)
    await until_card(world, card["ts"], "was stopped and deleted.")
    kept = await world.fresh_campaign()
    await world.campaign(kept, status="Active")
    form = await asks_to_stop(bob, kept)
    assert not await submits_stop(bob, form, reason="It sends to the wrong <!here> list")
    await bob.reads("was stopped.")


async def freeze(world: World) -> None:
    """A freeze while a request waits, on the card, in the channels and on an open Home; then its end."""
    bob, card = world.person("U0BOB"), await ask(world)
    await opens_home(bob, f"…{_ids(card)[0][-4:]}")
    await bob.types(f"{ids.COMMAND} freeze The wrong <!here> list was loaded")
    await until_card(world, card["ts"], "All requests are frozen")
    await home(bob, "All requests are frozen")
    await bob.types(f"{ids.COMMAND} unfreeze")
    await until_card(world, card["ts"], "is waiting for approval to be deleted. Requested by <@U0ALICE>.")
    await home(bob, "Requests are not frozen")


async def status_and_history(world: World) -> None:
    """Replies to ``status`` and ``history``: lists and single requests."""
    bob = world.person("U0BOB", CARDS)
    for typed in ("status", "history", "history <@U0ALICE|alice>", "history 7d", "status cd-00000000-f98e"):
        await bob.types(f"{ids.COMMAND} {typed}")
    await world.person("U0DAN").does("home")


CHAPTERS: tuple[Chapter, ...] = (
    invalid_input, approval, rejection_and_withdrawal, search, many, stop, freeze, status_and_history, drift,
    kore_failures, slack_failures,
)  # fmt: skip
