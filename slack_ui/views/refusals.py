"""The text of denials (the user may not act) and objections (the decision no longer counts)."""

from slack_sdk.models.views import View

from deletion.domain.approvals.approval import Objection, remaining_approvers, under_todays_rule
from deletion.domain.approvals.authorization import DECIDING_ACTIONS, Action
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.reminders import may_remind_at
from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from slack_ui import strings
from slack_ui.messages import approval_buttons, freeze_notice
from slack_ui.parts import ids, verdict
from slack_ui.parts.api_error import TOKEN_ERRORS
from slack_ui.parts.application import named_campaign
from slack_ui.parts.text import date, first_minute, mentions
from slack_ui.strings.by_purpose import headline_of
from slack_ui.views import notice

NAMED_AT_MOST = 10


def denial_view(denial: Denial, policy: Policy, action: Action | None = None, request: Request | None = None) -> View:
    """Return a modal; for the requester's own open request with a button that withdraws it."""
    title, explained = _denial(denial, policy, action, request)
    name = f"{named_campaign(request)}: " if request else ""
    view = notice.error(title, f"{name}{explained} {strings.modals.NOTHING_WAS_DONE}")
    if denial is Denial.OWN_REQUEST and request and request.state is State.AWAITING_APPROVAL:
        view.blocks = [*(view.blocks or []), *approval_buttons.row(request, [Action.CANCEL], ids.BUTTONS_BLOCK)]
    return view


def denial_text(denial: Denial, policy: Policy, action: Action | None = None, request: Request | None = None) -> str:
    """Return complete sentences in mrkdwn, after the campaign's name if there is a request."""
    name = f"{named_campaign(request)}: " if request else ""
    return f"{name}{strings.modals.NOTHING_WAS_DONE} {_denial(denial, policy, action, request)[1]}"


def _denial(denial: Denial, policy: Policy, action: Action | None, request: Request | None) -> tuple[str, str]:
    """Return title and explanation, which names those who have the right."""
    otherwise = strings.denials.DENIALS[denial]
    title, explained = strings.denials.DENIALS_OF_ACTIONS.get((denial, action), otherwise) if action else otherwise
    if denial is Denial.NEITHER and request and request.purpose is Purpose.STOP:
        title, explained = strings.denials.NOT_TAKEN_BACK
    approvers = policy.approvers_of(request)
    if denial is Denial.NOT_ON_A_LIST and action is not Action.STOP_CAMPAIGN:
        approvers = tuple(dict.fromkeys((*approvers, *policy.escalation_approvers)))
    requester = (request.requester_id,) if request else ()
    named = {
        "requesters": policy.requesters,
        "approvers": approvers,
        "requester": requester,
        "parties": (*requester, *(name for name in approvers if name not in requester)),
        "deciders": remaining_approvers(under_todays_rule(request, policy), policy) if request else approvers,
    }
    return title, explained.format(
        application=policy.application,
        channels=", ".join(f"<#{channel}>" for channel in policy.channels),
        **{role: mentions(tuple(listed), NAMED_AT_MOST) or strings.denials.NO_ONE for role, listed in named.items()},
    )


def list_denial(denial: Denial, policy: Policy, action: Action, listed: CampaignList) -> tuple[str, str]:
    """Return title and explanation of a denial about a list."""
    about = listed.first_to_decide if action in DECIDING_ACTIONS else listed.overall
    title, explained = _denial(denial, policy, action, about)
    return title, f"{explained} {strings.modals.NOTHING_WAS_DONE}"


def list_objection(objection: Objection, freeze: Freeze | None = None) -> str:
    """Return why a decision about a list does not count, in mrkdwn. ``freeze`` is the current one."""
    frozen = f"{strings.freeze.FROZEN_NOW} {freeze_notice.frozen_by(freeze)}" if freeze else strings.freeze.JUST_LIFTED
    return strings.list_modals.OBJECTIONS[objection].format(frozen=frozen)


def not_opened(found: object, code: str, otherwise: str = strings.modals.NOT_OPENED) -> str:
    """Return why Slack opened no modal for what was ``found``, in mrkdwn. ``code`` is Slack's."""
    if code in TOKEN_ERRORS:
        return _undone(Denial.BOT_REJECTED)
    return _undone(found) if found is Denial.DUPLICATE_PAYLOAD else otherwise


def _undone(denial: Denial) -> str:
    return f"{strings.modals.NOTHING_WAS_DONE} {strings.denials.DENIALS[denial][1]}"


def objection_view(objection: Objection, request: Request, freeze: Freeze | None = None) -> View:
    """Return a modal. ``freeze`` is the current one."""
    return notice.error(strings.modals.NOTHING_DONE, _objection(objection, request, freeze))


def objection_text(objection: Objection, request: Request, freeze: Freeze | None = None) -> str:
    """Return complete sentences in mrkdwn, after the campaign's name. ``freeze`` is the current one."""
    return f"{named_campaign(request)}: {strings.modals.NOTHING_WAS_DONE} {_objection(objection, request, freeze)}"


def _objection(objection: Objection, request: Request, freeze: Freeze | None) -> str:
    name = named_campaign(request)
    who_did = [verdict.sentence(made, request) for made in request.decisions]
    happened = " ".join([f"{name} {headline_of(request, freeze)}", *who_did])
    frozen = f"{strings.freeze.FROZEN_NOW} {freeze_notice.frozen_by(freeze)}" if freeze else strings.freeze.JUST_LIFTED
    told = {"happened": happened, "frozen": frozen, "remind_at": date(first_minute(may_remind_at(request)))}
    return strings.modals.OBJECTIONS[objection].format(**told)
