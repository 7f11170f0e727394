"""Choose many campaigns, confirm, approve and watch a list."""

import re
from typing import Any

from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, click
from tests.stories.conftest import World
from tests.stories.person import REASON, Person, eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0ALICE,S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "2s"}
MANY_CALLS = {"KORE_CALLS_PER_MINUTE": "600"}  # see ``allow_many_calls``
# Names unlike each other: where a campaign outside the list has a similar name, the form asks for the ids.
ANIMALS = (
    "Otter", "Zebra", "Flamingo", "Hedgehog", "Crocodile", "Wombat", "Jaguar", "Pelican", "Buffalo", "Lynx",
    "Tortoise", "Kingfisher", "Armadillo", "Quokka", "Nightingale", "Vulture", "Ibex", "Dolphin", "Sparrow", "Yak",
)  # fmt: skip


async def allow_many_calls(world: World) -> World:
    """Let Kore.ai allow as many calls as ``MANY_CALLS`` does, so that no list waits for minutes."""
    await world.api.post("/sandbox/kore/limit", json={"calls": 600, "seconds": 60})
    return world


async def campaigns(world: World, count: int) -> dict[str, str]:
    """Create so many campaigns and return their ids by name."""
    made = {}
    for number, animal in enumerate(ANIMALS[:count], start=1):
        name, campaign_id = f"{animal} {animal[::-1]} farewell", f"cd-{number:08x}-f98e-5f4f-ad41-92803abb{number:04x}"
        await creates(world, campaign_id, name)
        made[name] = campaign_id
    return made


async def creates(world: World, campaign_id: str, name: str) -> None:
    """Create a campaign that differs from the first seeded one in its name alone."""
    seeded = (await world.api.get("/sandbox/kore/campaigns")).json()[0]
    fields = {key: value for key, value in seeded.items() if key not in ("_id", "id", "deleted", "name")}
    await world.campaign(campaign_id, **fields, name=name)


async def chooses_many(person: Person, campaign_ids: list[str], typed: str = "") -> dict[str, Any]:
    """Choose campaigns in the picker of a list, and return the confirm modal."""
    await person.types(f"{ids.COMMAND} many {typed}".strip())
    view = await person.modal(ids.LIST_PICKER_VIEW)
    options = [{"text": {"type": "plain_text", "text": "chosen"}, "value": each} for each in campaign_ids]
    values = {ids.CAMPAIGNS_BLOCK: {ids.CAMPAIGNS_SELECT: {"selected_options": options}}}
    said = await person.does("modal/submit", view_id=view["id"], values=values)
    assert not said.get("errors"), said
    return await person.modal(ids.LIST_CONFIRM_VIEW)


async def confirms(
    person: Person, view: dict[str, Any], count: int | str, phrase: str = "farewell", id_ends: str = ""
) -> dict[str, str]:
    """Submit the confirm modal of a list and return its errors."""
    values = {
        ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
        ids.COUNT_BLOCK: {ids.COUNT_INPUT: str(count)},
        ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: phrase},
        ids.ID_END_BLOCK: {ids.ID_END_INPUT: id_ends},
    }
    said = await person.does("modal/submit", view_id=view["id"], values=values)
    errors: dict[str, str] = said.get("errors") or {}
    return errors


async def requests_many(world: World, campaign_ids: list[str]) -> dict[str, Any]:
    """Request a list as Alice and return its card.

    On a busy machine the bot may not have read all names in time: it asks for ids, or to start again.
    """
    alice = world.person("U0ALICE")
    view = await chooses_many(alice, campaign_ids)
    while errors := await confirms(alice, view, len(campaign_ids), id_ends=_asked_ends(view, campaign_ids)):
        assert "start again" in errors.get(ids.PHRASE_BLOCK, ""), errors
        view = await chooses_many(alice, campaign_ids)
    return await world.person("U0BOB").reads(f"{_count(len(campaign_ids))} are waiting for approval", CARDS)


async def opens_approval(person: Person, card: dict[str, Any]) -> dict[str, Any]:
    await click(person, card, ids.LIST_APPROVE_BUTTON)
    return await person.modal(ids.LIST_APPROVE_VIEW)


async def submits_approval(
    person: Person, view: dict[str, Any], count: int, struck: tuple[str, ...] = ()
) -> dict[str, str]:
    """Submit the approve modal of a list, with the named campaigns struck, and return its errors."""
    select = next(block for block in view["blocks"] if block.get("block_id") == ids.STRUCK_BLOCK)["element"]
    options = [each for each in select["options"] if any(name in each["text"]["text"] for name in struck)]
    values = {
        ids.STRUCK_BLOCK: {ids.STRUCK_SELECT: {"selected_options": options}},
        ids.COUNT_BLOCK: {ids.COUNT_INPUT: str(count)},
    }
    said = await person.does("modal/submit", view_id=view["id"], values=values)
    errors: dict[str, str] = said.get("errors") or {}
    return errors


async def approves_many(person: Person, card: dict[str, Any], count: int, struck: tuple[str, ...] = ()) -> None:
    assert not await submits_approval(person, await opens_approval(person, card), count, struck)


def rows(message: dict[str, Any]) -> dict[str, str]:
    """Return what became of each campaign, by name, from the table of a message."""
    table = next(block for block in message["blocks"] if block["type"] == "table")
    cells = [[cell["text"] for cell in row] for row in table["rows"][1:]]
    return {row[0].split(" · ")[0]: row[-1] for row in cells}


async def card_says(person: Person, card: dict[str, Any], said: str) -> dict[str, Any]:
    """Return the same card once it shows ``said``."""

    async def look() -> dict[str, Any] | None:
        found = (each for each in await person.messages(CARDS) if each["ts"] == card["ts"])
        return next((each for each in found if said in each["text"] or said in shown(each["blocks"])), None)

    try:
        found: dict[str, Any] = await eventually(look, f"{said!r} on the card")
    except AssertionError as never:
        last = next(each for each in await person.messages(CARDS) if each["ts"] == card["ts"])
        raise AssertionError(f"{never}, but {last['text']} {rows(last)}") from None
    return found


def _asked_ends(view: dict[str, Any], campaign_ids: list[str]) -> str:
    """Return the ends of the ids that the confirm modal asks for."""
    labels = [shown(block["label"]) for block in view["blocks"] if block.get("block_id") == ids.ID_END_BLOCK]
    numbers = re.findall(r"[0-9]+", "".join(labels).partition("campaigns")[2])
    return " ".join(campaign_ids[int(number) - 1][-4:] for number in numbers)


def _count(count: int) -> str:
    return "1 campaign" if count == 1 else f"{count} campaigns"
