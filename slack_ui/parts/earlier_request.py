"""The campaign's request before this one, in one sentence with a link: what became of it, and when."""

from deletion.domain.attempt import AttemptKind
from deletion.domain.models import EarlierRequest
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts.links import Links
from slack_ui.parts.text import date


def text(earlier: EarlierRequest, links: Links | None = None) -> str:
    """Return mrkdwn; without ``links``, no link."""
    said = strings.earlier.SECOND if earlier.count == 1 else strings.earlier.LATER
    sentence = said.format(number=earlier.count + 1, ended=_ended(earlier))
    link = links.to_place(earlier.channel_id, earlier.ts, strings.earlier.LINK) if links and earlier.ts else ""
    return f"{sentence} {link}".strip()


def _ended(earlier: EarlierRequest) -> str:
    why = strings.earlier.FAILED[earlier.attempt or AttemptKind.NOT_SENT] if earlier.state is State.FAILED else ""
    return strings.earlier.ENDED[earlier.state].format(
        when=date(earlier.at),
        person=f"<@{earlier.person_id}>" if earlier.person_id else strings.earlier.SOMEONE,
        why=why,
    )
