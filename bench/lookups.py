"""Measure the database queries of a command, a Home and a history, with up to a million finished requests."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from bench.scale import scaled
from bench.section import Goal, Section, percentile, table
from bench.seed_rows import APART, fill
from deletion.db.connection import migrate, open_engine
from deletion.domain.approvals.people import Membership, Person
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Preview, Request
from deletion.domain.states import State
from deletion.kore.health import KoreHealth
from deletion.stores.home_store import Homes, HomeSession
from deletion.stores.overview import overview
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_queries import RequestFilter, RequestQueries
from deletion.stores.request_store import RequestStore
from kore_api.models import Campaign
from sandbox.kore.seed import campaigns
from tests.torture.world import address

SIZES = (1_000, scaled(100_000, 2_000), scaled(1_000_000, 4_000))
ROUNDS, WARM = 200, 20
MOST, PAGE = 1.2, 10
TEAM, ALICE = "T0SANDBOX", Person(id="U0P7", team_id="T0SANDBOX", membership=Membership.MEMBER)
CAMPAIGN = Campaign.model_validate(campaigns()[0])
ASKED = ("command", "Home", "history")


@dataclass(frozen=True)
class Lookups:
    """The milliseconds of each query set, by surface, in a database of this size."""

    database: str
    finished: int
    took_ms: dict[str, list[float]] = field(default_factory=lambda: {asked: [] for asked in ASKED})

    def p99_ms(self, asked: str) -> float:
        return percentile(self.took_ms[asked], 99)

    @property
    def row(self) -> list[str]:
        times = [f"{statistics.median(took):.2f} / {self.p99_ms(asked):.2f}" for asked, took in self.took_ms.items()]
        return [self.database, f"{self.finished:,}", *times]


async def measure(folder: Path) -> Section:
    found = {database: await _of(database, folder) for database in ("sqlite", "postgresql")}
    goals = [_goal(database, by_size) for database, by_size in found.items()]
    head = ["database", "finished requests", *(f"{asked}, p50 / p99 ms" for asked in ASKED)]
    lines = [
        f"All queries of each surface, {scaled(ROUNDS)} times; the command writes twice and the Home once.", "",
        *table(head, [each.row for by_size in found.values() for each in by_size]),
    ]  # fmt: skip
    return Section("A million finished requests", goals, lines)


def _goal(database: str, by_size: list[Lookups]) -> Goal:
    few, many = by_size[0], by_size[-1]
    ratios = {asked: many.p99_ms(asked) / few.p99_ms(asked) for asked in ASKED}
    worst = max(ratios, key=lambda asked: ratios[asked])
    middle = statistics.median(many.took_ms[worst]) / statistics.median(few.took_ms[worst])
    figure = ", ".join(f"{asked} {many.p99_ms(asked):.1f} ms" for asked in ASKED)
    why = f"the {worst}; its median is {middle:.2f} times that with {few.finished:,}"
    return Goal(
        f"{database}: p99 with {many.finished:,} finished requests, relative to {few.finished:,}",
        figure, ", ".join(f"{ratio:.2f}" for ratio in ratios.values()), f"at most {MOST}", ratios[worst] <= MOST, why,
    )  # fmt: skip


async def _of(database: str, folder: Path) -> list[Lookups]:
    with address(database, folder) as url:
        migrate(url)
        engine, found, low = open_engine(url), [], 0
        first = pattern(now() - APART * SIZES[-1])
        for size in SIZES:
            await fill(engine, first, low, size)
            asks = _asks(
                RequestStore(engine), PreviewStore(engine), RequestQueries(engine), Homes(engine), KoreHealth(engine)
            )
            found.append(Lookups(database, size))
            for number in range(WARM + scaled(ROUNDS)):
                for asked, ask in asks.items():
                    began = time.perf_counter()
                    await ask()
                    if number >= WARM:
                        found[-1].took_ms[asked].append(1000 * (time.perf_counter() - began))
            low = size
        await engine.dispose()
        return found


def _asks(
    store: RequestStore, previews: PreviewStore, lookup: RequestQueries, homes: Homes, health: KoreHealth
) -> dict[str, Callable[[], Awaitable[None]]]:
    """Return the queries of each surface, as its listener runs them."""
    opened = HomeSession(user_id=ALICE.id, opened_at=now())

    async def command() -> None:
        await previews.claim_once(uuid4().hex)
        await store.delete_limits(TEAM, ALICE.id)
        await store.open_request(CAMPAIGN.id, None)
        await previews.save_preview(_preview())

    async def home() -> None:
        await homes.keep(opened)
        await overview(lookup, ALICE, {}, is_approver=True)
        await health.now()

    async def history() -> None:
        page = await lookup.history(RequestFilter(), None, PAGE)
        await lookup.messages(page.requests)
        await lookup.freeze()
        await lookup.history(RequestFilter(requester_id=ALICE.id), page.after, PAGE)

    return dict(zip(ASKED, (command, home, history), strict=True))


def _preview() -> Preview:
    shown = {"campaign": CampaignFingerprint.of(CAMPAIGN), "taken_at": now()}
    return Preview(id=uuid4().hex, team_id=TEAM, user_id=ALICE.id, channel_id="C0CAMPAIGNS", **shown)


def pattern(at: datetime) -> Request:
    """Return the first request, which has ended."""
    return Request(
        id=uuid4().hex,
        team_id=TEAM,
        requester_id="U0P0",
        channel_id="C0CAMPAIGNS",
        campaign=CampaignFingerprint.of(CAMPAIGN),
        reason="Replaced by the autumn one",
        state=State.DELETED,
        version=5,
        requested_at=at,
        changed_at=at,
        approved_at=at,
        approvals_required=1,
    )
