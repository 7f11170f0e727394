"""The world of one schedule: replicas, people, faults, and the end of all faults."""

import asyncio
import inspect
import traceback
from collections.abc import Awaitable
from typing import Any

from sandbox.environment import for_bot
from sandbox.traffic import Traffic
from settings.applications import read_applications
from tests.simulation.database import Database, at_once
from tests.simulation.engine_store import EngineStore
from tests.simulation.explore.delivery import Deliveries
from tests.simulation.explore.event import Event
from tests.simulation.explore.faults import CountedFaults, Faults
from tests.simulation.explore.goals import CAMPAIGNS
from tests.simulation.explore.holds import Begun, check_held, check_holds
from tests.simulation.explore.invariants import check_approved, check_create, check_delete, check_end
from tests.simulation.explore.ledger import Ledger, Sent
from tests.simulation.explore.list_people import ListPeople
from tests.simulation.explore.messages import check_messages
from tests.simulation.explore.observed import KoreNetwork, SlackNetwork
from tests.simulation.explore.others import Others
from tests.simulation.explore.plan import Plan
from tests.simulation.explore.queries import BEGUN_TWICE, LATE, MOVING, OPEN_TWICE
from tests.simulation.explore.stops import check_stop
from tests.simulation.explore.stored import rows
from tests.simulation.explore.weather import Weather
from tests.simulation.loop import SimulatedLoop
from tests.simulation.process import in_the_world
from tests.simulation.replica import Replica
from tests.simulation.sandbox import URL, LocalSandbox

GROUPS = {
    "S0REQUEST": ("U0ALICE", "U0BOB"),
    "S0APPROVE": ("U0BOB", "U0CAROL", "U0DAN"),
    "S0SECOND": ("U0CAROL", "U0DAN"),
    "S0ESCALATE": ("U0ALICE", "U0CAROL"),
}
SETTLE_SECONDS, LOOK_EVERY_SECONDS, SETTLED_LOOKS = 300.0, 2.0, 2


class NoTraffic(Traffic):
    """Records nothing: copying each exchange would take most of the time."""

    def record(self, *_: Any, **__: Any) -> None:
        """Do nothing."""


