"""The modal that rejects what awaits approval in a list."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from slack_sdk.models.views import View

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.domain.text.visible_text import visible_text
from slack_ui import strings
from slack_ui.parts import ids, list_extent, readers, request_form
from slack_ui.parts.application import banner
from slack_ui.parts.blocks import header, typed
from slack_ui.parts.request_form import reason_input


class Rejection(BaseModel):
    """The submitted reason of a rejection, and the requests that awaited approval when its form was opened."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    list_id: str
    shown_ids: frozenset[str] = frozenset()
    reason: str


def build(listed: CampaignList, barred: Sequence[Request] = ()) -> View:
    """Build the form that rejects what awaits approval but the ``barred`` requests, which its reader may not decide."""
    request, shown = listed.requests[0], [each for each in listed.awaiting if each not in barred]
    return View(
        type="modal",
        callback_id=ids.LIST_REJECT_VIEW,
        private_metadata=" ".join([listed.id, *(each.id for each in shown)]),
        title=strings.list_modals.REJECT_TITLE,
        submit=strings.modals.REJECT_SUBMIT,
        close=strings.modals.APPROVE_CLOSE,
        blocks=[
            *banner(request.application),
            header(list_extent.count(len(shown))),
            reason_input(strings.list_modals.REJECT_LABEL, readers.of_rejection()),
        ],
    )


def parse(view: dict[str, Any]) -> Rejection:
    """Read the submitted view. The reason is reduced to its visible text."""
    reason = visible_text(typed(view, ids.REASON_BLOCK, ids.REASON_INPUT))
    list_id, *shown_ids = view["private_metadata"].split(" ")
    return Rejection(list_id=list_id, shown_ids=frozenset(shown_ids), reason=reason)


def errors(form: Rejection) -> dict[str, str]:
    return request_form.rejection_errors(form.reason)
