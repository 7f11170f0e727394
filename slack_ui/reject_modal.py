"""The modal that asks an approver why a campaign should stay."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.blocks import HeaderBlock, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from deletion.models import Request
from deletion.policy import REASON_MAX, REASON_MIN
from slack_ui import ids, words
from slack_ui.text import NAME_LIMIT, clean


class Form(BaseModel):
    """What was typed, about which request."""

    model_config = ConfigDict(frozen=True)

    request_id: str
    reason: str


def build(request: Request) -> View:
    return View(
        type="modal",
        callback_id=ids.REJECT_VIEW,
        private_metadata=request.id,
        title=words.REJECT_TITLE,
        submit=words.REJECT_SUBMIT,
        close=words.APPROVE_CLOSE,
        blocks=[
            HeaderBlock(text=clean(request.sighting.name, NAME_LIMIT) or words.UNNAMED),
            InputBlock(
                block_id=ids.REASON_BLOCK,
                label=words.REJECT_LABEL,
                hint=words.REJECT_HINT,
                element=PlainTextInputElement(
                    action_id=ids.REASON_INPUT, multiline=True, min_length=REASON_MIN, max_length=REASON_MAX
                ),
            ),
        ],
    )


def parse(view: dict[str, Any]) -> Form:
    """Read the submitted view (docs.slack.dev/reference/interaction-payloads/view-interactions-payload)."""
    typed = view["state"]["values"][ids.REASON_BLOCK][ids.REASON_INPUT]["value"]
    return Form(request_id=view["private_metadata"], reason=(typed or "").strip())


def errors(form: Form) -> dict[str, str]:
    """What is wrong, by block id; empty when nothing is."""
    if len(form.reason) < REASON_MIN:
        return {ids.REASON_BLOCK: words.REASON_TOO_SHORT}
    return {ids.REASON_BLOCK: words.REASON_TOO_LONG} if len(form.reason) > REASON_MAX else {}