class Run:
    """The parts of one schedule."""

    def __init__(self, plan: Plan, loop: SimulatedLoop) -> None:
        self._plan = plan
        self._loop = loop
        self._waiting: list[Event] = []
        self._checked: set[tuple[str, int]] = set()
        self.ledger = Ledger()
        self.ledger.states = self._states
        self._weather = Weather(loop, plan.latency_seconds, self.ledger.struck)
        self._database = Database()
        self._inspect = self._database.inspect()
        self._begun = Begun(self.ledger, self._inspect)
        self._deliveries = Deliveries(loop, self.ledger, plan.latency_seconds)
        scopes = "files:write" if plan.seed % 2 else ""
        self._local = LocalSandbox(self._deliveries.receive, CountedFaults(self.ledger), NoTraffic(), scopes=scopes)
        self._sandbox = self._local.parts
        self._ids = self.ledger.first_ids = _keep_campaigns(self._sandbox.kore.memory.campaigns)
        self._replicas = self._deliveries.replicas = self._make_replicas()
        self._people = ListPeople(self._local, self.ledger, self._ids)
        self.faults = Faults(
            self._local,
            self._database,
            self._replicas,
            weather=self._weather,
            deliveries=self._deliveries,
            ledger=self.ledger,
        )
        self._others = Others(self._local, self.ledger, self._ids)

    async def play(self) -> None:
        """Start the replicas, let everything happen at its time, end all faults, and wait until nothing is left."""
        workspace = self._sandbox.slack.workspace
        workspace.members["C0APPROVALS"].append("U0DAN")
        for group_id, users in GROUPS.items():
            like = workspace.user_groups["S0APPROVE"]
            workspace.user_groups[group_id] = {**like, "id": group_id, "handle": group_id.lower(), "users": [*users]}
            for user in users:
                self.ledger.groups[user].add(group_id)
        await asyncio.gather(*(replica.start() for replica in self._replicas))
        self._database.before_statement = self._database.before_engine_operation = self._weather.before_statement
        self._database.after_commit = self._after_commit
        for event in self._plan.events:
            await asyncio.sleep(event.at - self._loop.now)
            if event.when:
                self._waiting.append(event)
            else:
                self._begin(event)
        while (self._waiting or self.faults.armed) and self._loop.now < self._plan.active_seconds:  # noqa: ASYNC110 - of many tasks
            await asyncio.sleep(1)
        self._waiting.clear()
        await asyncio.sleep(1)
        await self._calm()
        await self._settle()
        # The inspector's first connection in a process runs more statements than a later one: a dice must not see it.
        self._database.before_statement = self._database.after_commit = at_once
        check_end(self._loop.now, self.ledger, self._inspect, self._sandbox, self._limit())
        check_holds(self._loop.now, self.ledger, self._inspect, self._sandbox)
        await check_messages(self._loop.now, self.ledger, self._database.open("inspector"), self._sandbox)

    def _after_commit(self) -> Awaitable[None] | None:
        """Check what is approved and open, and begin what waits for a state that a request has now."""
        for row in rows(self._inspect, "SELECT * FROM requests WHERE state IN ('approved', 'deleting', 'stopping')"):
            if (row["id"], row["version"]) not in self._checked:
                self._checked.add((row["id"], row["version"]))
                check_approved(self._loop.now, row, self.ledger, self._sandbox)
            self._begun.check(self._loop.now, row)
        for campaign in rows(self._inspect, OPEN_TWICE):
            self.ledger.fail(self._loop.now, f"two open requests for {campaign['campaign_id']}")
        for listed in rows(self._inspect, BEGUN_TWICE):
            self.ledger.fail(self._loop.now, f"two requests of list {listed['list_id']} are being deleted")
        if self._waiting:
            states = self._states()
            for event in [event for event in self._waiting if event.when in states]:
                self._waiting.remove(event)
                self._begin(event)
        return self._weather.maybe_yield()

    def close(self) -> None:
        for replica in self._replicas:
            replica.kill()
            replica.bury()
        self._inspect.close()
        self._database.close()

    def outcomes(self) -> tuple[str, ...]:
        return tuple(row["state"] for row in rows(self._inspect, "SELECT state FROM requests"))

    def _make_replicas(self) -> list[Replica]:
        given = {**dict(self._plan.settings), "DATABASE_URL": self._database.url, "LOG_LEVEL": "WARNING"}
        settings = read_applications(for_bot(given, URL, bot_port=9, by_http=True))
        kore = KoreNetwork(self._local.server, self._weather, self._sandbox.kore, self.ledger, self._on_sent)
        names = {**self._ids, **{f"{name} again": campaign_id for name, campaign_id in self._ids.items()}}
        slack = SlackNetwork(self._local.server, self._weather, self.ledger, names, self._requests_for)
        self._kore, engine, found = kore, EngineStore(), []
        for index in range(self._plan.replicas):
            replica = Replica(f"replica-{index}", settings, self._database, engine, kore=kore, slack=slack)
            if index:
                replica.skew_seconds = self._loop.random.uniform(-20, 20)
                replica.clock_error_seconds = self._loop.random.uniform(-0.3, 0.3)
            replica.booted_at = self._loop.random.uniform(0, 100_000)
            found.append(replica)
        return found

    def _begin(self, event: Event) -> None:
        """Begin one event; what takes time goes on by itself."""
        doer = next(each for each in (self.faults, self._others, self._people) if hasattr(each, event.kind))
        if doer is not self._people:
            self.ledger.tell(self._loop.now, "world", str(event).strip())
        done = getattr(doer, event.kind)(*event.args)
        if inspect.iscoroutine(done):
            in_the_world(self._tried(event, done))

    async def _tried(self, event: Event, act: Any) -> None:
        try:
            await act
        except Exception as error:  # noqa: BLE001 - a mistake of the simulation must not look like one of the bot
            self.ledger.fail(self._loop.now, f"simulation: {event}: {error!r} {traceback.format_exc()}")

    async def _calm(self) -> None:
        """End all faults, and start what is down."""
        self.ledger.tell(self._loop.now, "world", "all faults end")
        self._weather.calm()
        self._sandbox.faults.clear()
        self.faults.armed.clear()
        self._deliveries.late.clear()
        self._deliveries.again.clear()
        for replica in self._replicas:
            if replica.process:
                replica.process.suspended_until = 0.0
        while not all(replica.is_ready for replica in self._replicas):  # noqa: ASYNC110 - of many tasks
            await asyncio.sleep(1)

    async def _lift_freeze(self) -> None:
        """Lift a freeze that holds: one that was typed early may be recorded late."""
        lost = {*self.ledger.lost_rights_at, *self.ledger.replaced_at}
        approvers = [user for user in ("U0BOB", "U0CAROL", "U0DAN") if user not in lost]
        if approvers and rows(self._inspect, "SELECT 1 FROM freezes WHERE lifted_at IS NULL"):
            await self._people.unfreeze(approvers[0])

    async def _settle(self) -> None:
        """Wait until nothing is left to do, twice in a row: a request may expire in between."""
        until, in_a_row = self._loop.now + SETTLE_SECONDS, 0
        while self._loop.now < until and in_a_row < SETTLED_LOOKS:
            await self._lift_freeze()
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            in_a_row = in_a_row + 1 if self._is_settled() else 0

    def _is_settled(self) -> bool:
        if self._kore.under_way:
            return False
        frozen = rows(self._inspect, "SELECT 1 FROM freezes WHERE lifted_at IS NULL")
        moving = rows(self._inspect, MOVING)
        unknown = rows(self._inspect, "SELECT * FROM requests WHERE state = 'unknown' AND rebuilds IS NULL")
        gone = [row for row in unknown if self._is_gone(row)]
        late = rows(self._inspect, LATE)
        return not ((moving and not frozen) or gone or late)

    def _is_gone(self, row: dict[str, Any]) -> bool:
        return self._sandbox.kore.memory.living(row["campaign_id"]) is None

    def _states(self) -> set[str]:
        return {row["state"] for row in rows(self._inspect, "SELECT DISTINCT state FROM requests")}

    def _requests_for(self, campaign_id: str) -> int:
        return len(rows(self._inspect, "SELECT 1 FROM requests WHERE campaign_id = ?", campaign_id))

    def _limit(self) -> int:
        return int(dict(self._plan.settings)["KORE_CALLS_PER_MINUTE"])

    def _on_sent(self, sent: Sent) -> None:
        if sent.method == "create":
            check_create(sent, self.ledger, rows(self._inspect, "SELECT * FROM requests"), self._sandbox)
            return
        requests = rows(self._inspect, "SELECT * FROM requests WHERE campaign_id = ?", sent.campaign_id)
        if sent.method == "stop":
            check_stop(sent, self.ledger, requests, self._inspect, self._sandbox)
            return
        freezes = rows(self._inspect, "SELECT * FROM freezes")
        check_delete(sent, self.ledger, requests, freezes, self._sandbox)
        check_held(sent, self.ledger, self._inspect)


def _keep_campaigns(stored: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Keep as many deletable campaigns as the plan has names, and return their ids by name."""
    chosen = [raw for raw in stored.values() if raw["campaignType"] == "sms" and raw.get("status") == "Ready"]
    found = {}
    for name, raw in zip(CAMPAIGNS, chosen, strict=False):
        raw.update(name=name, lname=name.lower())
        found[name] = str(raw["_id"])
    for campaign_id in [campaign_id for campaign_id in stored if campaign_id not in found.values()]:
        del stored[campaign_id]
    return found
