"""Simulated users who ask for lists, approve them, strike campaigns, and continue or stop what is paused."""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from typing import Any

from slack_ui.parts import form_promise, ids
from tests.stories.person import REASON, shown
from tests.torture.people import CAMPAIGNS, CARDS, PAUSE_SECONDS, SimulatedUser, View, buttons_of
from tests.torture.world import NAME, World, campaign_id_of

READ_WITHIN_SECONDS = 15.0  # the bot reads up to twenty campaigns for a form
STRIKES, STOPS = 0.4, 0.1  # of the approvals and of the pauses
OPEN = frozenset({ids.LIST_APPROVE_BUTTON, ids.LIST_CONTINUE_BUTTON, ids.LIST_STOP_BUTTON})
NUMBERED = re.compile(rf"\d+\. {NAME.pattern}")  # one without a number is outside the list, with a similar name
CAMPAIGN = re.compile(rf"{NUMBERED.pattern} · (?:…|cd-[\w-]*)(\w{{4}})")  # in the confirm form, with the end of its id


class ListUser(SimulatedUser):
    """Waits longer than the others, because the bot reads every campaign of a list before it shows a form."""

    patience_seconds = READ_WITHIN_SECONDS

    async def asks_for_many(self, campaign_ids: Sequence[str], until: float) -> None:
        """Choose these campaigns until the bot shows all of them, then submit the form.

        A form without an answer is given up: the list may exist, so another would ask for the same campaigns again.
        """
        self.ledger.asked |= set(campaign_ids)
        view = None
        while view is None and time.monotonic() < until:
            view = await self._chooses(campaign_ids)
        if view and await self._submits(view, _confirmation(view)):
            self.ledger.acknowledged |= set(campaign_ids)
            self.ledger.lists.append(tuple(campaign_ids))

    async def approves(self, dice: random.Random) -> bool:
        """Approve a list that waits, or continue or stop one that is paused. Return False if there is none."""
        wanted = {ids.LIST_APPROVE_BUTTON, ids.LIST_CONTINUE_BUTTON}
        cards = [card for card in open_lists(self.world) if buttons_of(card) & wanted]
        if not cards:
            return False
        card = dice.choice(cards)
        if ids.LIST_CONTINUE_BUTTON in buttons_of(card):
            await self.clicks(card, ids.LIST_STOP_BUTTON if dice.random() < STOPS else ids.LIST_CONTINUE_BUTTON)
        else:
            await self._closes_everything()
            if await self.clicks(card, ids.LIST_APPROVE_BUTTON):
                await self._decides(dice)
        await asyncio.sleep(5 * PAUSE_SECONDS)  # until the card has changed
        return True

    async def _chooses(self, campaign_ids: Sequence[str]) -> View | None:
        """Return the confirm form, or None if it does not show all of these campaigns in this order."""
        await self._closes_everything()
        said = await self.does("command", channel=CAMPAIGNS, text=f"{ids.COMMAND} many")
        picker = await self.sees((ids.LIST_PICKER_VIEW, ids.NOTICE_VIEW)) if said.get("delivered") else None
        if picker is None:
            await asyncio.sleep(PAUSE_SECONDS)
            return None
        options = [{"text": {"type": "plain_text", "text": "chosen"}, "value": each} for each in campaign_ids]
        values = {ids.CAMPAIGNS_BLOCK: {ids.CAMPAIGNS_SELECT: {"selected_options": options}}}
        await self.does("modal/submit", view_id=picker["id"], values=values)
        view = await self.sees((ids.LIST_CONFIRM_VIEW, ids.NOTICE_VIEW))
        return view if view and campaigns_in(view) == list(campaign_ids) else None

    async def _decides(self, dice: random.Random) -> None:
        view = await self.sees((ids.LIST_APPROVE_VIEW, ids.NOTICE_VIEW))
        if view is None or view["callback_id"] == ids.NOTICE_VIEW:
            return
        listed = campaigns_in(view)
        select = next(block for block in view["blocks"] if block.get("block_id") == ids.STRUCK_BLOCK)["element"]
        struck = [dice.choice(select["options"])] if len(listed) > 1 and dice.random() < STRIKES else []
        values = {
            ids.STRUCK_BLOCK: {ids.STRUCK_SELECT: {"selected_options": struck}},
            ids.COUNT_BLOCK: {ids.COUNT_INPUT: str(len(listed) - len(struck))},
        }
        if await self._submits(view, values):
            kept_out = set(campaigns_in({"blocks": struck}))
            self.ledger.approved |= set(listed) - kept_out
            self.ledger.struck |= kept_out
            self.ledger.decided |= set(listed)


def open_lists(world: World) -> list[dict[str, Any]]:
    """Return the cards of the lists that wait for people or are being executed."""
    cards = [message.payload for message in world.sandbox.slack.workspace.messages[CARDS]]
    return [card for card in cards if buttons_of(card) & OPEN]


def campaigns_in(surface: dict[str, Any]) -> list[str]:
    """Return the ids of the campaigns of the list that a form shows, each once, in its order."""
    names = NUMBERED.findall(shown(surface.get("blocks") or []))
    return list(dict.fromkeys(campaign_id_of(unique) for unique in names))


def _confirmation(view: View) -> dict[str, Any]:
    found = CAMPAIGN.findall(shown(view["blocks"]))
    marked = form_promise.ids_of(view).split(" ")
    ends = [end for (_, end), carried in zip(found, marked, strict=True) if carried.endswith("?")]
    return {
        ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
        ids.COUNT_BLOCK: {ids.COUNT_INPUT: str(len(found))},
        ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: found[0][0]},
        ids.ID_END_BLOCK: {ids.ID_END_INPUT: " ".join(ends)},
    }
