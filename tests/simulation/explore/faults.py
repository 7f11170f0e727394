"""The faults and the console's changes, each by the name that a plan gives it."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sandbox.faults import Fault
from sandbox.slack.seed import dm_of
from tests.simulation.clock import true_time
from tests.simulation.database import Database
from tests.simulation.explore.delivery import Deliveries
from tests.simulation.explore.ledger import Ledger
from tests.simulation.explore.weather import Weather
from tests.simulation.process import Process, in_the_world
from tests.simulation.replica import Replica
from tests.simulation.sandbox import LocalSandbox

IDLE_LIMIT_SECONDS = 10.0
START_AGAIN_SECONDS = 2.0


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
        campaign_ids: dict[str, str],
    ) -> None:
        self._local = local
        self._database = database
        self._replicas = replicas
        self._weather = weather
        self._deliveries = deliveries
        self._ledger = ledger
        self._ids = campaign_ids
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

    def database_slow(self, seconds: float, delay_seconds: float) -> None:
        self._weather.database_slow_until = _now() + seconds
        self._weather.database_delay_seconds = delay_seconds

    def database_down(self, seconds: float) -> None:
        self._weather.database_down_until = _now() + seconds

    def database_locked(self, seconds: float) -> None:
        self._weather.database_locked_until = _now() + seconds

    def kore(self, operation: str, kind: str, times: int) -> None:
        details: dict[str, Any] = {"delay_ms": 8_000} if kind == "delay" else {}
        self._local.parts.faults.add(Fault("kore", operation, cast("Any", kind), times=times, **details))

    def kore_late(self, operation: str, seconds: float) -> None:
        self._weather.late[operation].append(seconds)

    def kore_lost(self, operation: str, part: str) -> None:
        self._weather.lost[operation].append(part)

    def kore_eventual(self, seconds: float) -> None:
        self._weather.kore_eventual_until = _now() + seconds

    def slack(self, method: str, kind: str, code: str, times: int) -> None:
        details: dict[str, Any] = {"delay_ms": 6_000} if kind == "delay" else {"error": code}
        self._local.parts.faults.add(Fault("slack", method, cast("Any", kind), times=times, **details))

    def slack_slow(self, seconds: float, delay_seconds: float) -> None:
        self._weather.slack_slow_until = _now() + seconds
        self._weather.slack_delay_seconds = delay_seconds

    def slack_twice(self, _index: int, seconds: float) -> None:
        self._deliveries.again.append(seconds)

    def slack_late(self, _index: int, seconds: float) -> None:
        self._deliveries.late.append(seconds)

    def change(self, name: str, field: str) -> None:
        """Change one field in the console, sometimes without a new ``updatedAt``."""
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        values: dict[str, Any] = {
            "name": f"{name} again", "status": "Completed" if raw["status"] != "Completed" else "Stopped",
            "message": {"message": f"changed at {_now()}"}, "contactLists": [f"List {_now()}"],
            "schedule": {"isSchedulingEnabled": True, "at": _now()},
            "dialingStrategy": {**raw["dialingStrategy"], "maxAttempts": _now()}, "priority": "9",
            "updatedAt": _iso(), "extra": {"note": _now()},
        }  # fmt: skip
        raw[field] = values[field]
        if int(_now()) % 2:
            raw["updatedAt"] = _iso()

    def start_campaign(self, name: str) -> None:
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        raw.update(status="Active", updatedAt=_iso())

    def delete_in_console(self, name: str) -> None:
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        raw["deleted"] = True
        self._ledger.been_gone.add(self._ids[name])

    def recreate(self, name: str) -> None:
        raw = self._local.parts.kore.memory.campaigns[self._ids[name]]
        if raw["deleted"]:
            raw.update(deleted=False, updatedAt=_iso())
            self._ledger.recreated.add(self._ids[name])

    def lose_right(self, user: str) -> None:
        workspace = self._local.parts.slack.workspace
        for group in workspace.user_groups.values():
            if user in group["users"]:
                group["users"].remove(user)
        self._ledger.lost_rights_at.setdefault(user, _now())

    def deactivate(self, user: str) -> None:
        self._local.parts.slack.workspace.users[user]["deleted"] = True
        self._ledger.lost_rights_at.setdefault(user, _now())

    def second_account(self, user: str, other: str) -> None:
        """Make an approver another account of somebody else: the same person, by the address of the account."""
        workspace = self._local.parts.slack.workspace
        workspace.users[user]["profile"]["email"] = workspace.users[other]["profile"]["email"]
        workspace.members[dm_of(user)] = [user, "U0BOT"]

    def redeploy(self, index: int, undo_seconds: int) -> None:
        replica = self._replica(index)
        (application,) = replica.applications
        changed = application.settings.model_copy(update={"UNDO_WINDOW": timedelta(seconds=undo_seconds)})
        replica.applications = (replace(application, settings=changed),)
        in_the_world(self._redeploy(replica))

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


def _iso() -> str:
    at = datetime.fromtimestamp(true_time(), UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")
