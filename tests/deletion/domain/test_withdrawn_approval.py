"""An approval is withdrawn before the delete begins, and the request waits again."""

from datetime import timedelta

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection, decide, without_approval
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.states import State
from tests.deletion.domain.approval_steps import BY_GROUP, LEGAL, OPS, OPS_TOO, POLICY, RULE, approve, by, waiting


def test_approval_withdrawn_in_the_undo_window_lets_the_request_wait_again() -> None:
    done, at = approve(waiting(approval_quotas=RULE.quotas, reminded_at=now()), [OPS, OPS_TOO, LEGAL]), now()
    paused = done.model_copy(update={"waiting_since": at})
    after = without_approval(paused, OPS.id, at, BY_GROUP, [OPS, OPS_TOO, LEGAL])
    assert isinstance(after, Request)
    assert (after.state, after.approved_at, after.execute_after) == (State.AWAITING_APPROVAL, None, None)
    assert after.waiting_since is None
    assert (after.expires_at, after.awaiting_since) == (at + BY_GROUP.approval_ttl, at)
    assert [approval.person_id for approval in after.approvals] == [OPS_TOO.id, LEGAL.id]
    assert [(each.person_id, each.why) for each in after.struck] == [(OPS.id, "withdrawn")]
    assert (after.approvals_required, after.missing_approvals) == (3, MissingApprovals(count=1))
    again = decide(after, by(OPS.id), BY_GROUP, DeleteLimits(now()), [OPS_TOO, LEGAL, OPS])
    assert isinstance(again, Request)
    assert again.state is State.APPROVED


def test_withdrawn_approval_that_was_needed_is_replaced_by_one() -> None:
    done = approve(waiting(approval_quotas=RULE.quotas), [OPS, LEGAL])
    after = without_approval(done, OPS.id, now(), BY_GROUP, [OPS, LEGAL])
    assert isinstance(after, Request)
    assert (after.approvals_required, after.missing_approvals) == (2, MissingApprovals(count=1, groups=("S0OPS",)))


@pytest.mark.parametrize("state", [state for state in State if state not in (State.AWAITING_APPROVAL, State.APPROVED)])
def test_approval_cannot_be_withdrawn_later(state: State) -> None:
    done = approve(waiting(), [OPS, LEGAL], POLICY).model_copy(update={"state": state})
    assert without_approval(done, OPS.id, now(), POLICY, ()) is Objection.ENDED


def test_approval_given_after_the_button_was_shown_is_not_withdrawn() -> None:
    done = approve(waiting(), [OPS, LEGAL], POLICY)
    first, last = (approval.at for approval in done.approvals)
    assert isinstance(without_approval(done, LEGAL.id, now(), POLICY, (), shown_until=last), Request)
    earlier = min(first, last - timedelta(microseconds=1))
    assert without_approval(done, LEGAL.id, now(), POLICY, (), shown_until=earlier) is Objection.APPROVED_SINCE


def test_person_without_an_approval_withdraws_none() -> None:
    assert without_approval(waiting(), "U0BOB", now(), POLICY, ()) is Objection.ENDED
