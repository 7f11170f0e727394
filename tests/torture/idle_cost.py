"""Measure the idle cost of the bot with 0, 1,000 and 10,000 requests awaiting approval."""

import asyncio
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg

from deletion.db.connection import migrate, open_engine
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.stores.request_store import RequestStore
from kore_api.models import Campaign
from sandbox.server import running
from tests.torture.bots import living
from tests.torture.people import CAMPAIGNS, CARDS
from tests.torture.report import say
from tests.torture.world import address

WAITING = (0, 1_000, 10_000)
SETTLE_SECONDS, MEASURED_SECONDS = 20.0, 30.0
MOST_MORE_PERCENT, MOST_MORE_MB = 1.0, 10.0  # more than without requests
AT_ONCE = 4
TTL = timedelta(days=30)
SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVAL_TTL": "30d", "APPROVAL_REMINDER": "29d"}
POLICY = Policy(approvals_channel=CARDS, approval_ttl=TTL)
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU, threads and memory. ``server_percent`` is PostgreSQL's CPU, or None if it runs elsewhere."""

    percent: float
    threads: int
    megabytes: float
    server_percent: float | None


async def measure(databases: Iterable[str]) -> int:
    """Print a table for each database. Return 1 if idling costs too much."""
    is_worse = False
    for database in databases:
        say(f"\n{database}, one bot at rest for {MEASURED_SECONDS:.0f} s")
        say(f"  {'awaiting approval':>18}{'% of a core':>14}{'threads':>10}{'MB':>10}{'% in PostgreSQL':>18}")
        costs: list[Cost] = []
        for waiting in WAITING:
            found = await cost(database, waiting)
            costs.append(found)
            server = "-" if found.server_percent is None else f"{found.server_percent:.1f}"
            say(f"  {waiting:>18,}{found.percent:>14.1f}{found.threads:>10}{found.megabytes:>10.1f}{server:>18}")
        is_worse |= any(is_too_much(found, costs[0]) for found in costs)
    return int(is_worse)


async def cost(
    database: str, waiting: int, settle_seconds: float = SETTLE_SECONDS, seconds: float = MEASURED_SECONDS
) -> Cost:
    """Measure a bot whose database got this many requests after its start, when it compares what all of them show."""
    with tempfile.TemporaryDirectory(prefix="campaign-delete-") as name, address(database, Path(name)) as url:
        migrate(url)
        async with running() as sandbox, living(sandbox.url, Path(name), 1, DATABASE_URL=url, **SETTINGS) as bots:
            await _fill(url, waiting)
            await asyncio.sleep(settle_seconds)
            process = bots.all[0].bot.process
            assert process, "started"
            assert process.returncode is None, "ended while it was measured"
            return await _observed(process.pid, _backends(url), seconds)


async def _observed(bot: int, server: list[int], seconds: float) -> Cost:
    """Return CPU seconds by process id; server processes that end in between are not counted."""
    before = _cpu_seconds([bot, *server])
    await asyncio.sleep(seconds)
    percent = {pid: 100 * (used - before[pid]) / seconds for pid, used in _cpu_seconds([bot, *server]).items()}
    threads, megabytes = _size(bot)
    of_bot = percent.pop(bot)
    return Cost(of_bot, threads, megabytes, sum(percent.values()) if percent else None)


async def _fill(url: str, waiting: int) -> None:
    """Insert requests as the bot records them: all messages are current, and nothing is due for weeks."""
    engine = open_engine(url)
    store, gate = RequestStore(engine), asyncio.Semaphore(AT_ONCE)

    async def add() -> None:
        async with gate:
            request = _request()
            at = request.requested_at
            entry = Entry(at=at, event="requested", actor_id=request.requester_id, surface="confirm modal")
            told = {"ts": f"{at.timestamp():.6f}", "shown_version": request.version, "shown": "as it is"}
            owed = recipients(request, entry, POLICY)
            shown = [message.model_copy(update={**told, "channel_id": message.target_id}) for message in owed]
            await store.add(request, entry, shown)

    await asyncio.gather(*(add() for _ in range(waiting)))
    await engine.dispose()


def _request() -> Request:
    at = now()
    campaign = Campaign.model_validate({"_id": f"cd-{uuid4()}", "name": "Autumn", "status": "Stopped"})
    return Request(
        id=uuid4().hex,
        team_id="T0SANDBOX",
        requester_id="U0ALICE",
        channel_id=CAMPAIGNS,
        campaign=CampaignFingerprint.of(campaign),
        reason="Replaced by the autumn one",
        state=State.AWAITING_APPROVAL,
        version=1,
        requested_at=at,
        changed_at=at,
        approvals_required=1,
        expires_at=at + TTL,
    )


def _backends(url: str) -> list[int]:
    """Return the server processes of this database, if they run on this machine."""
    if not url.startswith("postgresql"):
        return []
    with psycopg.connect(url) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found = [int(row[0]) for row in connection.execute(query)]
    return [pid for pid in found if Path(f"/proc/{pid}").exists()]


def _cpu_seconds(pids: list[int]) -> dict[int, float]:
    """Return user and system time of each living process: fields 14 and 15 of ``stat`` in proc(5)."""
    stats = {pid: Path(f"/proc/{pid}/stat") for pid in pids}
    fields = {pid: stat.read_text().rpartition(")")[2].split() for pid, stat in stats.items() if stat.exists()}
    return {pid: (int(field[11]) + int(field[12])) / TICKS_PER_SECOND for pid, field in fields.items()}


def _size(pid: int) -> tuple[int, float]:
    """Return the number of threads, and resident memory in MB."""
    values = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(values["Threads"]), int(values["VmRSS"].split()[0]) / 1024


def is_too_much(cost: Cost, empty: Cost) -> bool:
    """Return whether the cost exceeds that of an empty database by more than the limit."""
    return cost.percent - empty.percent > MOST_MORE_PERCENT or cost.megabytes - empty.megabytes > MOST_MORE_MB
