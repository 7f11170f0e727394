"""The text of denials (the user may not act) and objections (the decision no longer counts)."""

from slack_sdk.models.views import View

from deletion.domain.approval import Objection
from deletion.domain.authorization import Denial
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Request
from deletion.domain.reminders import may_remind_at
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.parts.api_error import TOKEN_ERRORS
from slack_ui.parts.text import NAME_LIMIT, code, date
from slack_ui.strings.by_purpose import headline_of
from slack_ui.views import notice


def denial_view(denial: Denial) -> View:
    return notice.error(
        strings.refusals.DENIALS[denial][0], f"{strings.refusals.DENIALS[denial][1]} {strings.modals.NOTHING_WAS_DONE}"
    )


def denial_text(denial: Denial, request: Request | None = None) -> str:
    """Return complete sentences in mrkdwn, after the campaign's name if there is a request."""
    name = f"{code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED}: " if request else ""
    return f"{name}{strings.modals.NOTHING_WAS_DONE} {strings.refusals.DENIALS[denial][1]}"


def not_opened(found: object, code: str, otherwise: str = strings.modals.NOT_OPENED) -> str:
    """Return why Slack opened no modal for what was ``found``, in mrkdwn. ``code`` is Slack's."""
    if code in TOKEN_ERRORS:
        return denial_text(Denial.BOT_REJECTED)
    return denial_text(found) if found is Denial.DUPLICATE_PAYLOAD else otherwise


def objection_text(objection: Objection, request: Request, freeze: Freeze | None = None) -> str:
    """Return complete sentences in mrkdwn, after the campaign's name. ``freeze`` is the current one."""
    name = code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED
    who_did = [strings.cards.VERDICTS[made.verdict].format(person=f"<@{made.person_id}>") for made in request.decisions]
    happened = " ".join([f"{name} {headline_of(request, freeze)}", *who_did])
    frozen = freeze_notice.frozen_by(freeze) if freeze else strings.freeze.JUST_LIFTED
    told = {"happened": happened, "frozen": frozen, "remind_at": date(may_remind_at(request))}
    return f"{name}: {strings.modals.OBJECTIONS[objection].format(**told)}"
