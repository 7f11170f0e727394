"""Open the picker, search in it, and choose a campaign."""

from typing import Any

from sandbox.kore.seed import campaigns
from slack_ui.parts import ids
from tests.stories.person import Person

SEEDED = {raw["name"]: raw["_id"] for raw in reversed(campaigns())}
SPRING = SEEDED["Spring Sale Reminder"]


async def picker(person: Person, typed: str = "", containing: str = "") -> dict[str, Any]:
    await person.types(f"{ids.COMMAND} {typed}".strip())
    return await person.modal(ids.PICKER_VIEW, containing)


async def suggested(person: Person, view: dict[str, Any], query: str) -> dict[str, Any]:
    where = {"block_id": ids.CAMPAIGN_BLOCK, "action_id": ids.CAMPAIGN_SELECT}
    found = await person.does("suggest", view_id=view["id"], query=query, **where)
    assert "error" not in found
    return found


async def options(person: Person, view: dict[str, Any], query: str) -> list[str]:
    return [option["text"]["text"] for option in (await suggested(person, view, query))["options"]]


async def chooses(person: Person, view: dict[str, Any], campaign_id: str, room: str | None = None) -> dict[str, Any]:
    option = {"text": {"type": "plain_text", "text": "chosen"}, "value": campaign_id}
    values = {ids.CAMPAIGN_BLOCK: {ids.CAMPAIGN_SELECT: {"selected_option": option}}}
    if room:
        values[ids.ROOM_BLOCK] = {ids.ROOM_SELECT: {"selected_conversation": room}}  # type: ignore[dict-item]  # an id
    return await person.does("modal/submit", view_id=view["id"], values=values)


def end_of(name: str) -> str:
    return f"{name} · …{SEEDED[name][-4:]}"
