"""One line in a card's thread for each thing that happened to its request."""

from deletion.domain.models import AttemptKind, Entry, Request
from deletion.domain.policy import Policy
from slack_ui import strings
from slack_ui.parts import budget_note
from slack_ui.parts.text import PERSON, code, mention
from slack_ui.strings.by_purpose import table


def line(entry: Entry, request: Request, policy: Policy) -> str:
    """The line, in mrkdwn. A reminder is the only one that calls on people."""
    said = table(request, "STORY").get(entry.event, strings.cards.STORY_OTHERWISE)
    if entry.details.get("attempt", AttemptKind.NOT_SENT) != AttemptKind.NOT_SENT:
        said = table(request, "STORY_AFTER_AN_ATTEMPT").get(entry.event, said)
    line = said.format(
        actor=mention(entry.actor_id) if entry.actor_id.startswith(PERSON) else strings.modals.UNKNOWN_USER,
        reason=code(entry.details.get("reason", "")),
        changed=", ".join(_fields(entry.details.get("changed", ""))),
        approvers=" ".join(mention(approver) for approver in policy.approvers),
        event=code(entry.event),
    )
    if kind := entry.details.get("over_budget"):
        spent = budget_note.story(kind, entry.details["approved_in_the_hour"], entry.details["limit"])
        return f"{line} {spent}"
    return line


def _fields(names: str) -> list[str]:
    return [strings.cards.FIELDS.get(name, name).lower() for name in names.split(", ")]
