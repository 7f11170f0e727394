"""The lines of a card's thread, one for each journal entry of its request."""

from collections.abc import Sequence

from deletion.domain.approvals.reminders import Call
from deletion.domain.attempt import AttemptKind
from deletion.domain.campaign_list import first_deadline
from deletion.domain.models import Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.executor import STOP_DONE
from deletion.lifecycle.rate_limit_pause import WAITING
from slack_ui import strings
from slack_ui.parts import budget_note
from slack_ui.parts.text import PERSON, code, date, mention, mentions, name_in_code, single_spaced
from slack_ui.strings.by_purpose import strings_for


def line(entry: Entry, request: Request, policy: Policy, link: str = "", *, calls: bool = True) -> str:
    """Return the line in mrkdwn. It calls the approvers only if the request still waits for them; ``link`` is a card's.

    Without ``calls`` it calls nobody, because another line has. A line is posted once and never changed, so this is the
    one notification that approvers get of an event.
    """
    said = strings_for(request).thread_lines.get(entry.event, strings.cards.THREAD_OTHERWISE)
    if entry.details.get("attempt", AttemptKind.NOT_SENT) != AttemptKind.NOT_SENT:
        said = strings_for(request).thread_lines_after_an_attempt.get(entry.event, said)
    if entry.event == Verdict.APPROVED and entry.details.get("reason"):
        said = strings.cards.APPROVED_WITH_COMMENT
    if entry.event == State.UNKNOWN and not policy.serves(request):
        said = strings.cards.THREAD_UNCHECKED
    filled = true_now(said, entry, request).format(
        actor=actor(entry),
        reason=code(entry.details.get("reason", "")),
        struck=mentions(entry.details.get("struck", "").split(", ")),
        why=", ".join(strings.cards.LAPSES.get(why, code(why)) for why in entry.details.get("why", "").split("; ")),
        changed=", ".join(_fields(entry.details.get("changed", ""))),
        event=code(entry.event),
        **_call(entry, request, policy, link, calls=calls),
    )
    line = single_spaced(filled)
    if kind := entry.details.get("over_budget"):
        spent = budget_note.thread_note(kind, entry.details["approved_in_the_hour"], entry.details["limit"])
        return f"{line} {spent}"
    return line


def actor(entry: Entry) -> str:
    return mention(entry.actor_id) if entry.actor_id.startswith(PERSON) else strings.modals.UNKNOWN_USER


def true_now(said: str, entry: Entry, request: Request) -> str:
    """Return ``said``, unless it comes too late, or is a call that names no other approver."""
    if _has_passed(entry.event, request):
        return strings.cards.LATE_LINES[entry.event]
    if request.state is not State.AWAITING_APPROVAL:
        return strings.cards.LATE_CALLS.get(entry.event, said)
    if entry.event == Call.ESCALATED and not entry.details.get("approvers"):
        return strings.cards.ESCALATED_TO_NO_OTHER
    return said


def _has_passed(event: str, request: Request) -> bool:
    """Return whether a line says of the present what no longer holds."""
    if event in (State.UNKNOWN, REAPPEARED):
        return request.state is not State.UNKNOWN
    if event == WAITING:
        return not request.is_open or request.waiting_since is None
    return event in STOP_DONE and not request.is_open


def waiting(request: Request) -> tuple[Request, ...]:
    """Return the request if it waits for approvers, or nothing."""
    return (request,) if request.state is State.AWAITING_APPROVAL else ()


def call(entry: Entry, awaiting: Sequence[Request], policy: Policy) -> dict[str, str]:
    """Return what calls the approvers of the requests that wait for them; nothing if none does."""
    if not awaiting:
        return dict.fromkeys(("approvers", "decide_by", "call", "escalated"), "")
    called = dict.fromkeys(name for each in awaiting for name in policy.notified_about(each))
    approvers, until = " ".join(map(mention, called)), first_deadline(awaiting)
    decide_by = strings.cards.DECIDE_BY.format(until=date(until)) if until else ""
    return {
        "approvers": approvers,
        "decide_by": decide_by,
        "call": f"{approvers} {decide_by}" if approvers else "",
        "escalated": " ".join(mention(each) for each in entry.details.get("approvers", "").split(", ") if each),
    }


def _call(entry: Entry, request: Request, policy: Policy, link: str, *, calls: bool) -> dict[str, str]:
    """Return the same for a request of its own, whose reminder names it."""
    called = call(entry, waiting(request) if calls else (), policy)
    if request.state is not State.AWAITING_APPROVAL:
        return {**called, "waits": "", "reminder": ""}
    reminder = strings.cards.REMINDER.format(
        campaign=name_in_code(request.campaign.name),
        campaign_id=code(request.campaign.campaign_id),
        requester=mention(request.requester_id),
        decide_by=called["decide_by"],
        link=link,
    )
    is_by_person = entry.actor_id.startswith(PERSON)
    sender = strings.cards.REMINDER_BY.format(actor=mention(entry.actor_id)) if is_by_person else ""
    return {**called, "waits": strings.cards.WAITS, "reminder": f"{sender} {reminder}"}


def _fields(names: str) -> list[str]:
    return [strings.cards.FIELDS.get(name, name).lower() for name in names.split(", ")]
