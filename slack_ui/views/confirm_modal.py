"""The confirm modal: the campaign's summary and the inputs that confirm its deletion."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, DividerBlock, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.hold import Hold
from deletion.domain.models import Preview, Request
from deletion.domain.outcome import may_land_until
from deletion.domain.policy import ID_END, Policy
from deletion.domain.text.application_name import after_application
from deletion.domain.text.confirmation import confirmation_phrase, is_confirmed, is_end_of_id, is_id
from deletion.domain.text.typed_text import campaign_ids
from deletion.domain.text.visible_text import visible_text
from deletion.lifecycle.intake_results import CampaignPreview
from slack_ui import strings
from slack_ui.messages import freeze_notice, hold_notice
from slack_ui.parts import (
    blast_radius,
    budget_note,
    campaign_summary,
    earlier_request,
    form_promise,
    ids,
    next_sending,
    readers,
    request_form,
    similar_names,
    ticket,
    typing_error,
)
from slack_ui.parts.application import banner, missing_name, typed_name, with_name
from slack_ui.parts.blocks import alert, details, header, mrkdwn, note, plain, typed
from slack_ui.parts.links import Links
from slack_ui.parts.request_form import next_step, reason_errors, reason_input
from slack_ui.parts.text import clean, first_minute, plain_name
from slack_ui.strings.by_purpose import strings_to_ask
from slack_ui.views import stop_modal


class Form(BaseModel):
    """The submitted values. ``preview_id`` names the stored preview; the store knows whose it is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    preview_id: str
    reason: str
    phrase: str
    id_end: str = ""
    ticket: str | None = ""  # None: the form has no field for it
    promise: FormPromise = FormPromise()


def build(looked: CampaignPreview, extent: Extent | None, policy: Policy, links: Links | None = None) -> View:
    """Build blast radius, inputs and details.

    An update with ``extent`` keeps what was typed, because block ids stay the same.
    """
    campaign, text = looked.preview.campaign, strings_to_ask(looked.preview.purpose, policy)
    promise = form_promise.of_new(looked.approvals_required, policy, looked.preview.purpose)
    return View(
        type="modal",
        callback_id=ids.CONFIRM_VIEW,
        private_metadata=form_promise.carrying(looked.preview.id, promise),
        title=strings.modals.MODAL_TITLE,
        submit=strings.modals.MODAL_SUBMIT_ASK if looked.approvals_required else _submit(looked.preview),
        close=strings.modals.MODAL_CLOSE,
        blocks=[
            *banner(looked.preview.application),
            alert(blast_radius.of(looked.campaign, extent)),
            header(looked.campaign.name),
            campaign_summary.whole_id(looked.campaign.id),
            *(stop_modal.offer(looked.preview, policy) if looked.preview.stops else []),
            *([note(earlier_request.text(looked.earlier, links))] if looked.earlier else []),
            *similar_names.build(looked.similar_names),
            reason_input(text.reason_question, readers.of_reason(policy, looked.approvals_required)),
            *ticket.field(policy),
            _phrase_input(campaign, typed_name(policy)),
            *([_id_end_input(looked)] if looked.preview.ask_for_id else []),
            *_over_budget(looked),
            *([note(strings.modals.APPROVERS_NOT_COUNTED)] if looked.quorum.is_unknown else []),
            next_step(text, looked.preview, looked.approvals_required, policy),
            DividerBlock(),
            mrkdwn(request_form.warning(text, policy)),
            details((strings.campaign.NEXT_SENDING, next_sending.text(looked.campaign, now()))),
            *campaign_summary.build(looked.campaign, extent),
        ],
    )


