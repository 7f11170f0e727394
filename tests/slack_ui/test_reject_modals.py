"""The forms that reject one campaign, or a list."""

import pytest

from deletion.lifecycle.list_approval import STRUCK
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import list_reject_modal, reject_modal
from tests.deletion.values import request
from tests.stories.person import shown


@pytest.mark.parametrize("modal", [ids.LIST_REJECT_VIEW, ids.REJECT_VIEW])
@pytest.mark.parametrize("typed", [STRUCK, f" {STRUCK}\u200b\n"])
def test_reason_of_a_strike_cannot_be_typed_as_the_reason_of_a_rejection(modal: str, typed: str) -> None:
    """Messages recognise a strike by its reason."""
    values = {ids.REASON_BLOCK: {ids.REASON_INPUT: {"value": typed}}}
    view = {"callback_id": modal, "private_metadata": "1", "state": {"values": values}}

    if modal == ids.REJECT_VIEW:
        wrong = reject_modal.errors(reject_modal.parse(view))
    else:
        wrong = list_reject_modal.errors(list_reject_modal.parse(view))

    assert wrong == {ids.REASON_BLOCK: strings.modals.REASON_OF_A_STRIKE}


def test_form_of_a_rejection_shows_the_id() -> None:
    said = shown(reject_modal.build(request()).to_dict())
    assert request().campaign.campaign_id in said
