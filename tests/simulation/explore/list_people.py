"""People who act on a list of campaigns: request it, approve, reject, withdraw, stop and continue it."""

import re
from typing import Any

from deletion.domain.models import Verdict
from sandbox.slack.workspace import View
from slack_ui.parts import form_promise, ids
from tests.simulation.explore.ledger import Approval, Shown
from tests.simulation.explore.people import CARDS, REASON, Body, People
from tests.stories.person import shown

# A campaign in a form: its number, its name, and the end of its id.
CAMPAIGN = re.compile(r"(\d+)\. (.*?) · …(\w{4})")


class ListPeople(People):
    """The users of one schedule, who also know lists."""

    async def ask_many(self, user: str, *names: str) -> None:
        """Ask for a list of these campaigns, which the form may leave out."""
        began = self._now()
        if not await self._types(user, "many"):
            return
        picker = await self._modal(user, (ids.LIST_PICKER_VIEW,))
        if picker is None or picker.payload["callback_id"] == ids.NOTICE_VIEW:
            return
        wanted = [self._ids[name] for name in names]
        options = [{"text": {"type": "plain_text", "text": "chosen"}, "value": each} for each in wanted]
        chosen = {ids.CAMPAIGNS_BLOCK: {ids.CAMPAIGNS_SELECT: {"selected_options": options}}}
        await self._submits(user, picker, "chooses campaigns", chosen)
        view = await self._modal(user, (ids.LIST_CONFIRM_VIEW,))
        if view is None or view.payload["callback_id"] == ids.NOTICE_VIEW:
            return
        listed, marked = self._listed(view), form_promise.ids_of(view.payload).split(" ")
        read = {each: frozenset(v for at, v in self._ledger.reads[each] if at >= began) for each in wanted}
        await self._fills_in()
        ends = [end for (_, _, end), id_ in zip(listed, marked, strict=True) if id_.endswith("?")]
        typed = {
            ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
            ids.COUNT_BLOCK: {ids.COUNT_INPUT: str(len(listed))},
            ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: listed[0][1].split()[-1]},
            ids.ID_END_BLOCK: {ids.ID_END_INPUT: " ".join(ends)},
        }
        requested = [self._with_end(end) for _, _, end in listed]
        self._ledger.shown += [Shown(user, each, read[each]) for each in requested]
        if await self._submits(user, view, f"asks for {len(listed)} campaigns", typed):
            self._ledger.requested += [(user, each) for each in requested]

    async def approve_many(self, user: str) -> None:
        """Approve the whole list, or strike its last campaign."""
        card = await self._card(ids.LIST_APPROVE_BUTTON)
        if card is None or not await self._clicks(user, CARDS, card, ids.LIST_APPROVE_BUTTON):
            return
        view = await self._modal(user, (ids.LIST_APPROVE_VIEW,))
        if view is None or view.payload["callback_id"] == ids.NOTICE_VIEW:
            return
        await self._fills_in()
        listed = self._listed(view)
        struck = self._last_option(view) if len(listed) > 1 and self._dice() < 0.2 else []
        left = listed[: len(listed) - len(struck)]
        self._ledger.approvals += [Approval(user, self._with_end(end), self._now()) for _, _, end in left]
        typed: Body = {
            ids.STRUCK_BLOCK: {ids.STRUCK_SELECT: {"selected_options": struck}},
            ids.COUNT_BLOCK: {ids.COUNT_INPUT: str(len(left))},
        }
        if await self._submits(user, view, f"approves {len(left)} campaigns", typed):
            self._ledger.decided.add((Verdict.APPROVED, user, view.id))

    async def reject_many(self, user: str) -> None:
        card = await self._card(ids.LIST_REJECT_BUTTON)
        if card is None or not await self._clicks(user, CARDS, card, ids.LIST_REJECT_BUTTON):
            return
        view = await self._modal(user, (ids.LIST_REJECT_VIEW,))
        if view and view.payload["callback_id"] == ids.LIST_REJECT_VIEW:
            await self._fills_in()
            if await self._submits(user, view, "rejects", {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}}):
                self._ledger.decided.add((Verdict.REJECTED, user, view.id))

    async def withdraw_many(self, user: str) -> None:
        await self._presses(user, ids.LIST_CANCEL_BUTTON)

    async def stop_many(self, user: str) -> None:
        await self._presses(user, ids.LIST_STOP_BUTTON)

    async def withdraw_approval_many(self, user: str) -> None:
        await self._presses(user, ids.LIST_WITHDRAW_APPROVAL_BUTTON)

    async def continue_many(self, user: str) -> None:
        await self._presses(user, ids.LIST_CONTINUE_BUTTON)

    def _with_end(self, end: str) -> str:
        return next((found for found in self._ids.values() if found.endswith(end)), "")

    @staticmethod
    def _listed(view: View) -> list[tuple[str, str, str]]:
        """Return number, name and end of the id of each campaign that the form is about."""
        rows = [block for block in view.payload["blocks"] if block["type"] == "rich_text"]
        found = (CAMPAIGN.search(shown(block["elements"][0]["elements"][0])) for block in rows)
        # The note about similar names shows a number again.
        return list({match[1]: (match[1], match[2], match[3]) for match in found if match}.values())

    @staticmethod
    def _last_option(view: View) -> list[Any]:
        select = next(block for block in view.payload["blocks"] if block.get("block_id") == ids.STRUCK_BLOCK)
        return [select["element"]["options"][-1]]
