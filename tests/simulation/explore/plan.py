"""What happens in one schedule, chosen by its seed: settings, and events at their times. Plain data."""

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.simulation.explore.aimed import aimed, is_aimed
from tests.simulation.explore.event import Event
from tests.simulation.explore.fault_kinds import KORE_KINDS, SLACK_CODES, SLACK_KINDS
from tests.simulation.explore.goals import APPROVERS, CAMPAIGNS, FIELDS, GOALS, REQUESTERS, towards
from tests.simulation.explore.list_plan import as_list
from tests.simulation.explore.races import race

KORE_OPERATIONS = ("get", "delete", "delete", "list", "status", "create")
SLACK_METHODS = (
    "chat.postMessage", "chat.update", "views.open", "views.update", "users.info", "usergroups.users.list",
    "conversations.info", "chat.postEphemeral",
)  # fmt: skip
STATES = ("awaiting approval", "approved", "approved", "deleting", "deleting", "deleting", "unknown", "deleted")
WITHOUT_APPROVALS = ("rejected", "cancelled", "expired")
WITH_FEW_APPROVALS = (*WITHOUT_APPROVALS, "awaiting approval")
HOLD_CHANCE = 0.15
ACTIVE_SECONDS, UNKNOWN_AFTER_SECONDS = 25.0, 45.0
STOP_CHANCE, STOP_ENDS_SECONDS = 0.12, 60.0
ARCHIVE_KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


@dataclass(frozen=True)
class Plan:
    """A schedule. Only the seed decides it, and which of its events are kept."""

    seed: int
    replicas: int
    settings: tuple[tuple[str, str], ...]
    latency_seconds: float
    active_seconds: float
    events: tuple[Event, ...]

    @classmethod
    def of(cls, seed: int) -> "Plan":
        """Return the plan of a seed. It leads a request towards one state, and most faults wait for that state."""
        dice = random.Random(f"plan {seed}")  # noqa: S311 - repeatable on purpose
        goal, events, settings = _aimed(seed, dice) if is_aimed(seed) else _by_chance(seed, dice)
        is_long = goal == "unknown" or any(each.kind == "start_campaign" and not each.at for each in events)
        return cls(
            seed=seed,
            replicas=dice.choice((1, 1, 1, 2, 2, 3)),
            settings=tuple(settings.items()),
            latency_seconds=dice.choice((0.005, 0.05, 0.2)),
            active_seconds=UNKNOWN_AFTER_SECONDS if is_long else ACTIVE_SECONDS,
            events=tuple(sorted(events, key=lambda event: event.at)),
        )

    def keeping(self, events: tuple[Event, ...]) -> "Plan":
        return replace(self, events=events)


def _by_chance(seed: int, dice: random.Random) -> tuple[str, list[Event], dict[str, str]]:
    goal = GOALS[seed % len(GOALS)]
    asked = dice.sample(CAMPAIGNS, dice.choice((1, 1, 2)))
    steps, needed = towards(goal, asked[0], dice)
    raced, needed_too = race(goal, random.Random(f"race {seed}"), asked[0], APPROVERS)  # noqa: S311 - repeatable
    settings = {**_settings(dice), **needed, **needed_too}
    events = [*_people(dice, goal, asked), *steps, *_others(dice, settings), *_faults(dice, goal)]
    events += _holds(random.Random(f"holds {seed}"), asked[0])  # noqa: S311 - repeatable on purpose
    events = as_list(events, random.Random(f"list {seed}"), CAMPAIGNS, APPROVERS)  # noqa: S311 - the same
    return goal, [*events, *_stops(random.Random(f"stops {seed}"), asked[0]), *raced], settings  # noqa: S311 - the same


def _aimed(seed: int, dice: random.Random) -> tuple[str, list[Event], dict[str, str]]:
    target, events, needed = aimed(seed)
    settings = {name: value for name, value in _settings(dice).items() if "ESCALAT" not in name}
    return target, events, {**settings, **needed}


