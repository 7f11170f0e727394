"""Measure suggestions by the number of campaigns: search in memory and build the picker's answer."""

import gc
import random
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.scale import scaled
from bench.section import Goal, Section, percentile, table
from deletion.catalogue.listed_campaign import ListedCampaign, sorted_for_picker
from deletion.catalogue.search import rank
from deletion.domain.policy import Policy
from slack_ui.views import picker_modal

SIZES = (100, 1_000, 10_000, 100_000)
MEANT, MOST_MS = 10_000, 50
QUERIES = ("", "spring sale", "billing alrt", "campaign-212", "0042", "winback reminder emea", "no such thing")
ROUNDS = 20
POLICY = Policy(deletable_statuses=("Ready", "Stopped", "Completed"))
FIRST = ("Spring", "Billing", "Loyalty", "Outage", "Winback", "Renewal", "Appointment", "Delivery", "Fraud", "Holiday")
LAST = ("Sale", "Alert", "Reminder", "Notice", "Survey", "Campaign", "Update", "Offer", "Invite", "Points")
PLACES = ("EMEA", "Americas", "Zone 4", "Q2", "2023", "July", "Template")


@dataclass(frozen=True)
class Finding:
    """The milliseconds of each suggestion."""

    campaigns: int
    took_ms: list[float]

    @property
    def p99_ms(self) -> float:
        return percentile(self.took_ms, 99)

    @property
    def row(self) -> list[str]:
        each_us = 1000 * self.p99_ms / self.campaigns
        return [
            f"{self.campaigns:,}",
            f"{statistics.median(self.took_ms):.2f}",
            f"{self.p99_ms:.2f}",
            f"{max(self.took_ms):.2f}",
            f"{each_us:.2f}",
        ]


async def measure(_folder: Path) -> Section:
    found = [Finding(size, _took_ms(_campaigns(size))) for size in SIZES]
    meant = next(each for each in found if each.campaigns == MEANT)
    growth, size = found[-1].p99_ms / meant.p99_ms, found[-1].campaigns // MEANT
    why = "a query that matches no name is compared with every name by similarity"
    goals = [
        Goal(f"suggestion over {MEANT:,} campaigns, p99", f"{meant.p99_ms:.0f} ms", "-", f"at most {MOST_MS} ms",
             meant.p99_ms <= MOST_MS, why),
        Goal(f"the same over {size} times as many campaigns", f"{found[-1].p99_ms:.0f} ms", f"{growth:.1f}",
             f"at most {size}", growth <= size, why),
    ]  # fmt: skip
    head = ["campaigns", "median ms", "p99 ms", "longest ms", "p99 µs per campaign"]
    queries = ", ".join(f'"{query}"' for query in QUERIES)
    lines = [f"{queries}, {scaled(ROUNDS)} times each.", "", *table(head, [each.row for each in found])]
    return Section("Suggestions", goals, lines)


def _took_ms(campaigns: tuple[ListedCampaign, ...]) -> list[float]:
    gc.freeze()  # as the bot does with the list that it has at its start
    took = []
    for query in QUERIES * scaled(ROUNDS):
        began = time.perf_counter()
        hits = rank(query, campaigns)
        picker_modal.answer([hit.campaign for hit in hits], POLICY, in_groups=not query)
        took.append(1000 * (time.perf_counter() - began))
    return took


def _campaigns(count: int) -> tuple[ListedCampaign, ...]:
    dice = random.Random(42)  # noqa: S311 - the same list in every run
    campaigns = [
        ListedCampaign(
            id=f"cd-{number:08x}-f98e-5f4f-ad41-92803abb{number % 10_000:04}",
            name=f"{dice.choice(FIRST)} {dice.choice(LAST)} {dice.choice(PLACES)} {number}",
            status=dice.choice(("Ready", "Stopped", "Active")),
            is_sms=True,
            is_voice=False,
            updated_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        )
        for number in range(count)
    ]
    return sorted_for_picker(campaigns, POLICY)
