"""Many users click on one request at once: one decides, and all are answered."""

import asyncio
import copy
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from deletion.domain.states import OPEN_STATES, State
from sandbox.slack.interactions import payloads
from slack_ui.parts import ids
from tests.stories.person import REASON
from tests.torture import report
from tests.torture.extra_users import invite
from tests.torture.judge import is_settled, judge
from tests.torture.people import CARDS, Ledger, SimulatedUser, campaign_in, patiently, waiting_cards
from tests.torture.world import Case, World, open_world

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "UNDO_WINDOW": "2"}
SPREAD_SECONDS = 0.5  # all clicks happen within this time
ANSWER_SECONDS = 60.0
SETTLE_SECONDS = 60.0
AT_ONCE_WHILE_PREPARING = 8
KINDS = ("approve", "reject", "cancel", "stop")
FORMS = {"approve": (ids.APPROVE_BUTTON, ids.APPROVE_VIEW), "reject": (ids.REJECT_BUTTON, ids.REJECT_VIEW)}
BUTTONS = {"cancel": ids.CANCEL_BUTTON, "stop": ids.STOP_BUTTON}
ENDINGS = frozenset(State) - OPEN_STATES
UNSENT = (State.REJECTED, State.CANCELLED, State.STOPPED)


class CrowdUser(SimulatedUser):
    """Waits longer than the others, because forms open for many at once."""

    patience_seconds = ANSWER_SECONDS


@dataclass(frozen=True)
class Click:
    """One user's click: Slack's answer, the bot's latency, and whether the user was answered."""

    kind: str
    person_id: str
    error: str | None
    seconds: float
    is_answered: bool


async def rounds(how_many: int, clicks: int, replicas: int) -> int:
    """Print a table for each round. Return 1 if something was wrong."""
    async with open_world("postgresql", replicas, **SETTINGS) as world:
        crowd = Crowd(world, clicks)
        wrong = []
        for number in range(how_many):
            case, made = await crowd.round()
            wrong += crowd.wrong(case, made)
            report.table(f"crowd {number + 1}: {clicks} clicks, {replicas} replicas", _rows(case, made))
        found = judge(world, Ledger(), await world.cases()).wrong
    wrong += [f"{name}: {line}" for name, lines in found.items() for line in lines]
    for line in wrong:
        report.say(f"  ! {line}")
    return 1 if wrong else 0


