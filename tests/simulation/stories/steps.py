"""Steps that stories share: request, decide on the card, freeze, rebuild, and type a command."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from deletion.db.tables import requests
from deletion.domain.clock import now
from slack_ui import strings
from slack_ui.parts import ids
from tests.stories.conftest import World
from tests.stories.person import REASON, Person, eventually, shown

NAME = "Interactive Support SMS Campaign"
CARDS = "C0APPROVALS"
CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
WHY = "The wrong contact list was loaded"


async def request_deletion(world: World, campaign_id: str) -> dict[str, Any]:
    """Request a deletion as Alice and return the approval card."""
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), NAME)
    return await world.person("U0BOB").reads("is waiting for approval to be deleted.", CARDS)


async def new_card(world: World, campaign_id: str) -> dict[str, Any]:
    """Request a deletion as Alice and return this campaign's card."""
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), NAME)

    async def look() -> dict[str, Any] | None:
        found = [message for message in await bob.messages(CARDS) if campaign_id in shown(message["blocks"])]
        return found[-1] if found else None

    card: dict[str, Any] = await eventually(look, f"a card for {campaign_id}")
    return card


async def same(person: Person, card: dict[str, Any], said: str) -> dict[str, Any]:
    """Return the same card once its text contains ``said``."""

    async def look() -> dict[str, Any] | None:
        return next(
            (found for found in await person.messages(CARDS) if found["ts"] == card["ts"] and said in found["text"]),
            None,
        )

    found: dict[str, Any] = await eventually(look, f"{said!r} on the card")
    return found


async def click(person: Person, card: dict[str, Any], button: str, channel: str = CARDS) -> None:
    said = await person.does("click", channel=channel, ts=card["ts"], block_id=ids.BUTTONS_BLOCK, action_id=button)
    assert said["delivered"], said


async def approve(
    person: Person, card: dict[str, Any], phrase: str = "Campaign", comment: str | None = None
) -> dict[str, str]:
    await click(person, card, ids.APPROVE_BUTTON)
    view = await person.modal(ids.APPROVE_VIEW)
    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: phrase}, ids.COMMENT_BLOCK: {ids.COMMENT_INPUT: comment}}
    said = await person.does("modal/submit", view_id=view["id"], values=values)
    errors: dict[str, str] = said.get("errors") or {}
    return errors


async def reject(person: Person, card: dict[str, Any], reason: str) -> None:
    await click(person, card, ids.REJECT_BUTTON)
    view = await person.modal(ids.REJECT_VIEW)
    values = {ids.REASON_BLOCK: {ids.REASON_INPUT: reason}}
    assert not (await person.does("modal/submit", view_id=view["id"], values=values)).get("errors")


def buttons(message: dict[str, Any]) -> set[str]:
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return {element["action_id"] for row in rows for element in row["elements"]}


async def thread(world: World) -> list[str]:
    messages = await world.person("U0BOB").messages(CARDS)
    return [message["text"] for message in messages if message["thread_ts"] not in (None, message["ts"])]


async def freezes(person: Person) -> None:
    await person.types(f"{ids.COMMAND} freeze {WHY}")
    await person.reads_privately(strings.freeze.FROZEN[:45], person.channel)


async def unfreezes(person: Person) -> None:
    await person.types(f"{ids.COMMAND} unfreeze")
    await person.reads_privately(strings.freeze.UNFROZEN[:30], person.channel)


async def rebuild(person: Person, card: dict[str, Any], **fields: str) -> dict[str, str]:
    """Press Rebuild on the card, submit the form and return its errors."""
    await click(person, card, ids.REBUILD_BUTTON)
    view = await person.modal(ids.REBUILD_VIEW)
    values = {
        ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
        **({ids.FLOW_BLOCK: {ids.FLOW_INPUT: fields["flow"]}} if fields else {}),
    }
    said = await person.does("modal/submit", view_id=view["id"], values=values)
    errors: dict[str, str] = said.get("errors") or {}
    return errors


async def campaigns_of(world: World, name: str) -> list[dict[str, Any]]:
    stored = (await world.api.get("/sandbox/kore/campaigns")).json()
    return [raw for raw in stored if raw["name"] == name and not raw["deleted"]]


async def makes_due(world: World, time: sa.Column[datetime]) -> None:
    """Let this time of every request that has one be over, so that the bot's next sweep acts on it."""
    engine = world.open_engine()
    async with engine.begin() as connection:
        due = requests.update().where(time.is_not(None))
        await connection.execute(due.values({time: now() - timedelta(seconds=1)}))
    await engine.dispose()


async def ends_undo_windows(world: World) -> None:
    """Let every undo window be over, so that a long one gives users time and costs none."""
    await makes_due(world, requests.c.execute_after)


async def makes_recheck_due(world: World) -> None:
    """Let the bot look at its next sweep whether what it deleted is there again."""
    await makes_due(world, requests.c.recheck_at)


async def types(person: Person, text: str, channel: str = "C0CAMPAIGNS") -> dict[str, Any]:
    """Type the command and return the ephemeral reply."""
    person.channel = channel
    before = {message["ts"] for message in await ephemerals(person)}
    await person.types(f"{ids.COMMAND} {text}")

    async def look() -> dict[str, Any] | None:
        return next((message for message in await ephemerals(person) if message["ts"] not in before), None)

    answer: dict[str, Any] = await eventually(look, f"an answer to {text}")
    return answer


async def ephemerals(person: Person) -> list[dict[str, Any]]:
    return [message for message in await person.messages() if message["ephemeral"]]
