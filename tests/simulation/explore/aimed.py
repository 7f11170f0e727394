"""Lead a request to one state without a fault, and let all faults take effect there: so they meet rare states."""

import random
from dataclasses import replace
from typing import Any

from tests.simulation.explore.event import Event
from tests.simulation.explore.fault_kinds import KORE_KINDS, SLACK_CODES, SLACK_KINDS
from tests.simulation.explore.goals import APPROVERS, CAMPAIGNS, FIELDS, REQUESTERS, towards

LAST_DIGITS = (0, 3)  # of the seeds whose schedules are aimed
RARE_FROM, RARE_LAST_DIGITS = 50_001, (5, 8)  # these, from this seed on, at pairs that 50,000 schedules left rare
FAULTS, FAULTS_END_SECONDS = 8, 30.0
# States that hardly any other schedule reaches, or that last for moments, come more often.
TARGETS = (
    "rebuilding", "cancelled", "stopping", "changed", "campaign stopped", "deleted", "rebuilt", "expired", "rebuilding",
    "failed", "stopping", "gone", "unknown", "rejected", "campaign stopped", "rebuilding", "stopped", "rebuilt",
    "expired", "unknown", "gone",
)  # fmt: skip
RARE_TARGETS = (
    "stopped", "changed", "campaign stopped", "cancelled", "rejected", "stopping", "expired", "rebuilt", "failed",
    "unknown", "gone",
)  # fmt: skip
SLACK_METHODS = ("chat.postMessage", "chat.update", "views.update", "users.info", "usergroups.users.list")
OPERATIONS = {"rebuilding": ("create", "get", "list"), "stopping": ("stop", "status", "get")}  # else a delete's
Fault = tuple[str, tuple[Any, ...]]  # the kind and arguments of an event
SLOW_SECONDS = 4.0  # of the call that ends a state of moments


def is_aimed(seed: int) -> bool:
    return seed % 10 in LAST_DIGITS or _is_rare(seed)


def _is_rare(seed: int) -> bool:
    return seed >= RARE_FROM and seed % 10 in RARE_LAST_DIGITS


def aimed(seed: int) -> tuple[str, list[Event], dict[str, str]]:
    """Return the target, the events, and the settings that they need."""
    dice = random.Random(f"aimed {seed}")  # noqa: S311 - repeatable on purpose
    targets, digits = (RARE_TARGETS, RARE_LAST_DIGITS) if _is_rare(seed) else (TARGETS, LAST_DIGITS)
    target = targets[(seed // 10 * len(digits) + digits.index(seed % 10)) % len(targets)]
    first, second = dice.sample(CAMPAIGNS, 2)
    steps, settings = _without_faults(target, first, dice)
    events = [Event(0.5, "ask", (dice.choice(REQUESTERS), first)), *steps]
    if target not in ("rejected", "cancelled", "expired"):
        events += [Event(at, "approve", (user,)) for at, user in zip((4.0, 5.0, 6.0), APPROVERS, strict=True)]
    # Another request lives while the first one is in its state.
    events.append(Event(1, "ask", (dice.choice(REQUESTERS), second), target))
    events += [Event(dice.uniform(10, 20), "approve", (user,)) for user in APPROVERS]
    events += [Event(1, kind, (dice.choice(REQUESTERS),), target) for kind in ("status", "home")]
    events.append(Event(FAULTS_END_SECONDS, "home", (REQUESTERS[0],)))
    if _is_rare(seed):  # the other request's campaign has just been made again
        events += [Event(0.4, "delete_in_console", (second,)), Event(0.9, "recreate", (second,), target)]
    kinds = "kore" if _is_rare(seed) else ""
    events += [Event(1, *_fault(target, (first, second), dice, kinds), target) for _ in range(FAULTS)]
    return target, events, {"UNDO_WINDOW": dice.choice(("0", "2s")), **settings}


def _without_faults(target: str, name: str, dice: random.Random) -> tuple[list[Event], dict[str, str]]:
    """Return what leads there surely, where the steps towards it are left to chance elsewhere."""
    one = {"APPROVALS_REQUIRED": "1"}
    if target in ("stopping", "campaign stopped"):
        stop = [Event(2.0, "only_stop", (dice.choice(APPROVERS), name))] if target == "campaign stopped" else []
        slow = [Event(0, "kore_late", ("stop", SLOW_SECONDS))] if dice.random() < 0.5 else []
        return [Event(0.0, "start_campaign", (name,)), *slow, *stop], one
    steps, settings = towards(target, name, dice)
    if target in ("rebuilding", "rebuilt"):  # nothing happens meanwhile that could begin what waits for a state
        steps = [replace(event, when="") for event in steps]
        steps += [Event(8.5, "close_modals", (user,)) for user in (REQUESTERS[0], *APPROVERS)]
    if target == "rebuilding" and dice.random() < 0.5:
        steps.append(Event(0, "kore_late", ("create", SLOW_SECONDS)))
    return steps, {**settings, **one}  # without approvals no card offers a rebuild


def _fault(target: str, names: tuple[str, ...], dice: random.Random, kinds: str) -> Fault:
    """Return a fault whose kind begins so; each name in the table of faults is about as likely."""
    operations = OPERATIONS.get(target, ("get", "delete", "list", "status"))
    times, seconds = dice.choice((1, 2, 4)), round(dice.uniform(1, 8), 1)
    found: list[Fault] = [("kore", (dice.choice(operations), kind, times)) for kind in KORE_KINDS]
    found += [("slack", (dice.choice(SLACK_METHODS), kind, dice.choice(SLACK_CODES), times)) for kind in SLACK_KINDS]
    found += [("kore_lost", (dice.choice(operations), part)) for part in ("request", "response")]
    found += [
        ("kore_late", (dice.choice(operations), dice.choice((6.0, 28.0)))),
        ("kore_eventual", (seconds,)), ("kore_hides", (dice.choice(("get", "list")), seconds)),
        ("crash", (0, dice.randrange(60), seconds)), ("suspend", (0, dice.randrange(60), seconds)),
        ("database_slow", (seconds, dice.choice((0.3, 1.5)))), ("database_down", (seconds,)),
        ("database_locked", (seconds,)), ("slack_slow", (seconds, dice.choice((1.0, 3.5)))),
        ("slack_twice", (0, seconds)), ("slack_late", (0, seconds)), ("redeploy", (0, dice.choice((0, 5)))),
        ("recreate", (names[0],)), ("change", (dice.choice(names), dice.choice(FIELDS))),
        ("start_campaign", (names[1],)), ("delete_in_console", (names[1],)), ("hold", (APPROVERS[2], names[1])),
        ("lose_right", (dice.choice(APPROVERS),)), ("deactivate", (dice.choice(APPROVERS[:2]),)),
        ("replace_approvers", ("S0SECOND",)),
    ]  # fmt: skip
    return dice.choice([fault for fault in found if fault[0].startswith(kinds)])
