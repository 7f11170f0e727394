"""The form in which an approver decides about a list."""

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.models import Decision, State, Verdict
from deletion.domain.policy import Policy
from deletion.lifecycle.list_decisions import ListReview
from slack_ui.parts import ids
from slack_ui.views import list_approve_modal
from slack_ui.views.list_approve_modal import Form, Shown
from tests.deletion.values import NOON, campaign_list

PRODUCTION = Policy(application="production", confirm_with_name=True)


@pytest.mark.parametrize(
    ("typed", "policy", "is_right"),
    [
        ("2", Policy(), True),
        ("3", Policy(), False),
        ("production 2", PRODUCTION, True),
        ("2", PRODUCTION, False),
        ("staging 2", PRODUCTION, False),
        ("production 3", PRODUCTION, False),
        ("production", PRODUCTION, False),
    ],
)
def test_name_of_production_is_typed_before_the_number(typed: str, policy: Policy, *, is_right: bool) -> None:
    form = Form(list_id="1", shown_ids=("1", "2", "3"), struck_ids=("2",), count=typed)

    assert set(list_approve_modal.errors(form, policy)) == (set() if is_right else {ids.COUNT_BLOCK})


def test_form_asks_for_the_name_of_production() -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL, application="production")

    view = list_approve_modal.build(Shown(ListReview(waiting), "U0BOB", MissingApprovals(count=0)), PRODUCTION)

    assert "To approve, type production and the number of campaigns to delete" in str(view.to_dict())


def test_requests_that_the_approver_has_approved_are_named_and_not_decided_again() -> None:
    listed = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2)
    first, second = listed.requests
    approved = first.model_copy(update={"decisions": (Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON),)})
    review = ListReview(type(listed)(listed.id, (approved, second)))

    view = list_approve_modal.build(Shown(review, "U0BOB", MissingApprovals(count=1)), Policy()).to_dict()

    assert list_approve_modal.parse({**view, "state": {"values": {}}}).shown_ids == (second.id,)
    assert "you have approved these already" in str(view)
    assert review.to_decide("U0CAROL") == (approved, second)
