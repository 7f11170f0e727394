"""Why somebody may not, said to the one who tried."""

from slack_sdk.models.views import View

from deletion.domain.authorization import Denial
from deletion.domain.models import Request
from slack_ui import notice, refusal_words, words
from slack_ui.text import NAME_LIMIT, code


def view(denial: Denial) -> View:
    return notice.told(refusal_words.DENIALS[denial][0], f"{refusal_words.DENIALS[denial][1]} {words.NOTHING_WAS_DONE}")


def text(denial: Denial, request: Request | None = None) -> str:
    """Whole sentences in mrkdwn, the campaign's name first where there is a request."""
    name = f"{code(request.sighting.name, NAME_LIMIT) or words.UNNAMED}: " if request else ""
    return f"{name}{words.NOTHING_WAS_DONE} {refusal_words.DENIALS[denial][1]}"
