"""The rebuild modal: what a rebuild restores, what it does not, and the reason."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Preview, Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.domain.text.visible_text import visible_text
from deletion.lifecycle.archive import Unopened
from deletion.lifecycle.rebuild import Kept
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.parts import campaign_summary, form_promise, ids, readers, request_form
from slack_ui.parts.application import banner, named_campaign
from slack_ui.parts.blocks import fields, header, mrkdwn, quoted, typed
from slack_ui.parts.request_form import next_step, reason_errors, reason_input
from slack_ui.parts.text import code, date, word
from slack_ui.strings.by_purpose import headline_of
from slack_ui.strings.rebuild import REBUILD
from slack_ui.views import notice

FLOW_LIMIT = 256


class Form(BaseModel):
    """The submitted values. ``preview_id`` names the stored preview; the store knows whose it is."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    preview_id: str
    reason: str
    flow_name: str
    promise: FormPromise = FormPromise()


def build(kept: Kept, policy: Policy) -> View:
    seen = kept.preview.campaign
    promise = form_promise.of_new(policy.approvals_required, policy, Purpose.REBUILD)
    flow: list[Block] = [_flow_input()] if kept.needs_flow_name else []
    return View(
        type="modal",
        callback_id=ids.REBUILD_VIEW,
        private_metadata=form_promise.carrying(kept.preview.id, promise),
        title=strings.rebuild.TITLE,
        submit=strings.rebuild.SUBMIT_ASK if policy.approvals_required else strings.rebuild.SUBMIT,
        close=strings.rebuild.CLOSE,
        blocks=[
            *banner(kept.preview.application),
            header(seen.name),
            fields(
                (strings.campaign.OLD_ID, code(seen.campaign_id)),
                (strings.campaign.FORMAT, word(seen.format) or strings.modals.UNKNOWN),
            ),
            quoted(strings.campaign.CONTACT_LISTS, *campaign_summary.list_names(seen.contact_lists)),
            mrkdwn(REBUILD.warning),
            *flow,
            reason_input(REBUILD.reason_question, readers.of_reason(policy, policy.approvals_required)),
            next_step(REBUILD, kept.preview, policy.approvals_required, policy),
        ],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view. The reason is reduced to its visible text."""
    return Form(
        preview_id=form_promise.ids_of(view),
        reason=visible_text(typed(view, ids.REASON_BLOCK, ids.REASON_INPUT)),
        flow_name=visible_text(typed(view, ids.FLOW_BLOCK, ids.FLOW_INPUT)),
        promise=form_promise.parse(view),
    )


def errors(form: Form, preview: Preview) -> dict[str, str]:
    """Return the errors by block id."""
    wrong = reason_errors(form.reason)
    if preview.campaign.format == "advanced" and not form.flow_name:
        wrong[ids.FLOW_BLOCK] = strings.rebuild.FLOW_MISSING
    return wrong


def frozen(freeze: Freeze) -> dict[str, str]:
    """Return the error for a form submitted during a freeze."""
    return {ids.REASON_BLOCK: freeze_notice.meanwhile(freeze)}


def too_few_approvers(quorum: Quorum) -> dict[str, str]:
    """Return the error for a form that too few people could approve."""
    return {ids.REASON_BLOCK: request_form.too_few_approvers(quorum)}


def already(earlier: Request, link: str = strings.cards.POINTER_LINK) -> View:
    """Build the answer about an earlier request for the same campaign, or about its later deletion."""
    title, said = strings.rebuild.ALREADY_REQUESTED
    if earlier.state is State.REBUILT:
        title, said = strings.rebuild.ALREADY_REBUILT
    elif earlier.purpose is not Purpose.REBUILD:
        title, said = strings.rebuild.DELETION_REQUESTED if earlier.is_open else strings.rebuild.DELETED_AGAIN
    told = {"headline": headline_of(earlier), "when": date(earlier.changed_at), "created_id": code(earlier.created_id)}
    return notice.error(title, said.format(name=named_campaign(earlier), link=link, **told))


def not_now(request: Request) -> View:
    title, said = strings.rebuild.NOT_NOW
    if request.reappeared_at:
        said = strings.rebuild.THERE_AGAIN
    return notice.error(title, said.format(name=named_campaign(request)))


def unopened(request: Request, why: Unopened) -> View:
    return notice.error(strings.rebuild.NOT_NOW[0], f"{named_campaign(request)}: {strings.rebuild.UNOPENED[why]}")


def _flow_input() -> InputBlock:
    return InputBlock(
        block_id=ids.FLOW_BLOCK,
        label=strings.rebuild.FLOW_LABEL,
        hint=strings.rebuild.FLOW_HINT,
        element=PlainTextInputElement(action_id=ids.FLOW_INPUT, max_length=FLOW_LIMIT),
    )
