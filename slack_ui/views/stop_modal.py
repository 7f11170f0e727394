"""The stop modal: the campaign, what a stop does, a reason, and a word to type against a stop of the wrong campaign."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.extent import Extent
from deletion.domain.models import Preview, Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.text.confirmation import is_approval_phrase, last_word
from deletion.domain.text.visible_text import visible_text
from deletion.lifecycle.stop_intake import StopPreview
from slack_ui import strings
from slack_ui.parts import blast_radius, campaign_summary, form_promise, ids, readers, typing_error
from slack_ui.parts.application import banner
from slack_ui.parts.blocks import alert, header, mrkdwn, typed
from slack_ui.parts.request_form import approval_phrase, next_step, reason_errors, reason_input
from slack_ui.strings.by_purpose import strings_to_ask


class Form(BaseModel):
    """The submitted values. ``preview_id`` names the stored preview; the store knows whose it is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    preview_id: str
    reason: str
    phrase: str
    promise: FormPromise = FormPromise()


def offer(preview: Preview, policy: Policy) -> list[Block]:
    """Return the button of the confirm modal that leads to this one."""
    said = strings.practice.STOP_OFFER if policy.practice else strings.stop.OFFER
    button = ButtonElement(action_id=ids.ONLY_STOP_BUTTON, text=strings.stop.ONLY_STOP, value=preview.id)
    return [mrkdwn(said), ActionsBlock(elements=[button])]


def build(looked: StopPreview, extent: Extent | None, policy: Policy) -> View:
    """Build the modal. An update with ``extent`` keeps what was typed, because block ids stay the same."""
    text = strings_to_ask(Purpose.STOP, policy)
    promise = form_promise.of_new(looked.approvals_required, policy, Purpose.STOP)
    return View(
        type="modal",
        callback_id=ids.STOP_VIEW,
        private_metadata=form_promise.carrying(looked.preview.id, promise),
        title=strings.stop.TITLE,
        submit=strings.stop.SUBMIT_ASK if looked.approvals_required else strings.stop.SUBMIT,
        close=strings.stop.CLOSE,
        blocks=[
            *banner(looked.preview.application),
            alert(blast_radius.of(looked.campaign, extent)),
            header(looked.campaign.name),
            campaign_summary.whole_id(looked.campaign.id),
            _phrase_input(looked.preview),
            reason_input(text.reason_question, readers.of_reason(policy, looked.approvals_required)),
            next_step(text, looked.preview, looked.approvals_required, policy),
            mrkdwn(text.warning),
            *campaign_summary.build(looked.campaign, extent),
        ],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view. The reason is reduced to its visible text."""
    return Form(
        preview_id=form_promise.ids_of(view),
        reason=visible_text(typed(view, ids.REASON_BLOCK, ids.REASON_INPUT)),
        phrase=typed(view, ids.PHRASE_BLOCK, ids.PHRASE_INPUT),
        promise=form_promise.parse(view),
    )


def errors(form: Form, preview: Preview) -> dict[str, str]:
    """Return the errors by block id."""
    campaign, wrong = preview.campaign, reason_errors(form.reason)
    if not is_approval_phrase(form.phrase, campaign.name, campaign.campaign_id):
        word, what = last_word(campaign.name), approval_phrase(preview.campaign)
        wrong[ids.PHRASE_BLOCK] = typing_error.text(form.phrase, word, what, strings.modals.APPROVE_WRONG)
    return wrong


def already_requested(existing: Request) -> dict[str, str]:
    """Return the error for a campaign whose stop is requested already."""
    return {ids.PHRASE_BLOCK: strings.modals.ALREADY_ASKED.format(state=existing.state)}


def _phrase_input(preview: Preview) -> InputBlock:
    return InputBlock(
        block_id=ids.PHRASE_BLOCK,
        label=strings.stop.LABEL.format(what=approval_phrase(preview.campaign)),
        element=PlainTextInputElement(action_id=ids.PHRASE_INPUT),
    )
