"""The approval modal: the campaign as it is now, what changed, and a word to type against approval by reflex."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.freeze_and_budget import with_own
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import REASON_MAX, Policy
from deletion.domain.text.application_name import after_application
from deletion.domain.text.confirmation import is_approval_phrase, last_word
from deletion.domain.text.visible_text import visible_text
from kore_api.models import Campaign
from slack_ui import strings
from slack_ui.parts import (
    approval_rule,
    blast_radius,
    budget_note,
    campaign_summary,
    differences,
    earlier_request,
    form_promise,
    ids,
    next_sending,
    similar_names,
    typing_error,
)
from slack_ui.parts.application import banner, missing_name, typed_name, with_name
from slack_ui.parts.blocks import alert, details, header, mrkdwn, note, quoted, typed
from slack_ui.parts.links import Links
from slack_ui.parts.request_form import approval_phrase, comment_input, undo_phrase, warning
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean
from slack_ui.strings.by_purpose import strings_for


class Form(BaseModel):
    """The submitted values."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    request_id: str
    phrase: str
    comment: str = ""
    promise: FormPromise = FormPromise()


@dataclass(frozen=True)
class Review:
    """A request with the current budget, and its campaign as it is now.

    ``campaign`` is None for a rebuild, whose campaign is gone. ``extent`` and ``similar_names`` are None while they are
    being loaded. ``missing`` is what the approvals lack now, and ``missing_after`` what they lack after the reader's.
    """

    request: Request
    campaign: Campaign | None = None
    extent: Extent | None = None
    similar_names: SimilarNames | None = None
    missing: MissingApprovals = field(kw_only=True)
    missing_after: MissingApprovals = field(kw_only=True)

    @property
    def does_not_help(self) -> bool:
        """The reader's approval would be recorded, but fills none that is missing."""
        return self.missing_after.count == self.missing.count > 0


def build(review: Review, policy: Policy, links: Links | None = None) -> View:
    """Build the modal, the blast radius first. An update keeps what was typed, because block ids stay the same."""
    request, campaign = review.request, review.campaign
    text = strings_for(request)
    return View(
        type="modal",
        callback_id=ids.APPROVE_VIEW,
        private_metadata=form_promise.carrying(request.id, form_promise.of_request(request, policy)),
        title=text.approve_title,
        submit=strings.modals.APPROVE_SUBMIT,
        close=strings.modals.APPROVE_CLOSE,
        blocks=[
            *banner(request.application),
            *(_blast_radius(campaign, review.extent) if campaign else []),
            header(request.campaign.name),
            campaign_summary.whole_id(request.campaign.campaign_id),
            mrkdwn(text.approve_asked.format(requester=f"<@{request.requester_id}>")),
            *([note(earlier_request.text(request.earlier, links))] if request.earlier else []),
            *(campaign_summary.build(campaign, review.extent) if campaign else _as_requested(request)),
            quoted(text.reason_label, clean(request.reason, KORE_MESSAGE_LIMIT)),
            *([details((strings.cards.TICKET, request.ticket))] if request.ticket else []),
            *(_compared(review, campaign) if campaign else []),
            mrkdwn(warning(text, policy)),
            _phrase_input(request, typed_name(policy)),
            comment_input(),
            *([note(budget_note.text(spent, request.requester_id))] if (spent := with_own(request)) else []),
            *([note(strings.modals.DOES_NOT_HELP)] if review.does_not_help else []),
            note(_next(review, policy)),
        ],
    )


def _blast_radius(campaign: Campaign, extent: Extent | None) -> list[Block]:
    return [
        alert(blast_radius.of(campaign, extent)),
        details((strings.campaign.NEXT_SENDING, next_sending.text(campaign, now()))),
    ]


def _as_requested(request: Request) -> list[Block]:
    """Return the deleted campaign of a rebuild, of which only the fingerprint is known, and the flow that was typed."""
    seen = request.campaign
    flow = [(strings.rebuild.FLOW, said)] if (said := clean(request.flow_name)) else []
    return [
        details(
            (strings.campaign.STATUS, clean(seen.status) or strings.modals.UNKNOWN),
            (strings.campaign.FORMAT, clean(seen.format) or strings.modals.UNKNOWN),
            *flow,
        ),
        quoted(strings.campaign.CONTACT_LISTS, *campaign_summary.list_names(seen.contact_lists)),
    ]


def _compared(review: Review, campaign: Campaign) -> list[Block]:
    """Return campaigns with similar names, and what differs from what the requester was shown."""
    alike = review.similar_names
    no_others = note(strings.similar_names.NONE if alike else strings.similar_names.CHECKING)
    return [
        *(similar_names.build(alike) if alike and alike.ask_for_id else [no_others]),
        quoted(strings.modals.SINCE_REQUEST, *differences.since_request(review.request, campaign, review.extent)),
    ]


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view."""
    return Form(
        request_id=form_promise.ids_of(view),
        phrase=typed(view, ids.PHRASE_BLOCK, ids.PHRASE_INPUT),
        comment=visible_text(typed(view, ids.COMMENT_BLOCK, ids.COMMENT_INPUT))[:REASON_MAX],
        promise=form_promise.parse(view),
    )


def errors(form: Form, request: Request, policy: Policy) -> dict[str, str]:
    """Return the errors by block id."""
    campaign, phrase = request.campaign, after_application(form.phrase, typed_name(policy))
    if phrase is None:
        return {ids.PHRASE_BLOCK: missing_name(policy.application, approval_phrase(request.campaign))}
    if is_approval_phrase(phrase, campaign.name, campaign.campaign_id):
        return {}
    own, word = typed_name(policy), last_word(campaign.name)
    wrong = typing_error.text(phrase, word, approval_phrase(request.campaign), strings.modals.APPROVE_WRONG, own)
    return {ids.PHRASE_BLOCK: wrong}


def _phrase_input(request: Request, application: str) -> InputBlock:
    return InputBlock(
        block_id=ids.PHRASE_BLOCK,
        label=strings.modals.APPROVE_LABEL.format(what=with_name(application, approval_phrase(request.campaign))),
        element=PlainTextInputElement(action_id=ids.PHRASE_INPUT),
    )


def _next(review: Review, policy: Policy) -> str:
    """Return what happens after the reader's approval."""
    text, after = strings_for(review.request), review.missing_after
    if not after.count and (not policy.undo_window or review.request.purpose is Purpose.STOP):
        return text.approve_next_at_once
    if not after.count:
        return text.approve_next_last.format(undo_phrase=undo_phrase(policy.undo_window))
    following = text.approve_next_more.format(missing=after.count)
    if not review.request.approval_quotas:
        return following
    needed = approval_rule.missing_in_words(after, strings.cards.STILL_NEEDED_AFTER_YOURS)
    return " ".join([following, approval_rule.in_words(review.request.approval_rule), needed])
