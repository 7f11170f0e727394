"""A Slack that refuses a few messages for ever and drops the socket at random: nothing else is late."""

import asyncio
import random
import time
from dataclasses import dataclass, field, replace

from deletion.domain.clock import now
from deletion.domain.records import Message, MessageKind
from sandbox.faults import SOCKET, Fault
from tests.torture.people import CAMPAIGNS, CARDS, Ledger, SimulatedUser
from tests.torture.report import say, table
from tests.torture.run import APPROVERS, SETTINGS
from tests.torture.world import Case, World, open_world

LATE_SECONDS = 3.0
RECONNECTED_WITHIN_SECONDS = 15.0
ERRORS = ("internal_error", "a_code_of_next_year", "msg_too_long", "no_permission")
REFUSED_ONE_IN = 5
BETWEEN_REQUESTS_SECONDS = 6.0  # seven messages each in the approvals channel, which takes two a second
BETWEEN_DROPS_SECONDS = (5.0, 20.0)
SLACK_DOWN_SECONDS = (0.0, 5.0)
LOOK_EVERY_SECONDS = 0.1
LAST_SECONDS = 10.0


@dataclass
class Refusals:
    """One run. ``late`` is the longest wait of each message that nothing refuses, by request and key, in seconds."""

    world: World
    dice: random.Random
    refused: set[str] = field(default_factory=set)
    late: dict[tuple[str, str], float] = field(default_factory=dict)
    reconnects: list[float] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)

    async def run(self, minutes: float) -> None:
        ends_at = time.monotonic() + 60 * minutes
        background = [
            asyncio.create_task(work)
            for work in (self._watch(), self._drop(), *(self._approve(who) for who in APPROVERS))
        ]
        alice = SimulatedUser(self.world, self.ledger, "U0ALICE")
        while time.monotonic() < ends_at:
            campaign_id = await self.world.fresh_campaign()
            if not self.refused or self.dice.randrange(REFUSED_ONE_IN) == 0:
                self._refuse(campaign_id)
            await alice.asks_for(campaign_id, ends_at)
            await asyncio.sleep(BETWEEN_REQUESTS_SECONDS)
        await asyncio.sleep(LAST_SECONDS)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)

    def wrong(self) -> list[str]:
        late = [f"{key} of {request_id}: {seconds:.1f} s late" for (request_id, key), seconds in self.late.items()
                if seconds > LATE_SECONDS]  # fmt: skip
        slow = [f"reconnected after {seconds:.1f} s" for seconds in self.reconnects
                if seconds > RECONNECTED_WITHIN_SECONDS]  # fmt: skip
        return [*late, *slow]

    def _refuse(self, campaign_id: str) -> None:
        """Let Slack refuse every message that names this campaign in one of its two channels, with one error."""
        self.refused.add(campaign_id)
        fault = Fault(
            "slack", "chat.postMessage", "error", error=self.dice.choice(ERRORS), text=campaign_id, times=None
        )
        channel = self.dice.choice((CAMPAIGNS, CARDS))
        for operation in ("chat.postMessage", "chat.update"):
            self.world.sandbox.faults.add(replace(fault, operation=operation, channel=channel))

    async def _drop(self) -> None:
        """Break the socket, sometimes with Slack down for a while, and measure how long until it is connected again."""
        faults, sockets = self.world.sandbox.faults, self.world.sandbox.slack.sockets
        while True:
            await asyncio.sleep(self.dice.uniform(*BETWEEN_DROPS_SECONDS))
            down = Fault("slack", SOCKET, "status", status=503, times=None)
            faults.add(down)
            sockets.drop()
            await asyncio.sleep(self.dice.uniform(*SLACK_DOWN_SECONDS))
            faults.active.remove(down)
            returned = time.monotonic()
            while not len(sockets):  # noqa: ASYNC110 - another process connects
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            self.reconnects.append(time.monotonic() - returned)

    async def _approve(self, who: str) -> None:
        user = SimulatedUser(self.world, self.ledger, who)
        while True:
            await user.approves(self.dice)
            await asyncio.sleep(1)

    async def _watch(self) -> None:
        while True:
            for case in await self.world.cases():
                if case.request.campaign.campaign_id not in self.refused:
                    self._note(case)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _note(self, case: Case) -> None:
        for message in case.messages:
            if _is_owed(message, case):
                key, waited = (case.request.id, message.key), (now() - case.request.changed_at).total_seconds()
                self.late[key] = max(waited, self.late.get(key, 0.0))


def _is_owed(message: Message, case: Case) -> bool:
    if message.kind is MessageKind.STORY:
        return message.shown_version == 0
    return message.shown_version < case.request.version


async def refuse(database: str, minutes: float) -> int:
    """Run it, print the result, and return the exit code."""
    async with open_world(database, 1, **SETTINGS, UNDO_WINDOW="2") as world:
        course = Refusals(world, random.Random())  # noqa: S311 - not for secrets
        await course.run(minutes)
        wrong = course.wrong()
        rows: dict[str, object] = {
            "requests": len(course.ledger.asked),
            "of these with a message refused for ever": len(course.refused),
            "other messages that waited": len(course.late),
            "the longest of them, seconds": f"{max(course.late.values(), default=0.0):.1f}",
            "sockets dropped": len(course.reconnects),
            "longest until connected again, seconds": f"{max(course.reconnects, default=0.0):.1f}",
            "wrong": len(wrong),
        }
    table(f"{database}, Slack refuses messages for ever and drops the socket", rows)
    for found in wrong:
        say(f"  ! {found}")
    return 1 if wrong else 0
