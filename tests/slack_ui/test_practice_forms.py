"""The forms of practice say that nothing happens, and warn of nothing that only a real request does."""

import re

import pytest
from slack_sdk.models.views import View

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.clock import now
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from deletion.lifecycle.stop_intake import StopPreview
from slack_ui.views import approve_modal, confirm_modal, list_approve_modal, list_confirm_modal, stop_modal
from tests.deletion.values import campaign, campaign_list, preview, request
from tests.slack_ui.hostile_values import USED_UP
from tests.stories.person import shown

APPLICATION = "practice"
IN_PRACTICE = Policy(approvals_channel="C0APPROVALS", practice=True, application=APPLICATION)
MISSING = MissingApprovals(count=1)
UNTRUE = ("You can't undo", "I first stop it", "I stop it before", "sends nothing more", "can be rebuilt")


def forms(policy: Policy) -> dict[str, View]:
    """Return every form that says what a request does for good."""
    kept, names = preview(application=APPLICATION), SimilarNames(as_of=now())
    to_stop = kept.model_copy(update={"stops": Purpose.STOP_AND_DELETE})
    to_delete, to_stop_first = (CampaignPreview(campaign(), names, each, 1, USED_UP) for each in (kept, to_stop))
    asked = request(state=State.AWAITING_APPROVAL, application=APPLICATION)
    listed = campaign_list(State.AWAITING_APPROVAL, application=APPLICATION)
    reviews = {
        stops: approve_modal.Review(
            asked.model_copy(update={"stops": stops}), campaign(), missing=MISSING, missing_after=MISSING
        )
        for stops in (None, Purpose.STOP, Purpose.STOP_AND_DELETE)
    }
    return {
        "confirm": confirm_modal.build(to_delete, None, policy),
        "confirm a stop and delete": confirm_modal.build(to_stop_first, None, policy),
        "confirm a stop": stop_modal.build(StopPreview(campaign(), kept, 1), None, policy),
        "confirm a list": list_confirm_modal.build(list_confirm_modal.Chosen([to_delete], [], [], 1), policy),
        "approve a list": list_approve_modal.build(
            list_approve_modal.Shown(ListReview(listed), "U0BOB", ListMissing([MISSING], [MISSING]), [names]), policy
        ),
        **{f"approve {stops or 'a delete'}": approve_modal.build(each, policy) for stops, each in reviews.items()},
    }


@pytest.mark.parametrize("archives", [False, True])
@pytest.mark.parametrize("name", forms(IN_PRACTICE))
def test_form_of_practice_says_that_nothing_happens(name: str, archives: bool) -> None:
    form = forms(IN_PRACTICE.model_copy(update={"archives": archives}))[name]

    said = shown(form.to_dict()["blocks"])

    assert re.search(r"Nothing is (deleted|stopped|stopped or deleted)\. ", said)
    assert not [untrue for untrue in UNTRUE if untrue in said]
