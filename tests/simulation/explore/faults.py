"""The faults, and what an operator does, each by the name that a plan gives it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast

from sandbox.faults import Fault, Target
from sandbox.faults import Faults as SandboxFaults
from tests.simulation.database import Database
from tests.simulation.explore.approvers import APPROVER_GROUPS
from tests.simulation.explore.delivery import Deliveries
from tests.simulation.explore.ledger import Ledger
from tests.simulation.explore.weather import Weather
from tests.simulation.process import Process, in_the_world
from tests.simulation.replica import Replica
from tests.simulation.sandbox import LocalSandbox

VENDORS: dict[Target, str] = {"kore": "Kore.ai", "slack": "Slack"}
IDLE_LIMIT_SECONDS = 10.0
START_AGAIN_SECONDS = 2.0
READS = ("get", "status", "list")


class CountedFaults(SandboxFaults):
    """The sandbox's faults, counted when they take effect."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(latency_ms=0)
        self._ledger = ledger

    def take(self, target: Target, operation: str, args: Mapping[str, Any] = MappingProxyType({})) -> Fault | None:
        if fault := super().take(target, operation, args):
            self._ledger.struck(f"{VENDORS[target]} {fault.kind}".replace("_", " "))
        return fault

    async def pause(self, target: Target, fault: Fault | None) -> None:
        """Wait for a delay only: latency is the network's."""
        if fault and fault.delay_ms:
            await super().pause(target, fault)


@dataclass
class Armed:
    """A crash or suspension that waits until a replica has run so many more callbacks."""

    replica: Replica
    callbacks: int
    kind: str
    seconds: float


