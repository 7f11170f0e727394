"""Measure the time from the command to the summary, with Slack and Kore.ai behind TLS and latency."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path

from bench import profile
from bench.fake_vendors import KORE_MS, PLENTY, SLACK_MS, Vendors, release_rate_limit, vendors
from bench.load_sender import Payload, command
from bench.scale import scaled
from bench.section import Goal, Section, spread, table
from bench.targets import BOT, TEMPLATE, running
from slack_ui.parts import ids
from tests.stories.person import Person

ROUNDS, PROFILED = 3, 128
MOST = 1.05


@dataclass
class Wait:
    """The milliseconds of each round with these latencies. ``limit_ms`` is the time of the calls alone.

    ``opened_ms``: until a modal is open. ``before_ms`` and ``between_ms``: the target's own time until its first calls
    arrive, and from their answers until it sends the summary.
    """

    name: str
    slack_ms: int
    kore_ms: int
    limit_ms: float
    shown_ms: list[float] = field(default_factory=list)
    opened_ms: list[float] = field(default_factory=list)
    before_ms: list[float] = field(default_factory=list)
    between_ms: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.shown_ms) / self.limit_ms

    @property
    def row(self) -> list[str]:
        opened, before, between = (
            f"{statistics.median(each):,.0f}" for each in (self.opened_ms, self.before_ms, self.between_ms)
        )
        where = [self.name, str(self.slack_ms), str(self.kore_ms)]
        return [*where, opened, spread(self.shown_ms), f"{self.limit_ms:,.0f}", f"{self.ratio:.2f}", before, between]


@dataclass(frozen=True)
class Summaries:
    section: Section
    waits: list[Wait]


async def measure(folder: Path) -> Summaries:
    async with vendors(folder) as far:
        limits_ms = await _limits_ms(far)
        found, opened = await _of(BOT, far, folder, limits_ms)
        theirs, theirs_opened = await _of(TEMPLATE, far, folder, limits_ms)
        shares = await _shares(far, folder)
    head = [
        "target",
        "Slack ms",
        "Kore.ai ms",
        "ms until a modal",
        "ms until the summary (spread)",
        "limit ms",
        "ratio",
    ]
    rows = [wait.row for wait in (*found, *theirs)]
    lines = [
        "The limit: the slower of `views.open` and the read of the campaign, then `views.update`, each as long as",
        "one warm call by a client without other work. A new connection costs one more latency.", "",
        *table([*head, "own ms before", "own ms between"], rows), "",
        f"Connections opened in {len(found) * len(found[0].shown_ms)} commands: {opened}, template {theirs_opened}.",
        "",
        f"CPU time of the bot, by package: {shares}.",
    ]  # fmt: skip
    return Summaries(
        Section("From the command to the summary", [_in_time(found), _warm(opened)], lines), found + theirs
    )


def _in_time(found: list[Wait]) -> Goal:
    worst = max(found, key=lambda wait: wait.ratio)
    late = sum(wait.ratio > MOST for wait in found)
    own = statistics.median([a + b for wait in found for a, b in zip(wait.before_ms, wait.between_ms, strict=True)])
    why = f"at {late} of {len(found)} distances; the bot itself takes {own:.0f} ms at every distance, see below"
    figure = f"{statistics.median(worst.shown_ms):,.0f} ms at {worst.slack_ms}/{worst.kore_ms} ms"
    ratios = f"{min(wait.ratio for wait in found):.2f} to {worst.ratio:.2f}"
    return Goal("command to summary, at nine distances", figure, ratios, f"at most {MOST}", not late, why)


def _warm(opened: int) -> Goal:
    why = "connections were closed in between"
    return Goal("connections opened by warm commands", str(opened), "-", "none", not opened, why)


async def _limits_ms(far: Vendors) -> dict[tuple[int, int], float]:
    """Return the unavoidable time at each distance: two parallel calls, then one more to Slack."""
    slack, kore = {}, {}
    for slack_ms, kore_ms in zip(SLACK_MS, KORE_MS, strict=True):
        far.move_to(slack_ms, kore_ms)
        slack[slack_ms], kore[kore_ms] = await far.slack_ms(), await far.kore_ms()
    return {(near, far_): max(slack[near], kore[far_]) + slack[near] for near in SLACK_MS for far_ in KORE_MS}


async def _shares(far: Vendors, folder: Path) -> str:
    """Return the bot's CPU time by package, including the work after the summary."""
    far.move_to(0, 0)

    def asking() -> Payload:
        trigger_id = far.sandbox.slack.workspace.triggers.issue("U0ALICE")
        kind, payload = command()
        return kind, {**payload, "text": far.campaign_id, "trigger_id": trigger_id}

    plenty = {"KORE_CALLS_PER_MINUTE": str(PLENTY), "DATABASE_URL": f"sqlite:///{folder}/profiled.sqlite3"}
    return await profile.shares(far.sandbox, folder, asking, PROFILED, plenty)


async def _of(name: str, far: Vendors, folder: Path, limits_ms: dict[tuple[int, int], float]) -> tuple[list[Wait], int]:
    """Return the times at each distance, and the number of connections opened after warm-up."""
    database_url = f"sqlite:///{folder}/summaries.sqlite3"
    far.move_to(0, 0)
    settings = {**far.addresses, "DATABASE_URL": database_url, "APPROVALS_REQUIRED": "0"}
    found, opened = [], 0
    async with running(name, far.sandbox.url, folder, settings=settings) as target:
        await far.api.post("/sandbox/delivery", json={"request_url": target.url})
        for distance, limit_ms in limits_ms.items():
            far.move_to(*distance)
            await _command(far, Wait(name, *distance, limit_ms))  # warm
            wait, before = Wait(name, *distance, limit_ms), far.opened
            for _ in range(scaled(ROUNDS, 2)):
                await _command(far, wait)
                if name == BOT:
                    await release_rate_limit(database_url)
            opened += far.opened - before
            found.append(wait)
    return found, opened


async def _command(far: Vendors, wait: Wait) -> None:
    alice, last = Person(far.api, "U0ALICE"), far.last
    view = await alice.asks_to_delete(far.campaign_id)
    calls = far.since(last)
    began, opened, read = calls[ids.COMMAND].began, calls["views.open"], calls["get"]
    filled = calls.get("views.update", opened)  # a target that reads first opens the modal with the summary in it
    waited_for = [opened, read] if filled is not opened else [read]
    wait.opened_ms.append(1000 * (opened.ended - began))
    wait.shown_ms.append(1000 * (filled.ended - began))
    wait.before_ms.append(1000 * (max(call.began for call in waited_for) - began))
    wait.between_ms.append(1000 * (filled.began - max(call.ended for call in waited_for)))
    await alice.does("modal/close", view_id=view["id"], all=True)
