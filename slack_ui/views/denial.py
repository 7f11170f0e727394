"""Why somebody may not, said to the one who tried."""

from slack_sdk.models.views import View

from deletion.domain.authorization import Denial
from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts.text import NAME_LIMIT, code
from slack_ui.views import notice


def view(denial: Denial) -> View:
    return notice.error(
        strings.refusals.DENIALS[denial][0], f"{strings.refusals.DENIALS[denial][1]} {strings.modals.NOTHING_WAS_DONE}"
    )


def text(denial: Denial, request: Request | None = None) -> str:
    """Whole sentences in mrkdwn, the campaign's name first where there is a request."""
    name = f"{code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED}: " if request else ""
    return f"{name}{strings.modals.NOTHING_WAS_DONE} {strings.refusals.DENIALS[denial][1]}"
