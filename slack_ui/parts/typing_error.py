"""The error of a field in which a phrase was typed wrongly. Plain text, because Slack interprets nothing in errors."""

from deletion.domain.text.confirmation import mistake
from slack_ui import strings
from slack_ui.parts.application import with_name
from slack_ui.parts.text import NAME_LIMIT, clean

WORD_LIMIT = 40


def text(
    typed: str, phrase: str, what: str, other_text: str = strings.modals.PHRASE_WRONG, application: str = ""
) -> str:
    """Return how the text differs from ``phrase``; ``other_text`` if by more than a word. ``what`` is accepted.

    ``application`` is the name that was typed before the text.
    """
    kind, word, expected = mistake(typed, phrase)
    return strings.modals.TYPING_ERRORS.get(kind, other_text).format(
        what=with_name(application, what),
        phrase=clean(f"{application} {phrase}".strip(), NAME_LIMIT),
        word=clean(word, WORD_LIMIT),
        expected=clean(expected, WORD_LIMIT),
    )