def _settings(dice: random.Random) -> dict[str, str]:
    escalation = {"ESCALATE_AFTER": "4s", "ESCALATION_APPROVERS": "S0ESCALATE"} if dice.random() < 0.15 else {}
    return {
        "APPROVALS_REQUIRED": dice.choice(("0", "1", "1", "1", "2", "2", "S0APPROVE:1,S0SECOND:1")),
        "APPROVERS": "S0APPROVE,S0SECOND",
        "REQUESTERS": "S0REQUEST",
        "OPS_ROOMS": "C0OPSEMEA",
        "UNDO_WINDOW": dice.choice(("0", "0", "3s", "8s")),
        "APPROVAL_TTL": dice.choice(("20s", "60s")),
        "APPROVAL_REMINDER": "5s",
        "ARCHIVE_KEY": ARCHIVE_KEY,
        "KORE_API_VERSION": dice.choice(("v1", "v2")),
        "KORE_CALLS_PER_MINUTE": dice.choice(("24", "60", "60")),
        "DELETES_PER_HOUR": dice.choice(("1", "100", "100")),
        "DELETES_PER_PERSON_PER_HOUR": "100",
        **escalation,
    }


def _people(dice: random.Random, goal: str, asked: list[str]) -> list[Event]:
    """Some ask soon; others approve, reject, withdraw, stop and freeze afterwards, each of them several times."""
    events = [Event(dice.uniform(0, 4), "ask", (dice.choice(REQUESTERS), name)) for name in asked]
    if dice.random() < 0.25:
        at = events[0].at if dice.random() < 0.5 else dice.uniform(0, 20)
        events.append(Event(at, "ask", (dice.choice(REQUESTERS), asked[0])))
    if goal in WITHOUT_APPROVALS and dice.random() < 0.3:  # the form arrives again when the request has ended
        events.append(Event(events[0].at + 0.2, "slack_twice", (0, round(dice.uniform(5, 25), 1))))
    approvers = dice.sample(APPROVERS, dice.randint(0, 1) if goal in WITH_FEW_APPROVALS else 3)
    approvers += [dice.choice(APPROVERS)] if dice.random() < 0.5 else []
    at = dice.uniform(2, 10)
    are_together = dice.random() < 0.4
    events += [Event(at if are_together else dice.uniform(2, 10), "approve", (user,)) for user in approvers]
    for kind, people, chance in (
        ("approve", ("U0ALICE",), 0.15), ("reject", APPROVERS, 0.08), ("withdraw", REQUESTERS, 0.08),
        ("stop", (*REQUESTERS, *APPROVERS), 0.15), ("freeze", APPROVERS, 0.12), ("status", REQUESTERS, 0.06),
        ("home", (*REQUESTERS, *APPROVERS), 0.06), ("withdraw_approval", APPROVERS, 0.15),
        ("rebuild", REQUESTERS, 0.08),
    ):  # fmt: skip
        if dice.random() < chance:
            at = dice.uniform(3, 20)
            events.append(Event(at, kind, (dice.choice(people),)))
            if kind == "freeze":
                events.append(Event(at + dice.uniform(2, 12), "unfreeze", (dice.choice(people),)))
    return events


def _holds(dice: random.Random, name: str) -> list[Event]:
    """An approver puts the campaign on hold, at any time or in a state of its request; some try to release it."""
    if dice.random() >= HOLD_CHANCE:
        return []
    when = dice.choice(("", "", "awaiting approval", "approved", "approved", "deleting", "unknown"))
    at = dice.uniform(1, 16)
    held = [Event(at, "hold", (dice.choice(APPROVERS), name), when)]
    users = dice.sample(APPROVERS, dice.randint(0, 2))
    return [*held, *(Event(at + dice.uniform(1, 12), "release", (user, name)) for user in users)]


def _stops(dice: random.Random, name: str) -> list[Event]:
    """The campaign is running when its deletion is requested. Some stop it alone, and Kore.ai may lose a stop."""
    if dice.random() >= STOP_CHANCE:
        return []
    events = [Event(0.0, "start_campaign", (name,))]
    if dice.random() < 0.4:
        user = dice.choice((*REQUESTERS, *APPROVERS))
        events.append(Event(dice.uniform(1, 16), "only_stop", (user, name), dice.choice(("", "", "approved"))))
    if dice.random() < 0.6:
        fault = ("kore", ("stop", dice.choice(KORE_KINDS), 1)), ("kore_late", ("stop", dice.choice((6.0, 28.0))))
        kind, args = dice.choice((*fault, ("kore_lost", ("stop", "request"))))
        events.append(Event(dice.uniform(0, 6), kind, args))
        events.append(Event(STOP_ENDS_SECONDS, "home", (REQUESTERS[0],)))  # the call has timed out by then
    if dice.random() < 0.3:
        events.append(Event(dice.uniform(2, 20), "change", (name, dice.choice(FIELDS)), "approved"))
    if dice.random() < 0.2:
        events.append(Event(dice.uniform(2, 20), "start_campaign", (name,), dice.choice(("approved", "deleting"))))
    return events


