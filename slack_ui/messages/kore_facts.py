"""Put into words how Kore.ai answered and what the bot saw afterwards."""

from slack_sdk.models.blocks import RichTextBlock

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.models import Purpose, Request
from deletion.domain.states import BEGUN, State
from slack_ui import strings
from slack_ui.parts.blocks import Parts, Value, details
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean, code, escape
from slack_ui.strings.by_purpose import strings_for

QUOTE_LIMIT, SAID_LIMIT = 500, 400
UNSETTLED = BEGUN | {State.APPROVED, State.UNKNOWN}


def attempt_line(request: Request) -> RichTextBlock:
    """Return the answer in one line, Kore.ai's own words in italics. Rich text interprets none of them."""
    said: Value = _said(request)
    if request.attempt and request.attempt.kore_message:
        message = clean(request.attempt.kore_message, KORE_MESSAGE_LIMIT) or strings.modals.NO_VISIBLE_TEXT
        quote = Parts.Text(text=message, style=Parts.TextStyle(italic=True))
        later = [Parts.Text(text=f". {why}") for why in _why_later(request)]
        said = [Parts.Text(text=f"{_said(request).rstrip('.')}: "), quote, *later]
    return details((strings.cards.ATTEMPT, said))


def attempt_text(request: Request) -> str:
    """Return the same in mrkdwn, without a full stop at the end."""
    said = escape(_said(request), SAID_LIMIT).rstrip(".")
    message = code(request.attempt.kore_message, QUOTE_LIMIT) if request.attempt else ""
    answered = f"{said}: {message}" if message else said
    return ". ".join([answered, *(escape(why, SAID_LIMIT).rstrip(".") for why in _why_later(request))])


def observation_text(request: Request) -> str:
    if request.observation is None:
        is_checked_later = request.is_open or request.state is State.UNKNOWN
        otherwise = strings.cards.NOT_CHECKED_YET if is_checked_later else strings.cards.NOT_CHECKED
        return strings.cards.NO_OBSERVATION.get(request.state, otherwise)
    text = strings_for(request)
    if request.reappeared_at and request.observation is Observation.PRESENT:
        return text.there_again
    second = request.witnesses.second if request.witnesses else None
    if request.observation is Observation.ABSENT and request.due_action is Purpose.DELETE and second:
        return strings.cards.ABSENT_BY[second]
    return text.observations[request.observation]


def _said(request: Request) -> str:
    text, attempt = strings_for(request), request.attempt
    if attempt is None:
        return text.no_attempt.get(request.state, text.attempts[AttemptKind.NOT_SENT])
    is_settled = attempt.kind is AttemptKind.NO_ANSWER and request.state not in UNSETTLED
    said = strings.cards.NO_CLEAR_ANSWER if is_settled else text.attempts[attempt.kind]
    return f"{said}. {clean(attempt.explanation)}" if attempt.explanation and not _why_later(request) else said


def _why_later(request: Request) -> list[str]:
    """Return why a request ended after the rate limit had refused it: Kore.ai's words are not about that."""
    attempt = request.attempt
    if attempt is None or attempt.kind is not AttemptKind.REFUSED or attempt.retry_after_seconds is None:
        return []
    is_closed = not request.is_open and attempt.explanation and attempt.kore_message
    return [clean(attempt.explanation)] if is_closed else []
