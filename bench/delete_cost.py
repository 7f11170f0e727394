"""Count the calls to Kore.ai, and the seconds, that one delete takes by the size of the account."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.scale import scaled
from bench.section import Goal, Section, table
from bench.targets import BOT, running
from sandbox.kore.factories import sms_id
from sandbox.kore.seed import BULK_FROM
from sandbox.server import running as sandbox_running
from slack_ui import strings
from slack_ui.parts import ids
from tests.stories.person import Person, eventually, shown

SIZES = (33, 2_000, 6_000, scaled(100_000, 10_000))
SEEDED = (sms_id(1), "Interactive Support SMS Campaign")
OLDEST = (sms_id(BULK_FROM), "Archive Notice 000000")  # at the very end of the list
MOST_CALLS = {0: 8, 1: 12}  # by the number of approvals
APPROVALS = {0: "no approval", 1: "one approval"}
SLACK_MS, KORE_MS = 20, 50
FIRST_PAGES = 10  # the cached list reads so many at once when the bot starts


@dataclass(frozen=True)
class Cost:
    """One delete, from the command to the verified outcome.

    ``calls`` are the delete's own; ``list_calls`` those of the cached list's background sync in the same time.
    """

    campaigns: int
    approvals: int
    form_calls: int
    calls: int
    list_calls: int
    knows_messages_sent: bool
    seconds: float

    @property
    def row(self) -> list[str]:
        known = "yes" if self.knows_messages_sent else "**no**"
        figures = (self.form_calls, known, self.calls - self.form_calls, self.calls, self.list_calls)
        return [f"{self.campaigns:,}", str(self.approvals), *map(str, figures), f"{self.seconds:.1f}"]


async def measure(folder: Path) -> Section:
    found = [await cost_of_one(folder, size, approvals) for size in SIZES for approvals in MOST_CALLS]
    head = ["campaigns", "approvals", "calls until the form is complete", "messages sent known",
            "calls from submit to outcome", "calls of the delete", "calls of the list's sync meanwhile",
            "seconds from the last submit to outcome"]  # fmt: skip
    lines = [
        f"One delete of the oldest campaign, Slack {SLACK_MS} ms, Kore.ai {KORE_MS} ms, no undo window, a bot that has",
        "just started. The cached list syncs in the background, for all deletes and suggestions together: after a full",
        "sweep, one call at most once a minute.",
        "",
        *table(head, [cost.row for cost in found]),
    ]
    return Section(
        "Calls to Kore.ai by the size of the account", [_goal(found, approvals) for approvals in MOST_CALLS], lines
    )


def _goal(found: list[Cost], approvals: int) -> Goal:
    costs, most = [cost for cost in found if cost.approvals == approvals], MOST_CALLS[approvals]
    figure = ", ".join(str(cost.calls) for cost in costs)
    what = f"calls of one delete with {APPROVALS[approvals]}, at {', '.join(f'{cost.campaigns:,}' for cost in costs)}"
    return Goal(f"{what} campaigns", figure, "-", f"at most {most}", max(cost.calls for cost in costs) <= most)


async def cost_of_one(folder: Path, size: int, approvals: int) -> Cost:
    """Start a sandbox with so many campaigns and a bot, and measure one delete."""
    database_url = f"sqlite:///{folder}/{size}-{approvals}.sqlite3"
    settings = {"APPROVALS_REQUIRED": str(approvals), "UNDO_WINDOW": "0", "DATABASE_URL": database_url}
    async with sandbox_running(latency_ms=0) as sandbox, httpx.AsyncClient(base_url=sandbox.url, timeout=60) as api:
        sandbox.faults.latency_ms = {"slack": SLACK_MS, "kore": KORE_MS}
        await api.post("/sandbox/kore/fill", json={"count": size})
        async with running(BOT, sandbox.url, folder, settings=settings) as bot:
            await api.post("/sandbox/delivery", json={"request_url": bot.url})
            await _first_pages(api, size)
            return await _delete_one(api, size, approvals)


async def _first_pages(api: httpx.AsyncClient, size: int) -> None:
    """Wait until the sync that begins at the start has read what it reads without a pause."""
    pages = min(FIRST_PAGES, size // 100 + 2)

    async def are_read() -> bool:
        return len([call for call in await _calls(api, 0) if call["what"] == "list"]) >= pages

    await eventually(are_read, f"{pages} pages")


async def _delete_one(api: httpx.AsyncClient, size: int, approvals: int) -> Cost:
    """Ask for the delete, approve it if that is required, and count until the outcome is posted."""
    campaign_id, name = SEEDED if size == SIZES[0] else OLDEST
    alice, last = Person(api, "U0ALICE"), await _last(api)
    view = await alice.asks_to_delete(campaign_id)
    form_calls = len(_own(await _calls(api, last)))
    began = time.perf_counter()
    if wrong := await alice.submits(view, name):
        raise RuntimeError(f"the form was refused: {wrong}")
    if approvals:
        began = await _approve(Person(api, "U0BOB"), campaign_id)
    await alice.reads(f"`{name}` was deleted.")
    seconds, calls = time.perf_counter() - began, await _calls(api, last)
    knows = strings.campaign.SENT_MISSING.format(missing=strings.modals.UNKNOWN) not in shown(view)
    return Cost(size, approvals, form_calls, len(_own(calls)), len(calls) - len(_own(calls)), knows, seconds)


async def _approve(bob: Person, campaign_id: str) -> float:
    """Approve as the one approver; return when the form was submitted."""

    async def card() -> dict[str, Any] | None:
        cards = [message for message in await bob.messages("C0APPROVALS") if campaign_id in shown(message["blocks"])]
        return next((each for each in cards if ids.BUTTONS_BLOCK in str(each["blocks"])), None)

    ts = (await eventually(card, "the approval card"))["ts"]
    button = {"block_id": ids.BUTTONS_BLOCK, "action_id": ids.APPROVE_BUTTON}
    await bob.does("click", channel="C0APPROVALS", ts=ts, **button)
    view, began = await bob.modal(ids.APPROVE_VIEW), time.perf_counter()
    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: campaign_id[-4:]}}
    await bob.does("modal/submit", view_id=view["id"], values=values)
    return began


async def _last(api: httpx.AsyncClient) -> int:
    calls = (await api.get("/sandbox/traffic")).json()
    return int(calls[-1]["n"]) if calls else 0


async def _calls(api: httpx.AsyncClient, last: int) -> list[dict[str, Any]]:
    exchanges = (await api.get("/sandbox/traffic", params={"after": last})).json()
    return [exchange for exchange in exchanges if exchange["direction"] == "to_kore"]


def _own(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all calls but those of the cached list, which alone reads it without dates."""
    return [call for call in calls if call["what"] != "list" or "startDate" in call["request"]["body"]]
