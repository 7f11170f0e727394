"""Open a user's Home, read it, and press its buttons."""

from typing import Any

from slack_ui import strings
from tests.stories.person import Person, eventually, shown


def short(campaign_id: str) -> str:
    """Return how a line names a campaign."""
    return f"…{campaign_id[-4:]}"


async def opens_home(person: Person, containing: str = "As of") -> dict[str, Any]:
    assert (await person.does("home"))["delivered"]
    return await home(person, containing)


async def home(person: Person, containing: str) -> dict[str, Any]:
    """Return the user's Home once it contains this text."""

    async def look() -> dict[str, Any] | None:
        view = (await person.sees())["home"]
        return view if view and containing in shown(view) else None

    try:
        found: dict[str, Any] = await eventually(look, f"a Home with {containing!r}")
    except AssertionError as never:
        raise AssertionError(f"{never}, but {shown((await person.sees())['home'])}") from None
    return found


async def presses(person: Person, campaign: str, button: str) -> None:
    """Press a button of a campaign's request in the user's Home."""
    view = (await person.sees())["home"]
    for n, block in enumerate(view["blocks"]):
        ids_here = {element["action_id"] for element in block.get("elements", []) if "action_id" in element}
        if button in ids_here and short(campaign) in shown(view["blocks"][n - 1]):
            where = {"view_id": view["id"], "block_id": block["block_id"], "action_id": button}
            assert (await person.does("modal/action", **where))["delivered"]
            return
    raise AssertionError(f"no {button} for {campaign} in {shown(view)}")


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
