"""Plan two rare events at once, which hardly ever meet by chance."""

import random

from tests.simulation.explore.event import Event

RACE_CHANCE = 0.25
VERY_LATE_SECONDS = 70.0  # after the first look again
OUTDATED_SECONDS = 6.0  # a read that takes so long is repeated before the DELETE leaves
Race = tuple[list[Event], dict[str, str]]  # events, and the settings that they need


def race(goal: str, dice: random.Random, name: str, approvers: tuple[str, ...]) -> Race:
    """Return what makes a check and a change of what it checked meet, in a part of the schedules."""
    if dice.random() >= RACE_CHANCE:
        return [], {}
    if goal == "unknown":
        return [Event(1, "kore_late", ("delete", VERY_LATE_SECONDS))], {}
    if goal in ("approved", "deleting"):
        return _forbidden_meanwhile(dice, name, dice.choice(approvers))
    return _overtaken_update(dice) if goal == "deleted" else ([], {})


def _overtaken_update(dice: random.Random) -> Race:
    """A replica crashes while its update is under way, which arrives after that of the outcome."""
    events = [
        Event(1, "slack", ("chat.update", "delay", "internal_error", 1), "approved"),
        Event(1, "crash", (0, dice.randint(20, 200), 0.2), "approved"),
    ]
    return events, {"UNDO_WINDOW": "2s", "APPROVALS_REQUIRED": "1"}


def _forbidden_meanwhile(dice: random.Random, name: str, user: str) -> Race:
    """A hold or a freeze comes between a check and the step that it allows: the start of a delete, or the send."""
    is_before_send = dice.random() < 0.5
    when = "deleting" if is_before_send else "approved"
    events = [Event(1, "database_slow", (8.0, 1.0), "approved")]
    if is_before_send:  # the campaign is read again after the start, slowly
        events = [Event(1, "kore_late", ("get", OUTDATED_SECONDS), "approved")]
        events.append(Event(1, "kore_late", ("get", OUTDATED_SECONDS / 2), when))
    if dice.random() < 0.5:
        events.append(Event(1, "hold", (user, name), when))
    else:
        events += [Event(1, "freeze", (user,), when), Event(dice.uniform(14, 20), "unfreeze", (user,))]
    return events, {"UNDO_WINDOW": "0", "APPROVALS_REQUIRED": dice.choice(("0", "1"))}
