"""Schedules in which people act on one list of campaigns."""

import random
from collections.abc import Sequence
from dataclasses import replace

from tests.simulation.explore.event import Event

LISTS = 0.15  # of the schedules
OF_LISTS = {
    "approve": "approve_many", "reject": "reject_many", "withdraw": "withdraw_many", "stop": "stop_many",
    "withdraw_approval": "withdraw_approval_many",
}  # fmt: skip


def as_list(
    events: list[Event], dice: random.Random, campaigns: Sequence[str], approvers: Sequence[str]
) -> list[Event]:
    """Return the events of a schedule, in some of which people act on one list and not on single requests.

    The dice are of their own, so that the other schedules stay as they were.
    """
    if dice.random() >= LISTS:
        return events
    asking = [event for event in events if event.kind == "ask"]
    found = [replace(event, kind=OF_LISTS.get(event.kind, event.kind)) for event in events if event not in asking]
    found.append(Event(asking[0].at, "ask_many", (asking[0].args[0], *dice.sample(campaigns, dice.choice((2, 3, 3))))))
    return found + [Event(dice.uniform(6, 24), "continue_many", (dice.choice(approvers),)) for _ in range(2)]