def _others(dice: random.Random, settings: dict[str, str]) -> list[Event]:
    """Other people in the console, the directory, and the operator."""
    found: list[tuple[float, Callable[[], Event]]] = [
        (0.2, lambda: Event(dice.uniform(2, 20), "change", (dice.choice(CAMPAIGNS), dice.choice(FIELDS)))),
        (0.06, lambda: Event(dice.uniform(2, 20), "start_campaign", (dice.choice(CAMPAIGNS),))),
        (0.06, lambda: Event(dice.uniform(2, 20), "delete_in_console", (dice.choice(CAMPAIGNS),))),
        (0.1, lambda: Event(dice.uniform(2, 20), "lose_right", (dice.choice(APPROVERS),))),
        (0.06, lambda: Event(dice.uniform(2, 20), "deactivate", (dice.choice(("U0BOB", "U0CAROL")),))),
        (0.2, lambda: Event(0.0, "second_account", ("U0DAN", dice.choice(("U0ALICE", "U0BOB", "U0CAROL"))))),
    ]
    if "ESCALATE_AFTER" not in settings:  # an escalation approver keeps that right
        found.append((0.06, lambda: Event(dice.uniform(2, 20), "replace_approvers", ("S0SECOND",))))
    return [make() for chance, make in found if dice.random() < chance]


def _faults(dice: random.Random, goal: str) -> list[Event]:
    """None in a twentieth of the schedules, else three to twelve of all kinds."""
    kinds: list[Callable[[], tuple[Any, ...]]] = [
        lambda: ("crash", dice.randrange(3), dice.randrange(300), _seconds(dice, 0.1, 25)),
        lambda: ("crash", dice.randrange(3), dice.randrange(60), round(dice.uniform(0.1, 5), 1)),
        lambda: ("suspend", dice.randrange(3), dice.randrange(100), _seconds(dice, 0.5, 45)),
        lambda: ("database_slow", _seconds(dice, 1, 8), dice.choice((0.02, 0.3, 1.5))),
        lambda: ("database_down", _seconds(dice, 0.5, 12)),
        lambda: ("database_locked", _seconds(dice, 1, 35)),
        lambda: ("kore", dice.choice(KORE_OPERATIONS), dice.choice(KORE_KINDS), dice.choice((1, 1, 2, 5))),
        lambda: ("kore", dice.choice(KORE_OPERATIONS), dice.choice(KORE_KINDS), dice.choice((1, 1, 2, 5))),
        lambda: ("kore_late", dice.choice(KORE_OPERATIONS), dice.choice((6.0, 28.0, 60.0))),
        lambda: ("kore_lost", dice.choice(KORE_OPERATIONS), dice.choice(("request", "response"))),
        lambda: ("kore_eventual", round(dice.uniform(1, 20), 1)),
        lambda: ("kore_hides", dice.choice(("get", "list")), round(dice.uniform(1, 20), 1)),
        lambda: ("slack", dice.choice(SLACK_METHODS), dice.choice(SLACK_KINDS), dice.choice(SLACK_CODES),
                 dice.choice((1, 1, 2, 6))),
        lambda: ("slack", dice.choice(SLACK_METHODS), dice.choice(SLACK_KINDS), dice.choice(SLACK_CODES), 1),
        lambda: ("slack_slow", _seconds(dice, 1, 15), dice.choice((1.0, 3.5, 12.0))),
        lambda: ("slack_twice", dice.randrange(3), round(dice.uniform(0, 20), 1)),
        lambda: ("slack_late", dice.randrange(3), round(dice.uniform(2, 20), 1)),
        lambda: ("recreate", dice.choice(CAMPAIGNS)),
        lambda: ("redeploy", dice.randrange(3), dice.choice((0, 5, 30))),
    ]  # fmt: skip
    if dice.random() < 0.05:
        return []
    return [_at(dice, goal, *make()) for make in dice.choices(kinds, k=dice.randint(3, 12))]


def _seconds(dice: random.Random, shortest: float, longest: float) -> float:
    """Return a duration, most often a short one: a long one leaves little of the schedule to other faults."""
    return round(shortest + (longest - shortest) * dice.random() ** 3, 1)


def _at(dice: random.Random, goal: str, kind: str, *args: Any) -> Event:
    """Return an event at any time, when the goal is reached, or when a request is in a state that lasts for moments."""
    how = dice.random()
    if how < 0.3:
        return Event(round(dice.uniform(2, 20), 2), kind, args)
    return Event(round(dice.uniform(0.5, 10), 2), kind, args, goal if how < 0.7 else dice.choice(STATES))
