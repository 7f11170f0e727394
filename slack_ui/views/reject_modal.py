"""The modal that asks an approver for the reason of a rejection."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.views import View

from deletion.domain.models import Request
from deletion.domain.text.visible_text import visible_text
from slack_ui import strings
from slack_ui.parts import campaign_summary, ids, readers
from slack_ui.parts.application import banner
from slack_ui.parts.blocks import header, typed
from slack_ui.parts.request_form import reason_input, rejection_errors
from slack_ui.strings.by_purpose import strings_for


class Form(BaseModel):
    """The submitted values."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    request_id: str
    reason: str


def build(request: Request) -> View:
    return View(
        type="modal",
        callback_id=ids.REJECT_VIEW,
        private_metadata=request.id,
        title=strings_for(request).reject_title,
        submit=strings.modals.REJECT_SUBMIT,
        close=strings.modals.APPROVE_CLOSE,
        blocks=[
            *banner(request.application),
            header(request.campaign.name),
            campaign_summary.whole_id(request.campaign.campaign_id),
            reason_input(strings_for(request).reject_label, readers.of_rejection()),
        ],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view. The reason is reduced to its visible text."""
    reason = visible_text(typed(view, ids.REASON_BLOCK, ids.REASON_INPUT))
    return Form(request_id=view["private_metadata"], reason=reason)


def errors(form: Form) -> dict[str, str]:
    """Return the errors by block id."""
    return rejection_errors(form.reason)
