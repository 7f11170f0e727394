"""What happens in one schedule, chosen by its seed: settings, and events at their times. Plain data."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

REQUESTERS, APPROVERS = ("U0ALICE", "U0BOB"), ("U0BOB", "U0CAROL", "U0DAN")
CAMPAIGNS = ("Autumn Sale Alpha", "Winter Notice Bravo", "Loyalty Points Charlie")
FIELDS = ("name", "status", "message", "contactLists", "schedule", "dialingStrategy", "priority", "updatedAt", "extra")
KORE_OPERATIONS = ("get", "delete", "delete", "list", "status")
KORE_KINDS = ("status", "rate_limit", "error", "html", "reset", "lost_answer", "still_there", "delay")
SLACK_METHODS = (
    "chat.postMessage", "chat.update", "views.open", "views.update", "users.info", "usergroups.users.list",
    "conversations.info", "chat.postEphemeral",
)  # fmt: skip
SLACK_CODES = (
    "internal_error", "fatal_error", "channel_not_found", "not_in_channel", "is_archived", "user_not_found",
    "message_not_found", "msg_too_long", "token_revoked", "missing_scope", "expired_trigger_id", "hash_conflict",
    "restricted_action", "cant_update_message", "no_such_subteam", "a_code_of_tomorrow",
)  # fmt: skip
SLACK_KINDS = ("error", "rate_limit", "lost_answer", "html", "delay", "reset")
STATES = ("awaiting approval", "approved", "approved", "deleting", "deleting", "deleting", "unknown", "deleted")
ACTIVE_SECONDS = 45.0


@dataclass(frozen=True)
class Event:
    """One thing that happens: at a time or, with ``when``, as soon after it as a request is in that state.

    ``kind`` names a method of People or Faults.
    """

    at: float
    kind: str
    args: tuple[Any, ...] = ()
    when: str = ""

    def __str__(self) -> str:
        moment = f"{self.at:6.1f} s" + (f", when {self.when}" if self.when else "")
        return f"{moment}  {self.kind}({', '.join(map(str, self.args))})"


@dataclass(frozen=True)
class Plan:
    """A schedule. Only the seed decides it, and which of its events are kept."""

    seed: int
    replicas: int
    settings: tuple[tuple[str, str], ...]
    latency_seconds: float
    events: tuple[Event, ...]

    @classmethod
    def of(cls, seed: int) -> "Plan":
        dice = random.Random(f"plan {seed}")  # noqa: S311 - repeatable on purpose
        events = [*_people(dice), *_others(dice), *_faults(dice)]
        return cls(
            seed=seed,
            replicas=dice.choice((1, 1, 1, 2, 2, 3)),
            settings=tuple(_settings(dice).items()),
            latency_seconds=dice.choice((0.005, 0.05, 0.2)),
            events=tuple(sorted(events, key=lambda event: event.at)),
        )

    def keeping(self, events: tuple[Event, ...]) -> "Plan":
        return replace(self, events=events)


def _settings(dice: random.Random) -> dict[str, str]:
    return {
        "APPROVALS_REQUIRED": dice.choice(("0", "1", "1", "2")),
        "APPROVERS": "S0APPROVE",
        "REQUESTERS": "S0REQUEST",
        "UNDO_WINDOW": dice.choice(("0", "0", "3s", "12s")),
        "APPROVAL_TTL": dice.choice(("20s", "60s")),
        "APPROVAL_REMINDER": "15s",
        "KORE_API_VERSION": dice.choice(("v1", "v2")),
        "KORE_CALLS_PER_MINUTE": dice.choice(("24", "60", "60")),
        "DELETES_PER_HOUR": dice.choice(("1", "100", "100")),
        "DELETES_PER_PERSON_PER_HOUR": "100",
    }


def _people(dice: random.Random) -> list[Event]:
    """Some ask soon; others approve, reject, withdraw, stop and freeze afterwards, each of them several times."""
    asked = dice.sample(CAMPAIGNS, dice.choice((1, 1, 2, 3)))
    events = [Event(dice.uniform(0, 8), "ask", (dice.choice(REQUESTERS), name)) for name in asked]
    if dice.random() < 0.2:
        events.append(Event(dice.uniform(0, 25), "ask", (dice.choice(REQUESTERS), asked[0])))
    events += [Event(dice.uniform(4, 40), "approve", (dice.choice(APPROVERS),)) for _ in range(dice.randint(2, 6))]
    for kind, people, chance in (
        ("approve", ("U0ALICE",), 0.15), ("reject", APPROVERS, 0.12), ("withdraw", REQUESTERS, 0.12),
        ("stop", (*REQUESTERS, *APPROVERS), 0.25), ("freeze", APPROVERS, 0.15), ("status", REQUESTERS, 0.1),
        ("home", (*REQUESTERS, *APPROVERS), 0.1),
    ):  # fmt: skip
        if dice.random() < chance:
            at = dice.uniform(4, 40)
            events.append(Event(at, kind, (dice.choice(people),)))
            if kind == "freeze":
                events.append(Event(at + dice.uniform(2, 20), "unfreeze", (dice.choice(people),)))
    return events


def _others(dice: random.Random) -> list[Event]:
    """Other people in the console, the directory, and the operator."""
    found: list[tuple[float, Callable[[], Event]]] = [
        (0.3, lambda: Event(dice.uniform(2, 40), "change", (dice.choice(CAMPAIGNS), dice.choice(FIELDS)))),
        (0.08, lambda: Event(dice.uniform(2, 40), "start_campaign", (dice.choice(CAMPAIGNS),))),
        (0.1, lambda: Event(dice.uniform(2, 40), "delete_in_console", (dice.choice(CAMPAIGNS),))),
        (0.06, lambda: Event(dice.uniform(8, 44), "recreate", (dice.choice(CAMPAIGNS),))),
        (0.12, lambda: Event(dice.uniform(2, 40), "lose_right", (dice.choice(APPROVERS),))),
        (0.08, lambda: Event(dice.uniform(2, 40), "deactivate", (dice.choice(("U0BOB", "U0CAROL")),))),
        (0.2, lambda: Event(0.0, "second_account", ("U0DAN", dice.choice(("U0ALICE", "U0BOB", "U0CAROL"))))),
        (0.12, lambda: Event(dice.uniform(2, 40), "redeploy", (dice.randrange(3), dice.choice((0, 5, 30))))),
    ]
    return [make() for chance, make in found if dice.random() < chance]


def _faults(dice: random.Random) -> list[Event]:
    """None in a tenth of the schedules, else up to eight of all kinds."""
    kinds: list[Callable[[], Event]] = [
        lambda: _at(dice, "crash", dice.randrange(3), dice.randrange(400), round(dice.uniform(0.1, 25), 1)),
        lambda: _at(dice, "crash", dice.randrange(3), dice.randrange(60), round(dice.uniform(0.1, 5), 1)),
        lambda: _at(dice, "suspend", dice.randrange(3), dice.randrange(200), round(dice.uniform(0.5, 45), 1)),
        lambda: _at(dice, "database_slow", round(dice.uniform(1, 10), 1), dice.choice((0.02, 0.3, 1.5))),
        lambda: _at(dice, "database_down", round(dice.uniform(0.5, 12), 1)),
        lambda: _at(dice, "database_locked", round(dice.uniform(1, 35), 1)),
        lambda: _at(dice, "kore", dice.choice(KORE_OPERATIONS), dice.choice(KORE_KINDS), dice.choice((1, 1, 2, 5))),
        lambda: _at(dice, "kore_late", dice.choice(KORE_OPERATIONS), round(dice.choice((6.0, 28.0, 60.0)), 1)),
        lambda: _at(dice, "kore_lost", dice.choice(KORE_OPERATIONS), dice.choice(("request", "response"))),
        lambda: _at(dice, "kore_eventual", round(dice.uniform(1, 20), 1)),
        lambda: _at(dice, "slack", dice.choice(SLACK_METHODS), dice.choice(SLACK_KINDS), dice.choice(SLACK_CODES),
                    dice.choice((1, 1, 2, 6))),
        lambda: _at(dice, "slack_slow", round(dice.uniform(1, 15), 1), dice.choice((1.0, 3.5, 12.0))),
        lambda: _at(dice, "slack_twice", dice.randrange(3), round(dice.uniform(0, 20), 1)),
        lambda: _at(dice, "slack_late", dice.randrange(3), round(dice.uniform(2, 20), 1)),
    ]  # fmt: skip
    if dice.random() < 0.1:
        return []
    return [dice.choice(kinds)() for _ in range(dice.randint(1, 8))]


def _at(dice: random.Random, kind: str, *args: Any) -> Event:
    """Return an event at any time, or early and when a request reaches a state that may last for moments only."""
    if dice.random() < 0.5:
        return Event(round(dice.uniform(0.5, ACTIVE_SECONDS - 3), 2), kind, args)
    return Event(round(dice.uniform(0.5, 15), 2), kind, args, dice.choice(STATES))
