"""The states that schedules lead a request to, and the events and settings that lead there."""

import random

from tests.simulation.explore.event import Event

REQUESTERS, APPROVERS = ("U0ALICE", "U0BOB"), ("U0BOB", "U0CAROL", "U0DAN")
CAMPAIGNS = ("Autumn Sale Alpha", "Winter Notice Bravo", "Loyalty Points Charlie")
FIELDS = ("name", "status", "message", "contactLists", "schedule", "dialingStrategy", "priority", "updatedAt", "extra")
GOALS = (
    "awaiting approval", "approved", "deleting", "deleted", "gone", "changed", "failed", "unknown", "rebuilding",
    "rebuilt", "rejected", "cancelled", "expired", "stopped", "approved", "deleting",
)  # fmt: skip
MEMBERS = "usergroups.users.list"
LAPSE_CHANCE, FREEZE_CHANCE = 0.7, 0.7


def towards(goal: str, name: str, dice: random.Random) -> tuple[list[Event], dict[str, str]]:
    """Return the events and settings that lead a request for this campaign to a state."""
    approvals = {"APPROVALS_REQUIRED": dice.choice(("1", "1", "2"))}
    undo = {**approvals, "UNDO_WINDOW": "8s"}
    soon = {"APPROVALS_REQUIRED": dice.choice(("0", "1")), "UNDO_WINDOW": "0"}
    before = dice.choice(("awaiting approval", "approved"))
    late = Event(1, "kore_late", (dice.choice(("delete", "get")), 6.0), dice.choice(("approved", "deleting")))
    steps: dict[str, tuple[list[Event], dict[str, str]]] = {
        "awaiting approval": (_one_person_twice(dice), {"APPROVALS_REQUIRED": "2"}),
        "approved": _lapse(dice) if dice.random() < LAPSE_CHANCE else ([], undo),
        "deleting": _freeze_or_hold(name, dice) if dice.random() < FREEZE_CHANCE else ([late, *_crash(dice)], soon),
        "gone": ([Event(2, "delete_in_console", (name,), before)], undo),
        "changed": _change(name, before, dice),
        "failed": ([Event(1, "kore", ("delete", "error", 3))], {}),
        "unknown": (_doubt(dice), soon),
        "rejected": ([Event(dice.uniform(4, 7), "reject", (dice.choice(APPROVERS),))], approvals),
        "cancelled": ([Event(3, "withdraw", (user,), "awaiting approval") for user in REQUESTERS], approvals),
        "expired": ([], {**approvals, "APPROVAL_TTL": "8s"}),
        "stopped": ([Event(3, "stop", (dice.choice(APPROVERS),), "approved")], undo),
    }  # fmt: skip
    again = [Event(9, "rebuild", (dice.choice(REQUESTERS),), "deleted")]
    again += [Event(dice.uniform(12, 18), "approve", (user,)) for user in APPROVERS]
    rebuild = again, {"APPROVALS_REQUIRED": dice.choice(("0", "1")), "UNDO_WINDOW": "0", "KORE_API_VERSION": "v2"}
    return steps.get(goal, rebuild if goal.startswith("reb") else ([], {}))


def _change(name: str, before: str, dice: random.Random) -> tuple[list[Event], dict[str, str]]:
    """A field changes in the undo window, or when a slow swap has made the reading before it outdated."""
    approvals, field = {"APPROVALS_REQUIRED": dice.choice(("0", "1"))}, dice.choice(FIELDS)
    if dice.random() < 0.6:
        return [Event(2, "change", (name, field), before)], {**approvals, "UNDO_WINDOW": "8s"}
    slow = Event(1, "database_slow", (10.0, 1.5), "approved")
    return [slow, Event(1, "change", (name, field), "deleting")], {**approvals, "UNDO_WINDOW": "3s"}


def _doubt(dice: random.Random) -> list[Event]:
    """A DELETE is lost or late, or nothing shows what came of it."""
    unreadable = [Event(1, "kore", (operation, "status", 6), "deleting") for operation in ("get", "list", "status")]
    return dice.choice(
        (
            [Event(1, "kore", ("delete", "still_there", 1))],
            [Event(1, "kore_lost", ("delete", "request"))],
            [Event(1, "kore_late", ("delete", 28.0))],
            [Event(1, "kore_hides", ("get", 20.0), "deleting")],
            [Event(1, "kore_lost", ("delete", "request")), *unreadable],
            [Event(1, "kore_eventual", (30.0,)), *unreadable],
        )
    )


def _crash(dice: random.Random) -> list[Event]:
    """A replica crashes while its DELETE is under way."""
    return [Event(1, "crash", (0, dice.randrange(120), 3.0), "deleting")] if dice.random() < 0.6 else []


def _one_person_twice(dice: random.Random) -> list[Event]:
    """One person approves twice, with one account or with two."""
    user = dice.choice(APPROVERS)
    other = "U0DAN" if dice.random() < 0.5 else user
    events = [Event(dice.uniform(2, 14), "approve", (each,)) for each in (user, other)]
    return [*events, Event(0.0, "second_account", ("U0DAN", user))] if other != user else events


def _lapse(dice: random.Random) -> tuple[list[Event], dict[str, str]]:
    """A party loses its rights in a long undo window, and Slack may not say so when the window ends."""
    settings = {"APPROVALS_REQUIRED": dice.choice(("1", "2", "2")), "UNDO_WINDOW": "20s", "APPROVAL_TTL": "60s"}
    lapses = [
        Event(2, dice.choice(("lose_right", "deactivate")), (user,), dice.choice(("awaiting approval", "approved")))
        for user in dice.sample(("U0ALICE", *APPROVERS), dice.choice((1, 1, 2)))
    ]
    silence = [Event(18, "slack", (method, "error", "internal_error", 6)) for method in ("users.info", MEMBERS)]
    return [*lapses, *(silence if dice.random() < 0.4 else ())], settings


def _freeze_or_hold(name: str, dice: random.Random) -> tuple[list[Event], dict[str, str]]:
    """An approver freezes everything, or holds the campaign, before its delete begins or, if a replica hangs, after."""
    user, when = dice.choice(APPROVERS), dice.choice(("approved", "deleting"))
    events = [Event(1, "hold", (user, name), when)]
    if dice.random() < 0.5:
        events = [Event(1, "freeze", (user,), when), Event(dice.uniform(14, 20), "unfreeze", (user,))]
    if when == "deleting":
        events.append(Event(1, "suspend", (0, dice.randrange(20), 3.0), when))
    return events, {"UNDO_WINDOW": "3s" if when == "approved" else "0"}
