"""One run: users ask and approve, Kore.ai loses half of its answers, and replicas are killed at random."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from deletion.domain.campaign_list import MOST_CAMPAIGNS
from sandbox.faults import Fault
from tests.torture.bots import complaints
from tests.torture.judge import is_settled
from tests.torture.list_people import ListUser, open_lists
from tests.torture.people import Ledger, SimulatedUser
from tests.torture.world import Case, World, open_world

SETTINGS = {"APPROVALS_REQUIRED": "1", "REQUESTERS": "U0ALICE,U0DAN", "APPROVERS": "S0APPROVE"}
REQUESTERS, APPROVERS = ("U0ALICE", "U0DAN"), ("U0BOB", "U0CAROL")  # Mia is a guest and may not ask
BETWEEN_KILLS_SECONDS = (0.05, 1.5)
BETWEEN_KILLS_OF_LISTS_SECONDS = (0.05, 8.0)  # reading twenty campaigns takes longer
SUSPENSIONS_PER_KILL = 0.125
SUSPENDED_SECONDS = (0.5, 15.0)  # some longer than a lease
MOST_WAITING = 4  # users do not pile up unapproved requests
MOST_LISTS = 2  # that are open
SETTLE_WITHIN_SECONDS = 150.0  # without a new message: a channel takes about one a second, however many wait
DELETES_FORESEEN = 5_000


@dataclass(frozen=True)
class Plan:
    """The size of a run. ``requests`` None: as many as possible until the last kill. ``minutes`` is a hard limit.

    With ``lists`` every request is for a list of campaigns.
    """

    database: str = "sqlite"
    kills: int = 200
    replicas: int = 1
    requests: int | None = None
    minutes: float = 20
    undo_seconds: int = 0
    one_for_good: bool = False
    lists: bool = False


@dataclass
class Course:
    """What was done to the bot, and what the users did."""

    plan: Plan
    kills: int = 0
    suspensions: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    seconds: float = 0.0
    settle_seconds: float = 0.0
    complaints: Counter[str] = field(default_factory=Counter)


@dataclass
class Torture:
    world: World
    course: Course
    dice: random.Random
    ends_at: float

    async def run(self) -> None:
        """Return when everything is settled, or at the timeout."""
        started = time.monotonic()
        _spoil_deletes(self.world, self.dice)
        people = [asyncio.create_task(self._ask(who)) for who in REQUESTERS]
        approving = [asyncio.create_task(self._approve(who)) for who in APPROVERS]
        await self._kill()
        await asyncio.gather(*people)
        killed = time.monotonic()
        await self._settle()
        for task in approving:
            if task.done():
                task.result()  # an approver whose task has failed would look like a bot that does not move
            task.cancel()
        await asyncio.gather(*approving, return_exceptions=True)
        self.world.read_traffic()
        self.course.seconds, self.course.settle_seconds = killed - started, time.monotonic() - killed

    async def _kill(self) -> None:
        plan, bots = self.course.plan, self.world.bots
        while self.course.kills < plan.kills and time.monotonic() < self.ends_at and not await self._is_idle():
            await bots.until_ready()
            await asyncio.sleep(
                self.dice.uniform(*(BETWEEN_KILLS_OF_LISTS_SECONDS if plan.lists else BETWEEN_KILLS_SECONDS))
            )
            await self._suspend()
            self.course.kills += 1
            bots.kill_one(self.dice, for_good=plan.one_for_good and self.course.kills == plan.kills // 2)

    async def _suspend(self) -> None:
        """Suspend a replica now and then, once there is something to do."""
        if self.course.ledger.asked and self.dice.random() < SUSPENSIONS_PER_KILL:
            self.course.suspensions += 1
            await self.world.bots.suspend_one(self.dice, self.dice.uniform(*SUSPENDED_SECONDS))

    async def _ask(self, who: str) -> None:
        person = self._person(who)
        while not self._everything_was_asked():
            if isinstance(person, ListUser):
                if len(open_lists(self.world)) < MOST_LISTS:
                    count = self.dice.randint(2, MOST_CAMPAIGNS)
                    campaign_ids = [await self.world.fresh_campaign() for _ in range(count)]
                    await person.asks_for_many(campaign_ids, self.ends_at)
            elif len(self.course.ledger.waiting) < MOST_WAITING:
                await person.asks_for(await self.world.fresh_campaign(), self.ends_at)
            await asyncio.sleep(self.dice.uniform(0.1, 1.0))

    async def _approve(self, who: str) -> None:
        person = self._person(who)
        while True:
            if not await person.approves(self.dice):
                await asyncio.sleep(self.dice.uniform(0.1, 0.5))

    def _person(self, who: str) -> SimulatedUser:
        return (ListUser if self.course.plan.lists else SimulatedUser)(self.world, self.course.ledger, who)

    def _everything_was_asked(self) -> bool:
        plan = self.course.plan
        enough = len(self.course.ledger.asked) >= plan.requests if plan.requests else self.course.kills >= plan.kills
        return enough or time.monotonic() >= self.ends_at

    async def _is_idle(self) -> bool:
        """Return whether the bot has no work; idle bots are not killed."""
        return self._everything_was_asked() and await self._is_settled()

    async def _settle(self) -> None:
        """Return with all bots suspended, so that pending work does not count as missing."""
        posted, until = 0, time.monotonic() + SETTLE_WITHIN_SECONDS
        while True:
            if (so_far := self.world.messages_posted()) > posted:
                posted, until = so_far, time.monotonic() + SETTLE_WITHIN_SECONDS
            is_late = time.monotonic() > until
            if is_late or await self._is_settled():
                self.world.bots.pause()
                if is_late or await self._is_settled():
                    return
                self.world.bots.go_on()
            await asyncio.sleep(1)

    async def _is_settled(self) -> bool:
        there = {key for key, raw in self.world.sandbox.kore.memory.campaigns.items() if not raw["deleted"]}
        return all(is_settled(case, there) for case in await self.world.cases())


async def torture(plan: Plan) -> tuple[World, Course, list[Case]]:
    """Run it, and return what the judge needs; the sandbox's state stays readable afterwards."""
    ends_at = time.monotonic() + 60 * plan.minutes
    settings = {**SETTINGS, "UNDO_WINDOW": str(plan.undo_seconds)}
    async with open_world(plan.database, plan.replicas, **settings) as world:
        course = Course(plan)
        await Torture(world, course, random.Random(), ends_at).run()  # noqa: S311 - not for secrets
        course.complaints = complaints(world.bots.logs())
        return world, course, await world.cases()


def _spoil_deletes(world: World, dice: random.Random) -> None:
    """Let half of all DELETEs, at random, get no proper answer, whether executed or not."""
    for _ in range(DELETES_FORESEEN):
        kind = dice.choice(("delay", dice.choice(("lost_answer", "lost_answer", "status", "reset"))))
        delay_ms = dice.randrange(300)
        world.sandbox.faults.add(Fault("kore", "delete", kind, delay_ms=delay_ms))  # type: ignore[arg-type]  # one of the kinds
