"""The lines of a card's thread, one for each journal entry of its request."""

from deletion.domain.models import AttemptKind, Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from slack_ui import strings
from slack_ui.parts import budget_note
from slack_ui.parts.text import PERSON, code, mention, mentions
from slack_ui.strings.by_purpose import strings_for


def line(entry: Entry, request: Request, policy: Policy) -> str:
    """Return the line in mrkdwn. Only a reminder mentions the approvers."""
    said = strings_for(request).thread_lines.get(entry.event, strings.cards.THREAD_OTHERWISE)
    if entry.details.get("attempt", AttemptKind.NOT_SENT) != AttemptKind.NOT_SENT:
        said = strings_for(request).thread_lines_after_an_attempt.get(entry.event, said)
    line = said.format(
        actor=mention(entry.actor_id) if entry.actor_id.startswith(PERSON) else strings.modals.UNKNOWN_USER,
        reason=code(entry.details.get("reason", "")),
        struck=mentions(entry.details.get("struck", "").split(", ")),
        why=", ".join(strings.cards.LAPSES.get(why, code(why)) for why in entry.details.get("why", "").split("; ")),
        changed=", ".join(_fields(entry.details.get("changed", ""))),
        approvers=" ".join(mention(approver) for approver in policy.approvers),
        event=code(entry.event),
    )
    if kind := entry.details.get("over_budget"):
        spent = budget_note.thread_note(kind, entry.details["approved_in_the_hour"], entry.details["limit"])
        return f"{line} {spent}"
    return line


def _fields(names: str) -> list[str]:
    return [strings.cards.FIELDS.get(name, name).lower() for name in names.split(", ")]
