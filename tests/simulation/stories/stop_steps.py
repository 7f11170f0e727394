"""Open and submit the form that stops a campaign without deleting it."""

from typing import Any

from slack_ui.parts import ids
from tests.stories.person import REASON, Person


async def asks_to_stop(person: Person, campaign_id: str) -> dict[str, Any]:
    await person.types(f"{ids.COMMAND} stop {campaign_id}")
    return await person.modal(ids.STOP_VIEW)


async def submits_stop(
    person: Person, view: dict[str, Any], phrase: str = "Campaign", reason: str = REASON
) -> dict[str, str]:
    """Submit the stop form and return its errors."""
    values = {ids.REASON_BLOCK: {ids.REASON_INPUT: reason}, ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: phrase}}
    said = await person.does("modal/submit", view_id=view["id"], values=values)
    errors: dict[str, str] = said.get("errors") or {}
    return errors
