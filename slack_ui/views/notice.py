"""Modals without inputs: loading, refusals, errors and information. Each takes the title of its window."""

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, SectionBlock
from slack_sdk.models.views import View

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.intake_results import Refused
from kore_api.errors import KoreError
from slack_ui import strings
from slack_ui.messages import freeze_notice, hold_notice
from slack_ui.parts import differences, ids
from slack_ui.parts.application import banner
from slack_ui.parts.approval_rule import missing_in_words
from slack_ui.parts.blocks import header, mrkdwn, note, plain, quoted
from slack_ui.parts.text import clean, code, date, first_minute, mentions, word


def headed(view: View, window: Mapping[str, Any]) -> View:
    """Return a modal without inputs with the title of the window that shows it, as Slack has it. A form has its own."""
    title = clean(window.get("title", {}).get("text", ""), View.title_max_length)
    if not title or view.callback_id not in (ids.LOADING_VIEW, ids.NOTICE_VIEW):
        return view
    view = copy.copy(view)
    view.title = plain(title)
    return view


def loading(what: str = strings.modals.LOADING, title: str = strings.modals.MODAL_TITLE) -> View:
    return _view(ids.LOADING_VIEW, [mrkdwn(f":hourglass_flowing_sand: {what}")], title)


def waiting(again_at: datetime) -> View:
    """Build the modal shown until Kore.ai's rate limit allows the next call; it is then updated."""
    said = strings.modals.WAITING_FOR_KORE.format(after=date(again_at, seconds=True))
    return _view(ids.LOADING_VIEW, [mrkdwn(f":hourglass_flowing_sand: {said}")])


def refused(refused: Refused, policy: Policy, link: str = strings.cards.POINTER_LINK) -> View:
    """Build a refusal with its reason and the way out, under the campaign's name if it is known.

    ``link`` leads to the message of the existing request, in mrkdwn.
    """
    title, way_out = strings.refusals.REFUSALS[refused.refusal]
    campaign = refused.campaign
    explained = way_out.format(
        status=(word(campaign.status) if campaign else "") or strings.modals.UNKNOWN,
        allowed=", ".join(word(status) for status in policy.deletable_statuses),
        stoppable=", ".join(word(status) for status in policy.stoppable_statuses),
        protected=", ".join(code(pattern) for pattern in policy.protected_names),
        held=hold_notice.held(refused.hold) if refused.hold else strings.modals.UNKNOWN,
        frozen=freeze_notice.frozen_by(refused.freeze) if refused.freeze else strings.modals.UNKNOWN,
        free_again_at=date(first_minute(refused.free_again_at)) if refused.free_again_at else strings.modals.UNKNOWN,
        cause=_cause(refused.unread),
        asked_at=date(refused.existing.requested_at) if refused.existing else strings.modals.UNKNOWN,
        who=_who(refused),
        ended_at=_ended_at(refused.existing) if refused.existing else strings.modals.UNKNOWN,
        link=link,
        rebuilt=_rebuilt(refused.rebuild),
        too_few=_too_few(refused.quorum, policy) if refused.quorum else strings.modals.UNKNOWN,
    )
    if refused.unread:
        explained += _answer(refused.unread)
    known = campaign.name if campaign else refused.existing.campaign.name if refused.existing else ""
    name = [*banner(policy.application), *([header(known)] if known else [])]
    said = mrkdwn(f":no_entry: *{title}*\n{explained}")
    return _view(ids.NOTICE_VIEW, [*name, said, note(strings.modals.NO_REQUEST_MADE)])


def _who(refused: Refused) -> str:
    if refused.is_own:
        return strings.refusals.YOU
    return f"<@{refused.existing.requester_id}>" if refused.existing else strings.modals.UNKNOWN_USER


def _ended_at(request: Request) -> str:
    """Return when the DELETE was sent, or when the campaign was found gone without one that was confirmed."""
    is_deleted = request.state is State.DELETED and request.attempt
    return date(request.attempt.at if request.attempt and is_deleted else request.changed_at)


def _rebuilt(rebuild: Request | None) -> str:
    is_done = rebuild and rebuild.state is State.REBUILT and rebuild.created_id
    return strings.refusals.REBUILT_AS.format(created_id=code(rebuild.created_id)) if rebuild and is_done else ""


def _too_few(quorum: Quorum, policy: Policy) -> str:
    said = strings.refusals.TOO_FEW_APPROVERS
    if quorum.is_requester_unverified:
        said = strings.refusals.REQUESTER_UNVERIFIED
    return said.format(
        needed=quorum.needed,
        found=quorum.found,
        missing=quorum.missing,
        groups=f" {missing_in_words(MissingApprovals(count=quorum.missing, groups=quorum.groups))}"
        if quorum.groups
        else "",
        approvers=mentions(policy.approvers),
    )


def _cause(error: KoreError | None) -> str:
    cause = error.cause if error else None
    return strings.refusals.CAUSES[cause] if cause else strings.refusals.REFUSED_BY_KORE


def _answer(error: KoreError) -> str:
    message = code(error.kore_message)
    return "\n" + strings.refusals.ANSWER_SAYS.format(message=message) if message else ""


def unreadable(failure: KoreError) -> View:
    """Build the reason why a campaign could not be read for an approver."""
    title, explained = strings.modals.CAMPAIGN_UNREADABLE
    return error(title, f"{_cause(failure)} {explained}{_answer(failure)}")


def changed(request: Request) -> View:
    """Build what differs from the requested campaign, for an approver whose re-read closed the request."""
    title, explained = strings.modals.DRIFTED
    said = mrkdwn(f":no_entry: *{title}*\n{explained}")
    what = quoted(strings.cards.CHANGED_FIELDS, *differences.lines(request))
    return _view(ids.NOTICE_VIEW, [*banner(request.application), header(request.campaign.name), said, what])


def recorded(request: Request) -> View:
    """Build the confirmation for a form whose ack was too late to close it."""
    title, what_next = strings.modals.RECORDED
    said = mrkdwn(f":white_check_mark: *{title}*\n{what_next}")
    name = [] if request.list_id else [header(request.campaign.name)]  # of a list, the first may have been struck
    return _view(ids.NOTICE_VIEW, [*banner(request.application), *name, said])


def form_errors(wrong: Iterable[str]) -> View:
    """Build the errors of a form that is no longer shown, as plain text like a field's error."""
    said = [SectionBlock(text=plain(sentence)) for sentence in wrong]
    return _view(
        ids.NOTICE_VIEW, [mrkdwn(f":no_entry: *{strings.modals.NOTHING_DONE}*"), *said, note(strings.modals.OPEN_AGAIN)]
    )


def unexpected() -> View:
    return info(f":warning: {strings.modals.UNEXPECTED}")


def preview_lost() -> View:
    return error(*strings.modals.PREVIEW_LOST)


def error(title: str, explained: str) -> View:
    return _view(ids.NOTICE_VIEW, [mrkdwn(f":no_entry: *{title}*\n{explained}")])


def info(text: str) -> View:
    """Build a modal of complete sentences without a title."""
    return _view(ids.NOTICE_VIEW, [mrkdwn(text)])


def _view(callback_id: str, blocks: list[Block], title: str = strings.modals.NOTICE_TITLE) -> View:
    return View(
        type="modal",
        callback_id=callback_id,
        title=title,
        close=strings.modals.NOTICE_CLOSE,
        blocks=blocks,
    )
