"""Simulated users who ask and approve, and who retry when the bot does not answer."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from deletion.domain.policy import Refusal
from slack_ui import strings
from slack_ui.parts import ids
from tests.stories.person import REASON, shown
from tests.torture.world import World

CAMPAIGNS, CARDS = "C0CAMPAIGNS", "C0APPROVALS"
PATIENCE_SECONDS = 4.0  # how long a user watches an unchanged modal
PAUSE_SECONDS = 0.2
TRIES = 5
ALREADY_ASKED = "campaign already has a request"
CAMPAIGN_ID = re.compile(r"cd-[0-9a-f]{8}-f98e-5f4f-ad41-92803abb[0-9a-f]{4}")
View = dict[str, Any]


@dataclass
class Ledger:
    """What users did, and what the bot acknowledged, by campaign id."""

    asked: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)
    lists: list[tuple[str, ...]] = field(default_factory=list)
    struck: set[str] = field(default_factory=set)
    unanswered: int = 0

    @property
    def waiting(self) -> set[str]:
        """Return the acknowledged requests that no user has decided, as far as the users know."""
        return self.acknowledged - self.decided


@dataclass
class SimulatedUser:
    """One user, who acts through the control API and sees only their own screen."""

    world: World
    ledger: Ledger
    id: str
    patience_seconds: ClassVar[float] = PATIENCE_SECONDS

    async def asks_for(self, campaign_id: str, until: float) -> None:
        """Type the command and submit the form, repeatedly, until the bot acknowledges it."""
        self.ledger.asked.add(campaign_id)
        while time.monotonic() < until and campaign_id not in self.ledger.acknowledged:
            await self._closes_everything()
            said = await self.does("command", channel=CAMPAIGNS, text=f"{ids.COMMAND} {campaign_id}")
            if said.get("delivered"):
                view = await self.sees((ids.CONFIRM_VIEW, ids.NOTICE_VIEW), self.world.name_of(campaign_id))
                if view and (_says_recorded(view) or await self._confirms(view, campaign_id)):
                    self.ledger.acknowledged.add(campaign_id)
                elif view and _says_gone(view):
                    return  # an earlier try was recorded, and has been executed
            await asyncio.sleep(PAUSE_SECONDS)

    async def approves(self, dice: random.Random) -> bool:
        """Try to approve one waiting request. Return False if there is none."""
        cards = [card for card in waiting_cards(self.world) if campaign_in(card) not in self.ledger.decided]
        if not cards:
            return False
        await self._closes_everything()
        card = dice.choice(cards)
        campaign_id = campaign_in(card)
        if not await self.clicks(card, ids.APPROVE_BUTTON):
            await asyncio.sleep(PAUSE_SECONDS)
            return True
        view = await self.sees((ids.APPROVE_VIEW, ids.NOTICE_VIEW), self.world.name_of(campaign_id))
        if view and view["callback_id"] == ids.NOTICE_VIEW:
            if strings.modals.NOTHING_DONE in shown(view):
                self.ledger.decided.add(campaign_id)  # an earlier try counted, or another user's
        elif view and await self._submits(view, {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: campaign_id[-4:]}}):
            self.ledger.approved.add(campaign_id)
            self.ledger.decided.add(campaign_id)
        return True

    async def clicks(self, card: dict[str, Any], button: str) -> bool:
        """Click, and return whether the bot answered."""
        there = {"channel": CARDS, "ts": card["ts"], "block_id": ids.BUTTONS_BLOCK, "action_id": button}
        return bool((await self.does("click", **there)).get("delivered"))

    async def _confirms(self, view: View, campaign_id: str) -> bool:
        typed = {
            ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
            ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: self.world.name_of(campaign_id)},
            ids.ID_END_BLOCK: {ids.ID_END_INPUT: campaign_id[-4:]},  # used only if the form asks for it
        }
        return await self._submits(view, typed)

    async def _submits(self, view: View, values: dict[str, Any]) -> bool:
        """Submit the form, repeatedly while the bot does not answer. Return True once it is accepted."""
        for _ in range(TRIES):
            said = await self.does("modal/submit", view_id=view["id"], values=values)
            if said.get("errors"):
                return ALREADY_ASKED in str(said["errors"])
            if said.get("delivered"):
                return self.top() is None
            await asyncio.sleep(PAUSE_SECONDS)
        return False

    async def _closes_everything(self) -> None:
        """Close all modals, so that none is mistaken for the next answer."""
        if view := self.top():
            await self.does("modal/close", view_id=view["id"], all=True)

    async def does(self, what: str, **body: Any) -> dict[str, Any]:
        said: dict[str, Any] = {}
        with suppress(httpx.TransportError):  # the connection broke: no answer
            said = (await self.world.api.post(f"/sandbox/{what}", json={"as": self.id, **body})).json()
        if not said.get("delivered"):
            self.ledger.unanswered += 1
        return said

    async def sees(self, callback_ids: tuple[str, ...], text: str = "") -> View | None:
        def look() -> View | None:
            view = self.top()
            return view if view and view["callback_id"] in callback_ids and _fits(view, text) else None

        seen: View | None = await patiently(look, self.patience_seconds)
        return seen

    def top(self) -> View | None:
        stack = self.world.sandbox.slack.workspace.stacks[self.id]
        return stack[-1].payload if stack else None


async def patiently(look: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Poll until the result is true; return None at the timeout."""
    until = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < until:  # noqa: ASYNC110 - another process cannot set an Event
        await asyncio.sleep(0.02)
    return seen or None


def waiting_cards(world: World) -> list[dict[str, Any]]:
    """Return all cards with an Approve button."""
    cards = [message.payload for message in world.sandbox.slack.workspace.messages[CARDS]]
    return [card for card in cards if ids.APPROVE_BUTTON in buttons_of(card)]


def campaign_in(message: dict[str, Any]) -> str:
    """Return the campaign id in a message, or an empty string."""
    found = CAMPAIGN_ID.search(f"{message.get('text')} {shown(message.get('blocks') or [])}")
    return found[0] if found else ""


def buttons_of(message: dict[str, Any]) -> set[str]:
    rows = [block for block in message.get("blocks") or [] if block["type"] == "actions"]
    return {element["action_id"] for row in rows for element in row["elements"]}


def _says_recorded(view: View) -> bool:
    recorded = (Refusal.ALREADY_REQUESTED, Refusal.UNSETTLED)
    return any(strings.refusals.REFUSALS[refusal][0] in shown(view) for refusal in recorded)


def _says_gone(view: View) -> bool:
    gone = (Refusal.NOT_FOUND, Refusal.DELETED, Refusal.GONE)
    return any(strings.refusals.REFUSALS[refusal][0] in shown(view) for refusal in gone)


def _fits(view: View, text: str) -> bool:
    return view["callback_id"] == ids.NOTICE_VIEW or text in shown(view["blocks"])