class Crowd:
    """A quarter each approves, rejects, withdraws (including the requester) and stops."""

    def __init__(self, world: World, clicks: int) -> None:
        self._world = world
        self._dice = random.Random()  # noqa: S311 - not for secrets
        ledger = Ledger()
        self._requester = SimulatedUser(world, ledger, "U0ALICE")
        self._plan: list[tuple[SimulatedUser, str]] = [
            (CrowdUser(world, ledger, person_id), KINDS[number % 4])
            for number, person_id in enumerate(invite(world, clicks))
        ]
        self._plan[KINDS.index("cancel")] = (self._requester, "cancel")

    async def round(self) -> tuple[Case, list[Click]]:
        """Make a request, let all users click on it, and wait for its end."""
        card = await self._request()
        gate = asyncio.Semaphore(AT_ONCE_WHILE_PREPARING)
        await asyncio.gather(*(self._open(gate, person, kind, card) for person, kind in self._plan if kind in FORMS))
        made = await asyncio.gather(*(self._click(person, kind, card) for person, kind in self._plan))
        return await self._settled(campaign_in(card)), list(made)

    def wrong(self, case: Case, made: list[Click]) -> list[str]:
        """Return all violations as sentences."""
        deletes = [call.campaign_id for call in self._world.deletes()]
        sent = deletes.count(case.request.campaign.campaign_id)
        endings = [entry.event for entry in case.entries if entry.event in ENDINGS]
        found = [f"{click.kind} by {click.person_id}: {click.error}" for click in made if click.error]
        found += [f"{click.kind} by {click.person_id} got no answer" for click in made if not click.is_answered]
        if len(endings) != 1 or case.request.state in OPEN_STATES:
            found.append(f"ended {len(endings)} times: {endings}, and is {case.request.state}")
        if sent > 1 or (sent and case.request.state in UNSENT):
            found.append(f"{sent} DELETEs of a request that is {case.request.state}")
        return found

    async def _request(self) -> dict[str, Any]:
        """Return the card of a new request, before the first click."""
        campaign_id = await self._world.fresh_campaign()
        await self._requester.asks_for(campaign_id, time.monotonic() + SETTLE_SECONDS)

        def look() -> dict[str, Any] | None:
            return next((card for card in waiting_cards(self._world) if campaign_in(card) == campaign_id), None)

        card = await patiently(look, ANSWER_SECONDS)
        assert card, "no card was posted"
        return copy.deepcopy(card)

    async def _open(self, gate: asyncio.Semaphore, person: SimulatedUser, kind: str, card: dict[str, Any]) -> None:
        """Open the form on this user's screen."""
        button, view = FORMS[kind]
        async with gate:
            assert await person.clicks(card, button), f"{person.id} was not answered"
            assert await person.sees((view,)), f"{person.id} never saw {view}"

    async def _click(self, person: SimulatedUser, kind: str, card: dict[str, Any]) -> Click:
        await asyncio.sleep(self._dice.uniform(0, SPREAD_SECONDS))
        began = time.monotonic()
        error = await (self._submit if kind in FORMS else self._press)(person, kind, card)
        seconds = time.monotonic() - began
        is_answered = await patiently(lambda: self._has_answer(person, kind, card), ANSWER_SECONDS)
        return Click(kind, person.id, error, seconds, bool(is_answered))

    async def _submit(self, person: SimulatedUser, kind: str, card: dict[str, Any]) -> str | None:
        typed = {ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}}
        if kind == "approve":
            typed = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: campaign_in(card)[-4:]}}
        view = person.top()
        assert view, "opened before"
        said = await person.does("modal/submit", view_id=view["id"], values=typed)
        return None if said.get("delivered") else str(said)

    async def _press(self, person: SimulatedUser, kind: str, card: dict[str, Any]) -> str | None:
        """Press a button of the card as it was before, because screens are stale."""
        slack = self._world.sandbox.slack
        workspace = slack.workspace
        button = {"type": "button", "action_id": BUTTONS[kind], "value": _request_id(card)}
        payload = payloads.interaction("block_actions", workspace.users[person.id]) | {
            "actions": [payloads.action(ids.BUTTONS_BLOCK, button, None, workspace.clock.ts())],
            "trigger_id": workspace.triggers.issue(person.id),
            **payloads.in_message(workspace.channels[CARDS], card, is_ephemeral=False),
        }
        return (await slack.delivery.deliver("interactive", payload)).error

    def _has_answer(self, person: SimulatedUser, kind: str, card: dict[str, Any]) -> bool:
        """Return whether the form closed or shows an error, or the button was answered privately or on the card."""
        if kind in FORMS:
            view = person.top()
            return view is None or view["callback_id"] == ids.NOTICE_VIEW
        messages = self._world.sandbox.slack.workspace.messages[CARDS]
        privately = any(message.visible_to == person.id and message.ts > card["ts"] for message in messages)
        shown = next(message.payload["text"] for message in messages if message.ts == card["ts"])
        return privately or f"by <@{person.id}>" in shown

    async def _settled(self, campaign_id: str) -> Case:
        """Return the request once all its messages are current, or at the timeout."""
        until = time.monotonic() + SETTLE_SECONDS
        while True:
            found = [case for case in await self._world.cases() if case.request.campaign.campaign_id == campaign_id]
            if is_settled(found[0], {campaign_id}) or time.monotonic() > until:
                return found[0]
            await asyncio.sleep(0.5)


def _request_id(card: dict[str, Any]) -> str:
    rows = [block for block in card["blocks"] if block["type"] == "actions"]
    return str(rows[0]["elements"][0]["value"])


def _rows(case: Case, made: list[Click]) -> dict[str, object]:
    times = sorted(click.seconds for click in made)
    return {
        "how it ended": case.request.state,
        "journal": " > ".join(entry.event for entry in case.entries),
        "decisions that counted": len(case.request.decisions),
        "answered": sum(click.is_answered for click in made),
        "not answered in 3 s, by Slack's count": sum(click.error is not None for click in made),
        **{f"  {kind}": count for kind, count in Counter(click.kind for click in made if click.error).items()},
        "acknowledged in, median": f"{statistics.median(times):.2f} s",
        "acknowledged in, slowest": f"{times[-1]:.2f} s",
    }
