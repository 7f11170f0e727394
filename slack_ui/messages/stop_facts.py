"""The facts of a verified stop: when, what Kore.ai answered, and how many messages went out meanwhile."""

from deletion.domain.attempt import AttemptKind
from deletion.domain.models import Purpose, Request
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.parts import blast_radius
from slack_ui.parts.campaign_summary import count_of
from slack_ui.parts.text import date, word
from slack_ui.strings.stop import STOP

MAY_BE_DELETED = (State.DELETING, State.DELETED, State.GONE, State.UNKNOWN)


def facts(request: Request) -> list[tuple[str, str]]:
    """Return title and mrkdwn of each, without a full stop at the end; nothing before a verified stop."""
    if request.stop is None:
        return []
    before = [] if request.purpose is Purpose.STOP else [(strings.stop.FACT, _stop(request))]
    return [*before, (strings.stop.SENT, _sent(request))]


def _stop(request: Request) -> str:
    stop = request.stop
    if stop is None:
        return ""
    if not request.was_stopped:
        status = word(request.campaign.status, blast_radius.STATUS_LIMIT) or strings.modals.UNKNOWN
        return strings.stop.NOT_NEEDED.format(when=date(stop.at), status=status)
    answer = strings.stop.ALREADY
    if stop.attempt:
        is_unanswered = stop.attempt.kind is AttemptKind.NO_ANSWER
        said = strings.cards.NO_CLEAR_ANSWER if is_unanswered else STOP.attempts[stop.attempt.kind]
        answer = strings.stop.ANSWERED.format(said=said)
    return strings.stop.VERIFIED.format(when=date(stop.at), answer=answer).rstrip(".")


def _sent(request: Request) -> str:
    stop = request.stop
    if stop is None:
        return ""
    asked = request.extent.messages_sent if request.extent else None
    counts = [(strings.stop.SENT_ASKED, asked)]
    if request.was_stopped:
        counts.append((strings.stop.SENT_STOPPED, stop.messages_sent))
    is_delete = request.due_action is Purpose.DELETE and request.state in MAY_BE_DELETED
    if is_delete and request.attempt and request.attempt.kind is not AttemptKind.NOT_SENT:
        counts.append((strings.stop.SENT_DELETED, stop.messages_sent_at_delete))
    return ", ".join(said.format(count=count_of(count)) for said, count in counts)
