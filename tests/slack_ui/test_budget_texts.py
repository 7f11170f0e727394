"""The hourly limit on cards, and the extra approval in the thread."""

import pytest

from deletion.domain.budget import Overrun
from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview
from slack_ui import strings
from slack_ui.messages import thread_line
from slack_ui.views import confirm_modal
from tests.deletion.values import campaign, preview, request
from tests.slack_ui.surfaces import BUDGET, NONE_ALIKE, POLICY, USED_UP, card


def test_budget_is_shown_on_open_cards_near_its_limit_and_counts_the_approved_request() -> None:
    for approved, approved_at, left in (
        (3, now(), ""),
        (7, None, ""),
        (7, now(), "8 (limit 10), including 2 requested by <@U0ALICE> (limit 5)."),
        (8, None, "8 (limit 10), including 1 requested by <@U0ALICE> (limit 5)."),
    ):
        spent = BUDGET.model_copy(update={"approved": approved})
        said = str(card(request(budget=spent, approved_at=approved_at))["blocks"])
        assert left in said
        assert ("Deletions approved in the hour" in said) is bool(left)
        ended = card(request(budget=spent, approved_at=approved_at, state=State.DELETED))
        assert "Deletions approved" not in str(ended["blocks"])


def test_budget_is_shown_after_an_extra_approval() -> None:
    theirs = BUDGET.model_copy(update={"approved_for_requester": 5})
    for spent, said in (
        (USED_UP, ": 10 (limit 10)."),
        (theirs, "<@U0ALICE> has reached the hourly limit for one person"),
    ):
        for state in (State.AWAITING_APPROVAL, State.DELETED):
            built = card(request(budget=spent, state=state))
            assert said in built["text"]
            assert "One extra approval is required:" in str(built["blocks"])
            assert strings.deletion.DELETION.next_steps[state][:12] in str(built["blocks"][-1])
    view = confirm_modal.build(
        CampaignPreview(campaign(), NONE_ALIKE, preview(), 1, USED_UP), None, Policy(approvals_required=0)
    ).to_dict()
    assert "One extra approval is required" in str(view)
    assert view["submit"]["text"] == strings.modals.MODAL_SUBMIT_ASK


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Overrun.TEAM, "the hourly limit has been reached"), (Overrun.REQUESTER, "hourly limit for one person")],
)
def test_thread_explains_extra_approval(kind: Overrun, said: str) -> None:
    details = {"over_budget": str(kind), "approved_in_the_hour": "10", "limit": "10"}
    entry = Entry(at=now(), event="approved", actor_id="U0BOB", surface="modal", details=details)
    line = thread_line.line(entry, request(), POLICY)
    assert line.startswith("<@U0BOB> approved. One extra approval is required: ")
    assert said in line
    assert line.endswith("(10 approved in the last hour, limit 10).")