class Faults:
    """``replicas`` are those of the schedule; an index counts modulo their number."""

    def __init__(
        self,
        local: LocalSandbox,
        database: Database,
        replicas: list[Replica],
        *,
        weather: Weather,
        deliveries: Deliveries,
        ledger: Ledger,
    ) -> None:
        self._local = local
        self._database = database
        self._replicas = replicas
        self._weather = weather
        self._deliveries = deliveries
        self._ledger = ledger
        self.armed: list[Armed] = []

    def before_callback(self, process: Process | None) -> None:
        """Count down what is armed for this process."""
        if process is None or not self.armed:
            return
        for fault in [fault for fault in self.armed if fault.replica.process is process]:
            fault.callbacks -= 1
            if fault.callbacks <= 0:
                self.armed.remove(fault)
                self._strike(fault, process)

    def crash(self, index: int, callbacks: int, down_seconds: float) -> None:
        self.armed.append(Armed(self._replica(index), callbacks, "crash", down_seconds))

    def suspend(self, index: int, callbacks: int, seconds: float) -> None:
        self.armed.append(Armed(self._replica(index), callbacks, "suspend", seconds))

    # What lasts for a time counts as taking effect when it begins.

    def database_slow(self, seconds: float, delay_seconds: float) -> None:
        self._ledger.struck("database slow")
        self._weather.database_slow_until = _now() + seconds
        self._weather.database_delay_seconds = delay_seconds

    def database_down(self, seconds: float) -> None:
        self._ledger.struck("database down")
        self._weather.database_down_until = _now() + seconds

    def database_locked(self, seconds: float) -> None:
        self._ledger.struck("database locked")
        self._weather.database_locked_until = _now() + seconds

    def kore(self, operation: str, kind: str, times: int) -> None:
        if kind == "error" and operation in READS:
            if self._weather.hidden_from:
                return
            self._weather.is_refusing = True
        details: dict[str, Any] = {"delay_ms": 8_000} if kind == "delay" else {}
        self._local.parts.faults.add(Fault("kore", operation, cast("Any", kind), times=times, **details))

    def kore_late(self, operation: str, seconds: float) -> None:
        self._weather.late[operation].append(seconds)

    def kore_lost(self, operation: str, part: str) -> None:
        self._weather.lost[operation].append(part)

    def kore_eventual(self, seconds: float) -> None:
        self._ledger.struck("Kore.ai shows deletes late")
        self._weather.kore_eventual_until = _now() + seconds

    def kore_hides(self, operation: str, seconds: float) -> None:
        """Let one operation say that there is no campaign. Only the first one: two that agree would not contradict.

        Nor may another one refuse to show it without a reason, which the bot takes for agreement.
        """
        if not self._weather.is_refusing:
            self._weather.hidden_from = self._weather.hidden_from or operation
            self._weather.hidden_until = _now() + seconds

    def slack(self, method: str, kind: str, code: str, times: int) -> None:
        details: dict[str, Any] = {"delay_ms": 6_000} if kind == "delay" else {"error": code}
        self._local.parts.faults.add(Fault("slack", method, cast("Any", kind), times=times, **details))

    def slack_slow(self, seconds: float, delay_seconds: float) -> None:
        self._ledger.struck("Slack slow")
        self._weather.slack_slow_until = _now() + seconds
        self._weather.slack_delay_seconds = delay_seconds

    def slack_twice(self, _index: int, seconds: float) -> None:
        self._deliveries.again.append(seconds)

    def slack_late(self, _index: int, seconds: float) -> None:
        self._deliveries.late.append(seconds)

    def redeploy(self, index: int, undo_seconds: int) -> None:
        replica = self._replica(index)
        _configure(replica, UNDO_WINDOW=timedelta(seconds=undo_seconds))
        self._ledger.struck("redeployed")
        in_the_world(self._redeploy(replica))

    async def replace_approvers(self, group: str) -> None:
        """Restart all replicas one after the other, with the members of one group as the only approvers."""
        self._ledger.struck("approvers replaced")
        for replica in self._replicas:
            _configure(replica, APPROVERS=(group,))
        for replica in self._replicas:
            while not replica.is_ready:  # noqa: ASYNC110 - it starts by itself
                await asyncio.sleep(START_AGAIN_SECONDS)
            await self._redeploy(replica)
        for user, groups in self._ledger.groups.items():
            if APPROVER_GROUPS & groups and group not in groups:
                self._ledger.replaced_at.setdefault(user, _now())

    async def start_again(self, replica: Replica, down_seconds: float) -> None:
        """Start a replica after a while, again and again until it starts."""
        await asyncio.sleep(down_seconds)
        while replica.process is None:
            try:
                await replica.start()
            except Exception as error:  # noqa: BLE001 - as an operator or supervisor does, whatever it was
                replica.kill()
                self._ledger.tell(_now(), replica.name, f"does not start: {type(error).__name__}")
                await asyncio.sleep(START_AGAIN_SECONDS)

    async def _redeploy(self, replica: Replica) -> None:
        if replica.process and replica.is_ready:
            await replica.stop()
            await self.start_again(replica, 0.5)

    def _strike(self, fault: Armed, process: Process) -> None:
        self._ledger.tell(_now(), fault.replica.name, f"{fault.kind} for {fault.seconds} s")
        self._ledger.struck(fault.kind)
        if fault.kind == "crash":
            fault.replica.kill()
            in_the_world(self.start_again(fault.replica, fault.seconds))
        else:
            process.suspended_until = _now() + fault.seconds
            self._ledger.suspended.append((process.name, _now(), process.suspended_until))
            if fault.seconds > IDLE_LIMIT_SECONDS:
                in_the_world(self._end_idle(process))

    async def _end_idle(self, process: Process) -> None:
        await asyncio.sleep(IDLE_LIMIT_SECONDS)
        self._database.end_idle_transactions(process)

    def _replica(self, index: int) -> Replica:
        return self._replicas[index % len(self._replicas)]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _configure(replica: Replica, **settings: Any) -> None:
    """Change settings from the replica's next start on."""
    (application,) = replica.applications
    changed = application.settings.model_copy(update=settings)
    replica.applications = (replace(application, settings=changed),)
