"""The approval modal: the campaign, the reason, and a word to type against approval by reflex."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.domain.models import Request
from deletion.domain.policy import is_approval_phrase, last_word
from slack_ui import strings
from slack_ui.parts import budget_note, campaign_summary, ids
from slack_ui.parts.blocks import fields, header, mrkdwn, note, quoted, typed
from slack_ui.parts.request_form import undo_phrase
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean, code
from slack_ui.strings.by_purpose import strings_for


class Form(BaseModel):
    """The submitted values."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    request_id: str
    phrase: str


def build(request: Request, undo_window: timedelta) -> View:
    """Build the modal. ``request`` carries the current budget."""
    seen, text = request.campaign, strings_for(request)
    spent = [note(budget_note.text(request.budget, request.requester_id))] if request.budget else []
    return View(
        type="modal",
        callback_id=ids.APPROVE_VIEW,
        private_metadata=request.id,
        title=text.approve_title,
        submit=strings.modals.APPROVE_SUBMIT,
        close=strings.modals.APPROVE_CLOSE,
        blocks=[
            header(seen.name),
            mrkdwn(text.approve_asked.format(requester=f"<@{request.requester_id}>")),
            fields(
                (strings.campaign.ID, code(seen.campaign_id)),
                (strings.campaign.STATUS, code(seen.status) or strings.modals.UNKNOWN),
                (strings.campaign.FORMAT, code(seen.format) or strings.modals.UNKNOWN),
            ),
            quoted(strings.campaign.CONTACT_LISTS, *campaign_summary.list_names(seen.contact_lists)),
            quoted(text.reason_label, clean(request.reason, KORE_MESSAGE_LIMIT)),
            mrkdwn(text.warning),
            _phrase_input(request),
            *spent,
            note(_next(request, undo_window)),
        ],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view."""
    return Form(request_id=view["private_metadata"], phrase=typed(view, ids.PHRASE_BLOCK, ids.PHRASE_INPUT))


def errors(form: Form, request: Request) -> dict[str, str]:
    """Return the errors by block id."""
    right = is_approval_phrase(form.phrase, request.campaign.name, request.campaign.campaign_id)
    return {} if right else {ids.PHRASE_BLOCK: strings.modals.APPROVE_WRONG.format(what=_what(request))}


def _phrase_input(request: Request) -> InputBlock:
    return InputBlock(
        block_id=ids.PHRASE_BLOCK,
        label=strings.modals.APPROVE_LABEL.format(what=_what(request)),
        element=PlainTextInputElement(action_id=ids.PHRASE_INPUT),
    )


def _what(request: Request) -> str:
    has_word = bool(last_word(request.campaign.name))
    return strings.modals.APPROVE_BY_WORD if has_word else strings.modals.APPROVE_BY_ID


def _next(request: Request, undo_window: timedelta) -> str:
    text, missing = strings_for(request), request.approvals_required - len(request.approvals) - 1
    if missing > 0:
        return text.approve_next_more.format(missing=missing)
    if not undo_window:
        return text.approve_next_at_once
    return text.approve_next_last.format(undo_phrase=undo_phrase(undo_window))
