"""People who act in Slack as it is offered to them: type, click, read and fill in forms."""

import asyncio
import json
from typing import Any

from multidict import CIMultiDict

from deletion.domain.models import Verdict
from sandbox.slack.workspace import View
from slack_ui.parts import ids
from tests.simulation.explore.ledger import Approval, Ledger, Shown
from tests.simulation.local_http import body_of
from tests.simulation.sandbox import LocalSandbox
from tests.stories.person import shown

CAMPAIGNS_CHANNEL, CARDS = "C0CAMPAIGNS", "C0APPROVALS"
REASON = "Replaced by the autumn campaign"
FLOW = "Order Status"
PATIENCE_SECONDS = 12.0
Body = dict[str, Any]


class People:
    """The users of one schedule. ``campaign_ids`` are by name."""

    def __init__(self, local: LocalSandbox, ledger: Ledger, campaign_ids: dict[str, str]) -> None:
        self._local = local
        self._workspace = local.parts.slack.workspace
        self._ledger = ledger
        self._ids = campaign_ids
        self._submitting: set[str] = set()

    async def ask(self, user: str, name: str) -> None:
        """Ask for a delete, and a second time if no form appears."""
        campaign_id, began = self._ids[name], self._now()
        for _ in range(2):
            is_delivered = await self._types(user, campaign_id)
            if is_delivered and (view := await self._modal(user, (ids.CONFIRM_VIEW,), campaign_id)):
                break
        else:
            return
        if view.payload["callback_id"] == ids.NOTICE_VIEW:
            return
        versions = frozenset(v for at, v in self._ledger.reads[campaign_id] if at >= began)
        await self._fills_in()
        typed = {
            ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
            ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: self._heading(view)},
            ids.ID_END_BLOCK: {ids.ID_END_INPUT: campaign_id[-4:]},
        }
        self._ledger.shown.append(Shown(user, campaign_id, versions))
        if await self._submits(user, view, f"asks for {name}", typed):
            self._ledger.requested.append((user, campaign_id))

    async def approve(self, user: str) -> None:
        """Press Approve on a card, and a second time if no form appears."""
        for _ in range(2):
            card = await self._card(ids.APPROVE_BUTTON)
            is_delivered = card and await self._clicks(user, CARDS, card, ids.APPROVE_BUTTON)
            if is_delivered and (view := await self._modal(user, (ids.APPROVE_VIEW,))):
                break
        else:
            return
        if view.payload["callback_id"] == ids.NOTICE_VIEW:
            return
        await self._fills_in()
        campaign_id = next((found for found in self._ids.values() if found in shown(view.payload["blocks"])), "")
        self._ledger.approvals.append(Approval(user, campaign_id, self._now()))
        word = self._heading(view).split()[-1] if self._heading(view) else "?"
        if await self._submits(user, view, f"approves {campaign_id}", {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: word}}):
            self._ledger.decided.add((Verdict.APPROVED, user, view.id))

    async def reject(self, user: str) -> None:
        card = await self._card(ids.REJECT_BUTTON)
        if card is None or not await self._clicks(user, CARDS, card, ids.REJECT_BUTTON):
            return
        view = await self._modal(user, (ids.REJECT_VIEW,))
        if view and view.payload["callback_id"] == ids.REJECT_VIEW:
            await self._fills_in()
            if await self._submits(user, view, "rejects", {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}}):
                self._ledger.decided.add((Verdict.REJECTED, user, view.id))

    async def rebuild(self, user: str) -> None:
        card = await self._card(ids.REBUILD_BUTTON)
        if card is None or not await self._clicks(user, CARDS, card, ids.REBUILD_BUTTON):
            return
        view = await self._modal(user, (ids.REBUILD_VIEW,))
        if view and view.payload["callback_id"] == ids.REBUILD_VIEW:
            asked = {block.get("block_id") for block in view.payload["blocks"]}
            flow = {ids.FLOW_BLOCK: {ids.FLOW_INPUT: FLOW}} if ids.FLOW_BLOCK in asked else {}
            typed = {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}, **flow}
            await self._submits(user, view, "asks for a rebuild", typed)

    async def withdraw_approval(self, user: str) -> None:
        await self._presses(user, ids.WITHDRAW_APPROVAL_BUTTON)

    async def withdraw(self, user: str) -> None:
        await self._presses(user, ids.CANCEL_BUTTON)

    async def stop(self, user: str) -> None:
        await self._presses(user, ids.STOP_BUTTON)

    async def only_stop(self, user: str, name: str) -> None:
        """Ask for a stop without a deletion."""
        campaign_id = self._ids[name]
        await self._types(user, f"stop {campaign_id}")
        view = await self._modal(user, (ids.STOP_VIEW,), campaign_id)
        if view and view.payload["callback_id"] == ids.STOP_VIEW:
            await self._fills_in()
            typed = {
                ids.REASON_BLOCK: {ids.REASON_INPUT: REASON},
                ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: campaign_id[-4:]},
            }
            self._ledger.shown.append(Shown(user, campaign_id, frozenset()))  # no version that may be deleted
            if await self._submits(user, view, f"asks to stop {name}", typed):
                self._ledger.requested.append((user, campaign_id))

    async def freeze(self, user: str) -> None:
        await self._types(user, f"freeze {REASON}")

    async def unfreeze(self, user: str) -> None:
        await self._types(user, "unfreeze")

    async def hold(self, user: str, name: str) -> None:
        if await self._types(user, f"hold {self._ids[name]} {REASON}"):
            self._ledger.struck("campaign held")

    async def release(self, user: str, name: str) -> None:
        await self._types(user, f"release {self._ids[name]}")

    async def status(self, user: str) -> None:
        await self._types(user, "status")

    async def home(self, user: str) -> None:
        await self._does(user, "home")

    async def close_modals(self, user: str) -> None:
        """Close what is open, as one must before a click: a notice there would be taken for the answer to it."""
        stack = self._workspace.stacks[user]
        if stack and user not in self._submitting:
            await self._does(user, "modal/close", view_id=stack[-1].id, all=True)

    async def _presses(self, user: str, button: str) -> None:
        if card := await self._card(button):
            await self._clicks(user, CARDS, card, button)

    async def _clicks(self, user: str, channel: str, card: Body, button: str) -> bool:
        there = {"channel": channel, "ts": card["ts"], "block_id": ids.BUTTONS_BLOCK, "action_id": button}
        said = await self._does(user, "click", **there)
        self._tell(user, f"clicks {button}: {said}")
        return bool(said.get("delivered"))

    async def _types(self, user: str, text: str) -> bool:
        said = await self._does(user, "command", channel=CAMPAIGNS_CHANNEL, text=f"{ids.COMMAND} {text}")
        self._tell(user, f"types {text!r}: {said}")
        return bool(said.get("delivered"))

    async def _fills_in(self) -> None:
        """Take up to three seconds, and be ready at a full second: so forms are often submitted at once."""
        await asyncio.sleep(int(self._dice() * 3) + 1 - self._now() % 1)

    async def _submits(self, user: str, view: View, what: str, typed: Body) -> bool:
        """Return whether the bot accepted the form: then its ack closes it, and puts no notice in its place."""
        self._submitting.add(user)
        form = view.payload["callback_id"]
        said = await self._does(user, "modal/submit", view_id=view.id, values=typed)
        self._submitting.discard(user)
        self._tell(user, f"{what}: {said}")
        is_answered = bool(said.get("delivered")) and not said.get("errors")
        # A newer modal may have taken the place of this one, and be closed by now.
        return is_answered and view.payload["callback_id"] == form and not self._workspace.stacks[user]

    async def _does(self, user: str, what: str, **body: Any) -> Body:
        content = json.dumps({"as": user, **body}).encode()
        headers = CIMultiDict({"Content-Type": "application/json"})
        answer = await self._local.server.answer("POST", f"/sandbox/{what}", headers, content)
        said: Body = json.loads(body_of(answer))
        return said

    async def _modal(self, user: str, callback_ids: tuple[str, ...], text: str = "") -> View | None:
        """Wait for the modal, complete, or for the notice in its place; return None if neither comes."""
        until = self._now() + PATIENCE_SECONDS
        while self._now() < until:
            version, stack = self._workspace.version, self._workspace.stacks[user]
            if stack and (top := stack[-1]).payload["callback_id"] in (*callback_ids, ids.NOTICE_VIEW):
                if top.payload["callback_id"] == ids.NOTICE_VIEW:
                    self._tell(user, f"reads {shown(top.payload['blocks'])[:90]!r}")
                    return top
                said = shown(top.payload["blocks"])
                if text in said and "loading …" not in said:
                    return top
            try:
                await asyncio.wait_for(self._workspace.newer_than(version), until - self._now())
            except TimeoutError:
                break
        self._tell(user, "sees no such modal")
        return None

    async def _card(self, button: str) -> Body | None:
        """Return a card with this button, as soon as there is one."""
        until = self._now() + PATIENCE_SECONDS
        while not (card := self._card_now(button)) and self._now() < until:
            try:
                await asyncio.wait_for(self._workspace.newer_than(self._workspace.version), until - self._now())
            except TimeoutError:
                break
        return card

    def _card_now(self, button: str) -> Body | None:
        """Return a card with this button, chosen by the seed."""
        found = [
            message.payload
            for message in self._workspace.messages[CARDS]
            if any(
                e.get("action_id") == button for b in message.payload.get("blocks", ()) for e in b.get("elements", ())
            )
        ]
        return found[int(self._dice() * len(found))] if found else None

    @staticmethod
    def _heading(view: View) -> str:
        return next((str(b["text"]["text"]) for b in view.payload["blocks"] if b["type"] == "header"), "")

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    @staticmethod
    def _dice() -> float:
        value: float = asyncio.get_running_loop().random.random()  # type: ignore[attr-defined]  # SimulatedLoop
        return value

    def _tell(self, user: str, what: str) -> None:
        self._ledger.tell(self._now(), user, what)