def _submit(preview: Preview) -> str:
    return strings.stop.SUBMIT_FIRST if preview.stops else strings.modals.MODAL_SUBMIT


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view. The reason is reduced to its visible text."""
    return Form(
        preview_id=form_promise.ids_of(view),
        reason=visible_text(typed(view, ids.REASON_BLOCK, ids.REASON_INPUT)),
        phrase=typed(view, ids.PHRASE_BLOCK, ids.PHRASE_INPUT),
        id_end=typed(view, ids.ID_END_BLOCK, ids.ID_END_INPUT),
        ticket=ticket.parse(view),
        promise=form_promise.parse(view),
    )


def errors(form: Form, preview: Preview, policy: Policy) -> dict[str, str]:
    """Return the errors by block id."""
    campaign = preview.campaign
    wrong = reason_errors(form.reason) | ticket.errors(form.ticket, policy)
    if not is_confirmed(form.phrase, campaign.name, campaign.campaign_id):
        is_own_id = campaign_ids(form.phrase) == campaign_ids(campaign.campaign_id)
        phrase = campaign.campaign_id if is_own_id else confirmation_phrase(campaign.name, campaign.campaign_id)
        own = typed_name(policy)
        wrong[ids.PHRASE_BLOCK] = typing_error.text(form.phrase, phrase, _what(campaign), application=own)
    if preview.ask_for_id and not is_end_of_id(form.id_end, campaign.campaign_id):
        wrong[ids.ID_END_BLOCK] = strings.modals.ID_END_WRONG
    return wrong


def names_whole_id(form: Form, preview: Preview) -> bool:
    """Return whether an accepted form tells the campaign from all others by its id."""
    return any(is_id(typed, preview.campaign.campaign_id) for typed in (form.phrase, form.id_end))


def ask_for_id(alike: SimilarNames) -> dict[str, str]:
    """Return the error for a name that others may have by now, as plain text. The id is accepted in its place."""
    if not alike.found:
        return {ids.PHRASE_BLOCK: strings.similar_names.UNCHECKED_MEANWHILE}
    first = alike.found[0]
    name = plain_name(first.name)
    return {ids.PHRASE_BLOCK: strings.similar_names.MEANWHILE.format(name=name, end=clean(first.id[-ID_END:]))}


def ask_for_whole_id(alike: SimilarNames) -> dict[str, str]:
    """Return the error for an end of the id that a campaign with nearly the same name has, too."""
    return {ids.ID_END_BLOCK: strings.similar_names.SAME_END} if alike.have_same_end else {}


def already_requested(existing: Request) -> dict[str, str]:
    """Return the error for a campaign that has a request already."""
    return {ids.PHRASE_BLOCK: why_not_requested(existing)}


def why_not_requested(existing: Request) -> str:
    """Return why an existing request is in the way of another one, as plain text with the time in UTC."""
    if until := may_land_until(existing, now()):
        return strings.modals.LAST_DELETE_UNSETTLED.format(state=existing.state, until=_minute(until))
    return strings.modals.ALREADY_ASKED.format(state=existing.state)


def frozen(freeze: Freeze) -> dict[str, str]:
    """Return the error for a form submitted during a freeze."""
    return {ids.PHRASE_BLOCK: freeze_notice.meanwhile(freeze)}


def held(hold: Hold) -> dict[str, str]:
    """Return the error for a form submitted after the campaign was put on hold."""
    return {ids.PHRASE_BLOCK: hold_notice.meanwhile(hold)}


def over_budget(free_again_at: datetime) -> dict[str, str]:
    """Return the error for a form submitted over the limit. Errors are plain text, so the time is in UTC."""
    return {ids.PHRASE_BLOCK: strings.modals.OVER_BUDGET_MEANWHILE.format(free_again_at=_minute(free_again_at))}


def _minute(moment: datetime) -> str:
    return f"{first_minute(moment).astimezone(UTC):%H:%M}"


def too_few_approvers(quorum: Quorum) -> dict[str, str]:
    """Return the error for a form that too few people could approve."""
    return {ids.PHRASE_BLOCK: request_form.too_few_approvers(quorum)}


def _over_budget(looked: CampaignPreview) -> list[Block]:
    """Return why an extra approval is required, if it is."""
    return [note(budget_note.text(looked.budget, looked.preview.user_id))] if looked.budget.overrun else []


def without_application(form: Form, policy: Policy) -> Form | None:
    """Return the form without the application's name before the phrase; None if the name is required and missing."""
    rest = after_application(form.phrase, typed_name(policy))
    return None if rest is None else form.model_copy(update={"phrase": rest})


def application_missing(preview: Preview, policy: Policy) -> dict[str, str]:
    """Return the error for a phrase that does not begin with the application's name."""
    return {ids.PHRASE_BLOCK: missing_name(policy.application, _what(preview.campaign))}


def _phrase_input(campaign: CampaignFingerprint, application: str) -> InputBlock:
    phrase = confirmation_phrase(campaign.name, campaign.campaign_id)
    hint = strings.modals.PHRASE_HINT_ID if phrase == campaign.campaign_id else strings.modals.PHRASE_HINT
    return InputBlock(
        block_id=ids.PHRASE_BLOCK,
        label=strings.modals.PHRASE_LABEL.format(what=with_name(application, _what(campaign))),
        hint=plain(hint.format(phrase=clean(f"{application} {phrase}".strip()))),
        element=PlainTextInputElement(action_id=ids.PHRASE_INPUT),
    )


def _id_end_input(looked: CampaignPreview) -> InputBlock:
    return InputBlock(
        block_id=ids.ID_END_BLOCK,
        label=strings.modals.ID_END_LABEL,
        hint=strings.modals.ID_END_HINT_ALIKE if looked.similar_names.found else strings.modals.ID_END_HINT_UNCHECKED,
        element=PlainTextInputElement(action_id=ids.ID_END_INPUT),
    )


def _what(campaign: CampaignFingerprint) -> str:
    is_id = confirmation_phrase(campaign.name, campaign.campaign_id) == campaign.campaign_id
    return strings.modals.PHRASE_IS_ID if is_id else strings.modals.PHRASE_IS_NAME
