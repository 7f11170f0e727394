"""The rule in words: on the card, in the forms and in the help."""

from typing import Any

import pytest

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import ApprovalRule, MissingApprovals, Quota
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from slack_ui import strings
from slack_ui.parts import approval_rule
from slack_ui.parts.request_form import help_text, next_step
from slack_ui.strings.deletion import DELETION
from slack_ui.views import approve_modal, list_approve_modal
from slack_ui.views.approve_modal import Review
from slack_ui.views.list_approve_modal import Shown
from tests.deletion.values import NOON, campaign_list, preview, request

RULE = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
BY_GROUP = Policy(approvals_required=2, approval_quotas=RULE, approvals_channel="C0APPROVALS")
NEEDED = "Needed: 1 from <!subteam^S0LEGAL>, 1 from <!subteam^S0OPS>."
AFTER = "After that I delete it in 60 seconds."
FROM_OPS = MissingApprovals(count=1, groups=("S0OPS",))
BOB = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=now())


def asked(**changes: Any) -> Request:
    plain = {"state": State.AWAITING_APPROVAL, "approvals_required": 2, "approval_quotas": RULE}
    return request(**{**plain, **changes})


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy(approvals_required=0), "Here no approval is needed: I delete it in 60 seconds."),
        (
            Policy(approvals_channel="C0APPROVALS"),
            "Here one other person must approve it first, in <#C0APPROVALS>. After that I delete it in 60 seconds.",
        ),
        (
            BY_GROUP,
            f"Here 2 other people must approve it first, in <#C0APPROVALS>. {NEEDED} {AFTER}",
        ),
    ],
)
def test_help_states_what_this_team_requires(policy: Policy, said: str) -> None:
    assert help_text(policy).endswith(f"typed its name or ID. {said}")


def test_forms_and_card_state_the_rule() -> None:
    assert NEEDED in str(next_step(DELETION, preview(), 2, BY_GROUP).to_dict())
    extra = str(next_step(DELETION, preview(), 3, BY_GROUP).to_dict())
    assert "1 from <!subteam^S0OPS>, 1 from any approver." in extra
    assert approval_rule.on_card(asked(), BY_GROUP) == [NEEDED]
    assert approval_rule.on_card(asked(approval_quotas=()), BY_GROUP) == []


@pytest.mark.parametrize(("groups", "said"), [(6, ", some from 1 more group."), (7, ", some from 2 more groups.")])
def test_groups_beyond_the_shown_ones_are_counted(groups: int, said: str) -> None:
    rule = ApprovalRule(required=groups, quotas=tuple(Quota(f"S0{number}", 1) for number in range(groups)))
    assert approval_rule.in_words(rule).endswith(f"1 from <!subteam^S04>{said}")


def form(missing: MissingApprovals, after: MissingApprovals) -> str:
    shown = approve_modal.build(Review(asked(), missing=missing, missing_after=after), BY_GROUP)
    return str([block.to_dict() for block in shown.blocks])


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (MissingApprovals(count=1, groups=("S0OPS",)), "Still needed after yours: 1 from <!subteam^S0OPS>."),
        (
            MissingApprovals(count=1, groups=("S0LEGAL", "S0OPS")),
            "Still needed after yours: 1 from <!subteam^S0LEGAL> or <!subteam^S0OPS>.",
        ),
        (MissingApprovals(count=2), "Still needed after yours: 2 from any approver."),
    ],
)
def test_form_of_an_approver_states_what_is_needed_after_theirs(after: MissingApprovals, said: str) -> None:
    text = form(MissingApprovals(count=after.count + 1), after)
    assert f"Next: after yours, {after.count} more must approve. Nothing is deleted before that. {NEEDED} " in text
    assert f"{NEEDED} {said}" in text
    assert strings.modals.DOES_NOT_HELP not in text


def test_form_of_the_last_approver_says_when_the_campaign_is_deleted() -> None:
    text = form(MissingApprovals(count=1, groups=("S0OPS",)), MissingApprovals(count=0))
    assert "Next: in 60 seconds, I re-check the campaign and delete it." in text
    assert "Still needed" not in text


def test_form_of_an_approver_outside_the_missing_group_says_that_theirs_does_not_help() -> None:
    missing = MissingApprovals(count=1, groups=("S0OPS",))
    text = form(missing, missing)
    assert strings.modals.DOES_NOT_HELP in text
    assert "Still needed after yours: 1 from <!subteam^S0OPS>." in text


@pytest.mark.parametrize(
    ("now_missing", "after", "is_said", "helps"),
    [
        (MissingApprovals(count=2, groups=("S0LEGAL", "S0OPS")), FROM_OPS, True, True),
        (FROM_OPS, FROM_OPS, True, False),
        (FROM_OPS, MissingApprovals(count=0), False, True),
        (MissingApprovals(count=2), MissingApprovals(count=1), False, True),
    ],
)
def test_form_of_a_list_states_what_is_needed_after_the_approver(
    now_missing: MissingApprovals, after: MissingApprovals, *, is_said: bool, helps: bool
) -> None:
    listed = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2)
    missing = ListMissing([after] * 2, [after] * 2, now=[now_missing] * 2)

    view = list_approve_modal.build(
        Shown(ListReview(listed), "U0BOB", missing, [SimilarNames(as_of=NOON)] * 2), BY_GROUP
    )

    text = str(view.to_dict())
    assert ("Still needed after yours: 1 from <!subteam^S0OPS>." in text) is is_said
    assert (strings.modals.DOES_NOT_HELP in text) is not helps


def test_escalation_is_named_on_the_card() -> None:
    policy = BY_GROUP.model_copy(update={"escalation_approvers": ("U0HEAD",)})
    *_, said = approval_rule.on_card(asked(escalated_at=now()), policy)
    assert said.startswith("Escalated <!date^")
    assert said.endswith("<@U0HEAD> may decide as well.")
