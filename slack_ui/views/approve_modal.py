"""The approver's modal: what is about to be destroyed, and a word to type so that nobody approves by reflex."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.domain.models import Purpose, Request
from deletion.domain.policy import is_approval_phrase, last_word
from slack_ui import strings
from slack_ui.parts import budget_note, campaign_summary, ids
from slack_ui.parts.blocks import fields, header, literal, mrkdwn, note, typed
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean, code
from slack_ui.strings.by_purpose import sentence


class Form(BaseModel):
    """What was typed, about which request."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    request_id: str
    phrase: str


def build(request: Request, undo_window: timedelta) -> View:
    """``request`` carries the budget of this moment."""
    seen = request.campaign
    spent = [note(budget_note.text(request.budget, request.requester_id))] if request.budget else []
    return View(
        type="modal",
        callback_id=ids.APPROVE_VIEW,
        private_metadata=request.id,
        title=sentence(request, "APPROVE_TITLE"),
        submit=strings.modals.APPROVE_SUBMIT,
        close=strings.modals.APPROVE_CLOSE,
        blocks=[
            header(seen.name),
            mrkdwn(sentence(request, "APPROVE_ASKED").format(requester=f"<@{request.requester_id}>")),
            fields(
                (strings.campaign.ID, code(seen.campaign_id)),
                (strings.campaign.STATUS, code(seen.status) or strings.modals.UNKNOWN),
                (strings.campaign.FORMAT, code(seen.format) or strings.modals.UNKNOWN),
            ),
            literal(strings.campaign.CONTACT_LISTS, *campaign_summary.list_names(seen.contact_lists)),
            literal(sentence(request, "REASON_GIVEN"), clean(request.reason, KORE_MESSAGE_LIMIT)),
            mrkdwn(strings.rebuild.WHAT_COMES_BACK if request.purpose is Purpose.REBUILD else strings.modals.WARNING),
            _phrase_input(request),
            *spent,
            note(_next(request, undo_window)),
        ],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view."""
    return Form(request_id=view["private_metadata"], phrase=typed(view, ids.PHRASE_BLOCK, ids.PHRASE_INPUT))


def errors(form: Form, request: Request) -> dict[str, str]:
    """What is wrong, by block id; empty when nothing is."""
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
    missing = request.approvals_required - len(request.approvals) - 1
    if missing > 0:
        return sentence(request, "APPROVE_NEXT_MORE").format(missing=missing)
    if not undo_window:
        return sentence(request, "APPROVE_NEXT_AT_ONCE")
    return sentence(request, "APPROVE_NEXT_LAST").format(undo_phrase=undo_phrase(undo_window))


def undo_phrase(undo_window: timedelta) -> str:
    """Return when an approved request is executed, such as "in 60 seconds" or "immediately"."""
    minutes, seconds = divmod(round(undo_window.total_seconds()), 60)
    if minutes > 1 and not seconds:
        return strings.modals.AFTER_MINUTES.format(minutes=minutes)
    total = minutes * 60 + seconds
    return strings.modals.AFTER_SECONDS.format(seconds=total) if total else strings.modals.AT_ONCE
