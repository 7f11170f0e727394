"""Every form with which something can be started carries what it says, whatever its button is called."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.models.views import View

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import ApprovalRule, MissingApprovals
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from deletion.lifecycle.rebuild import Kept
from deletion.lifecycle.stop_intake import StopPreview
from slack_ui.parts import form_promise
from slack_ui.parts.form_promise import ListPromise
from slack_ui.views import (
    approve_modal,
    confirm_modal,
    list_approve_modal,
    list_confirm_modal,
    rebuild_modal,
    stop_modal,
)
from slack_ui.views.approve_modal import Review
from tests.deletion.values import NOON, campaign, campaign_list, preview, request
from tests.slack_ui.hostile_values import USED_UP

WINDOW, NONE = timedelta(minutes=2), timedelta(0)
POLICY = Policy(approvals_required=2, approvals_channel="C0APPROVALS", undo_window=WINDOW, archives=True)
KEPT = preview(stops=None)
LOOKED = CampaignPreview(campaign(), SimilarNames(as_of=NOON), KEPT, 3, USED_UP)
TO_STOP = KEPT.model_copy(update={"stops": Purpose.STOP})
STOP_FIRST = CampaignPreview(
    campaign(), LOOKED.similar_names, KEPT.model_copy(update={"stops": Purpose.STOP_AND_DELETE}), 3, USED_UP
)
LACKING = MissingApprovals(count=1)


def submitted(view: View) -> dict[str, Any]:
    """Return a submitted form without the label of its button."""
    return {**view.to_dict(), "submit": None, "state": {"values": {}}}


def approval(**fields: Any) -> View:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=3, **fields)
    return approve_modal.build(Review(asked, campaign(), missing=LACKING, missing_after=LACKING), POLICY)


@pytest.mark.parametrize(
    ("view", "parse", "approvals", "undo_window", "archives"),
    [
        (confirm_modal.build(LOOKED, None, POLICY), confirm_modal.parse, 3, WINDOW, True),
        (confirm_modal.build(STOP_FIRST, None, POLICY), confirm_modal.parse, 3, WINDOW, True),
        (stop_modal.build(StopPreview(campaign(), TO_STOP, 1), None, POLICY), stop_modal.parse, 1, NONE, False),
        (rebuild_modal.build(Kept(KEPT, needs_flow_name=False), POLICY), rebuild_modal.parse, 2, WINDOW, False),
        (
            list_confirm_modal.build(list_confirm_modal.Chosen([LOOKED], [], [], 3), POLICY),
            list_confirm_modal.parse,
            3,
            WINDOW,
            False,
        ),
        (approval(), approve_modal.parse, 3, WINDOW, True),
        (approval(stops=Purpose.STOP_AND_DELETE), approve_modal.parse, 3, WINDOW, True),
        (approval(stops=Purpose.STOP), approve_modal.parse, 3, NONE, False),
        (approval(rebuilds="r0"), approve_modal.parse, 3, WINDOW, False),
    ],
)
def test_form_carries_what_it_says(
    view: View, parse: Callable[[dict[str, Any]], Any], approvals: int, undo_window: timedelta, *, archives: bool
) -> None:
    said = FormPromise(rule=ApprovalRule(required=approvals), undo_window=undo_window, archives=archives)

    assert parse(submitted(view)).promise == said


@pytest.mark.parametrize(
    ("struck", "required"), [([], [3, 2]), (["1"], [None, 1]), (["2"], [2, None]), (["1", "2"], [None, None])]
)
def test_approval_of_a_list_carries_what_it_says_of_each_request(struck: list[str], required: list[int | None]) -> None:
    """The hourly limit has room for one of them."""
    together, alone = ([MissingApprovals(count=count) for count in counts] for counts in ((2, 1), (1, 0)))
    listed = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2)
    shown = list_approve_modal.Shown(
        ListReview(listed), "U0BOB", ListMissing(together, alone, 1), [SimilarNames(as_of=NOON)] * 2
    )
    form = list_approve_modal.parse(submitted(list_approve_modal.build(shown, POLICY)))
    ids = form.shown_ids

    said = form.promise.of_each(ids, [ids[int(each) - 1] for each in struck])

    expected = {
        each: FormPromise(rule=ApprovalRule(required=count), undo_window=WINDOW)
        for each, count in zip(ids, required, strict=True)
        if count is not None
    }
    assert said == expected


@pytest.mark.parametrize("carried", ["1 2 3", "1 2 3|", "1 2 3|{", '1 2 3|{"approvals":[[1,1]],"room":9}'])
def test_approval_of_a_list_that_carries_no_promise_promised_every_approval(carried: str) -> None:
    """It was opened by an earlier version, or is not whole."""
    view = {"private_metadata": carried}

    assert form_promise.ids_of(view) == "1 2 3"
    assert form_promise.parse_of_list(view).of_each(("2", "3"), ("3",)) == {"2": FormPromise()}


def test_metadata_of_the_longest_list_is_shorter_than_what_slack_takes() -> None:
    promise = ListPromise(approvals=((20, 20),) * 20, room=1_000, undo_window=timedelta(days=1))

    assert len(form_promise.carrying(" ".join(["f" * 32] * 21), promise)) < 3_000
