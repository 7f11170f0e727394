"""What follows from a decision: every verdict in every state."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.approval_rule import ApprovalRule, MissingApprovals, Quota
from deletion.domain.approvals.approval import (
    Objection,
    approved,
    available_actions,
    decide,
    decision_of,
    missing_after,
    remaining_approvers,
    remind,
    without_approval,
)
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.people import Person, RequestParties
from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import CampaignStop, Decision, Purpose, Request, Verdict
from deletion.domain.outcome import is_due_for_recheck
from deletion.domain.policy import Policy
from deletion.domain.states import TRANSITIONS, State
from tests.deletion.values import freeze, hold, person, request

POLICY = Policy(approvals_required=2, undo_window=timedelta(seconds=60))
WAITING: dict[str, Any] = {"state": State.AWAITING_APPROVAL, "approvals_required": 2, "execute_after": None}


def waiting(**changes: Any) -> Request:
    return request(**{**WAITING, "expires_at": now() + timedelta(hours=1), **changes})


def by(person_id: str, verdict: Verdict = Verdict.APPROVED) -> Decision:
    return Decision(person_id=person_id, verdict=verdict, at=now())


def decided(request: Request, decision: Decision, limits: DeleteLimits | None = None) -> Request | Objection:
    return decide(request, decision, POLICY, limits or DeleteLimits(now()))


def test_last_approval_starts_the_undo_window() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    assert (once.state, once.missing_approvals) == (State.AWAITING_APPROVAL, None)
    last = by("U0CAROL")
    twice = decided(once, last)
    assert isinstance(twice, Request)
    assert twice.state is State.APPROVED
    assert twice.execute_after == last.at + timedelta(seconds=60)
    assert [decision.person_id for decision in twice.approvals] == ["U0BOB", "U0CAROL"]


@pytest.mark.parametrize(
    ("groups", "count", "after", "of"),
    [({"S0OPS"}, 1, 0, ()), ({"S0LEGAL"}, 1, 1, ("S0OPS",)), (set(), 1, 1, ("S0OPS",))],
)
def test_what_is_missing_after_an_approval_depends_on_the_groups_of_the_approver(
    groups: set[str], count: int, after: int, of: tuple[str, ...]
) -> None:
    quotas = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
    policy = POLICY.model_copy(
        update={"approval_quotas": quotas, "approvers": ("S0LEGAL", "S0OPS", "U0BOB", "U0CAROL")}
    )
    asked = waiting(approval_quotas=quotas, decisions=(by("U0BOB"),))
    bob, carol = person("U0BOB", groups={"S0LEGAL"}), person("U0CAROL", groups=groups)

    missing, then = missing_after(asked, carol, policy, [bob])

    assert (missing.count, then.count, then.groups) == (count, after, of)


def test_what_is_missing_follows_a_number_raised_since_the_request() -> None:
    policy = POLICY.model_copy(update={"approvals_required": 3, "approvers": ("U0BOB",)})
    _, then = missing_after(waiting(), person("U0BOB"), policy, [])
    assert then == MissingApprovals(count=2)


def test_second_approval_of_one_person_does_not_count() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    assert decided(once, by("U0BOB")) is Objection.ALREADY


def test_approver_may_still_reject() -> None:
    once = decided(waiting(), by("U0BOB"))
    assert isinstance(once, Request)
    rejected = decided(once, by("U0BOB", Verdict.REJECTED))
    assert isinstance(rejected, Request)
    assert rejected.state is State.REJECTED


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("state", State)
def test_decision_counts_in_one_state_and_leads_where_the_diagram_says(verdict: Verdict, state: State) -> None:
    person = "U0ALICE" if verdict is Verdict.CANCELLED else "U0BOB"
    found = decided(waiting(state=state), by(person, verdict))
    if isinstance(found, Objection):
        assert found is Objection.ENDED
    else:
        assert state in (State.AWAITING_APPROVAL, State.APPROVED)
        assert found.state is state or found.state in TRANSITIONS[state]


def test_freeze_blocks_approval_but_nothing_that_ends_a_request() -> None:
    frozen = DeleteLimits(now(), freeze())
    assert decided(waiting(), by("U0BOB"), frozen) is Objection.FROZEN
    for state, verdict in ((State.AWAITING_APPROVAL, Verdict.REJECTED), (State.APPROVED, Verdict.STOPPED)):
        assert isinstance(decided(waiting(state=state), by("U0BOB", verdict), frozen), Request)


def test_hold_blocks_approval_but_no_rejection() -> None:
    held = DeleteLimits(now(), hold=hold())
    assert decided(waiting(), by("U0BOB"), held) is Objection.HELD
    assert isinstance(decided(waiting(), by("U0BOB", Verdict.REJECTED), held), Request)


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(seconds=1)])
def test_decision_does_not_count_from_the_moment_of_expiry(late_by: timedelta) -> None:
    decision = by("U0BOB")
    assert decided(waiting(expires_at=decision.at - late_by), decision) is Objection.EXPIRED


def test_without_an_undo_window_an_approval_is_due_at_once_and_expires() -> None:
    at = now()
    done = approved(waiting(), at, Policy(undo_window=timedelta(0), approval_ttl=timedelta(hours=2)))
    assert (done.approved_at, done.execute_after, done.expires_at) == (at, at, at + timedelta(hours=2))


STOP_VERIFIED = CampaignStop(at=now(), status_before="Active")


@pytest.mark.parametrize(
    ("changes", "undo_window"),
    [
        ({}, POLICY.undo_window),
        ({"rebuilds": "r"}, POLICY.undo_window),
        ({"stops": Purpose.STOP}, timedelta(0)),
        ({"stops": Purpose.STOP_AND_DELETE}, timedelta(0)),
        ({"stops": Purpose.STOP_AND_DELETE, "stop": STOP_VERIFIED}, POLICY.undo_window),
    ],
    ids=["delete", "rebuild", "stop", "stop before a delete", "delete after its stop"],
)
def test_only_a_stop_has_no_undo_window(changes: dict[str, Any], undo_window: timedelta) -> None:
    at = now()
    assert approved(waiting(**changes), at, POLICY).execute_after == at + undo_window


def test_stricter_number_at_the_last_approval_wins() -> None:
    once = decided(waiting(approvals_required=1), by("U0BOB"))
    assert isinstance(once, Request)
    assert (once.state, once.approvals_required) == (State.AWAITING_APPROVAL, 2)
    relaxed = decide(waiting(), by("U0BOB"), Policy(approvals_required=1), DeleteLimits(now()))
    assert isinstance(relaxed, Request)
    assert (relaxed.state, relaxed.approvals_required) == (State.AWAITING_APPROVAL, 2)


LEGAL, OPS = person("U0BOB", groups={"S0LEGAL"}), person("U0CAROL", groups={"S0OPS"})
OPS_TOO, BOTH = person("U0DAVE", groups={"S0OPS"}), person("U0ERIN", groups={"S0LEGAL", "S0OPS"})
HEAD = person("U0HEAD", groups={"S0HEADS"})
RULE = ApprovalRule.parse("S0LEGAL:1,S0OPS:1")
BY_GROUP = POLICY.model_copy(update={"approval_quotas": RULE.quotas, "escalation_approvers": ("S0HEADS",)})


def approve(asked: Request, approvers: Sequence[Person], policy: Policy = BY_GROUP, used: int = 0) -> Request:
    """Let these people approve, one after the other."""
    limits = DeleteLimits(now(), approved=(now(),) * used)
    for number, approver in enumerate(approvers, 1):
        found = decide(asked, by(approver.id), policy, limits, approvers[:number])
        assert isinstance(found, Request)
        asked = found
    return asked


@pytest.mark.parametrize(
    ("approvers", "missing"),
    [
        ([LEGAL], MissingApprovals(count=1, groups=("S0OPS",))),
        ([BOTH], MissingApprovals(count=1, groups=("S0LEGAL", "S0OPS"))),
        ([OPS, OPS_TOO], MissingApprovals(count=1, groups=("S0LEGAL",))),
        ([OPS, OPS_TOO, LEGAL], None),
        ([BOTH, LEGAL], None),
        ([LEGAL, BOTH], None),
    ],
)
@pytest.mark.parametrize("since", ["the request", "after the request"])
def test_approvals_of_every_group_approve(
    approvers: list[Person], missing: MissingApprovals | None, since: str
) -> None:
    asked = waiting(approval_quotas=RULE.quotas if since == "the request" else ())
    done = approve(asked, approvers)
    assert done.state is (State.AWAITING_APPROVAL if missing else State.APPROVED)
    assert done.missing_approvals == (missing or MissingApprovals(count=0))
    assert (done.approval_rule, done.approvals_counted) == (RULE, 2 - (missing.count if missing else 0))


def test_approval_by_a_person_whose_groups_are_unknown_is_of_no_group() -> None:
    found = decide(waiting(), by("U0BOB"), BY_GROUP, DeleteLimits(now()), [])
    assert isinstance(found, Request)
    assert found.missing_approvals == MissingApprovals(count=2, groups=("S0LEGAL", "S0OPS"))


def test_rule_of_the_request_outlives_a_relaxed_setting() -> None:
    asked = waiting(approval_quotas=RULE.quotas)
    assert approve(asked, [OPS, OPS_TOO], POLICY).state is State.AWAITING_APPROVAL
    assert approve(asked, [OPS, LEGAL], POLICY).state is State.APPROVED


def test_used_up_budget_needs_one_more_approval_of_any_approver() -> None:
    done = approve(waiting(approval_quotas=RULE.quotas), [LEGAL, OPS], used=10)
    assert (done.state, done.missing_approvals) == (State.AWAITING_APPROVAL, MissingApprovals(count=1))
    again = decide(done, by("U0DAVE"), BY_GROUP, DeleteLimits(now()), [LEGAL, OPS, OPS_TOO])
    assert isinstance(again, Request)
    assert again.state is State.APPROVED


def test_escalation_approver_stands_in_for_a_group_once_escalated() -> None:
    asked = waiting(approval_quotas=RULE.quotas)
    assert approve(asked, [OPS, HEAD]).state is State.AWAITING_APPROVAL
    escalated = asked.model_copy(update={"escalated_at": now()})
    assert approve(escalated, [HEAD]).state is State.AWAITING_APPROVAL
    assert approve(escalated, [OPS, HEAD]).state is State.APPROVED


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


@pytest.mark.parametrize(
    ("changes", "objection"),
    [
        ({}, None),
        ({"requested_at": timedelta(minutes=14)}, Objection.REMINDED),
        ({"requested_at": timedelta(minutes=15)}, None),
        ({"reminded_at": timedelta(minutes=14)}, Objection.REMINDED),
        ({"reminded_at": timedelta(minutes=16)}, None),
        ({"state": State.APPROVED}, Objection.ENDED),
        ({"expires_at": timedelta(seconds=1)}, Objection.EXPIRED),
        ({"expires_at": timedelta(0)}, Objection.EXPIRED),
    ],
)
def test_requester_reminds_at_most_every_quarter_of_an_hour(
    changes: dict[str, Any], objection: Objection | None
) -> None:
    facts = {"requested_at": timedelta(hours=1), **changes}
    at = now()
    asked = waiting(**{name: at - fact if isinstance(fact, timedelta) else fact for name, fact in facts.items()})
    found = remind(asked, at, DeleteLimits(at))
    assert found == (objection or asked.model_copy(update={"reminded_at": at}))
    assert isinstance(remind(asked, at, DeleteLimits(at, freeze())), Objection)


def at_present(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes with the present time for ``now``: parameters are made minutes before the test."""
    return {name: value() if value is now else value for name, value in changes.items()}


RULES = POLICY.model_copy(update={"requesters": ("U0ALICE",), "approvers": ("U0BOB", "U0CAROL")})
APPROVE_OR_REJECT = (Action.APPROVE, Action.REJECT)


@pytest.mark.parametrize(
    ("who", "changes", "limits", "offered"),
    [
        ("U0ALICE", {}, {}, (Action.CANCEL, Action.REMIND)),
        ("U0ALICE", {"reminded_at": now}, {}, (Action.CANCEL,)),
        ("U0BOB", {}, {}, APPROVE_OR_REJECT),
        ("U0BOB", {}, {"freeze": freeze()}, (Action.REJECT,)),
        ("U0BOB", {}, {"hold": hold()}, (Action.REJECT,)),
        ("U0CAROL", {"decisions": (by("U0CAROL"),)}, {}, (Action.REJECT, Action.WITHDRAW_APPROVAL)),
        ("U0ALICE", {"state": State.APPROVED}, {}, (Action.STOP,)),
        ("U0BOB", {"state": State.APPROVED}, {}, (Action.STOP,)),
        ("U0BOB", {"state": State.APPROVED, "decisions": (by("U0BOB"),)}, {}, (Action.STOP, Action.WITHDRAW_APPROVAL)),
        ("U0BOB", {"state": State.DELETING, "decisions": (by("U0BOB"),)}, {}, ()),
        ("U0DAN", {}, {}, ()),
    ],
)
def test_only_what_would_count_is_offered(
    who: str, changes: dict[str, Any], limits: dict[str, Any], offered: tuple[Action, ...]
) -> None:
    asked = waiting(requested_at=now() - timedelta(hours=1), **at_present(changes))
    approvers = [person(each.person_id) for each in asked.approvals]
    parties = RequestParties(asked, person("U0ALICE"), approvers)
    assert available_actions(person(who), parties, RULES, DeleteLimits(now(), **limits)) == offered


@pytest.mark.parametrize(("action", "verdict"), [(Action.REJECT, Verdict.REJECTED), (Action.STOP, Verdict.STOPPED)])
def test_decision_is_that_of_the_permit(action: Action, verdict: Verdict) -> None:
    found = decision_of(Permit(action, person("U0BOB"), "r"), "The wrong list")
    assert (found.person_id, found.verdict, found.reason) == ("U0BOB", verdict, "The wrong list")
    assert decision_of(Permit(Action.APPROVE, person("U0BOB"), "r")).reason == ""


HEADS = BY_GROUP.model_copy(update={"approvers": ("U0BOB", "S0LEGAL"), "escalation_approvers": ("S0HEADS", "U0ALICE")})
ONLY_OPS = MissingApprovals(count=1, groups=("S0OPS",))


@pytest.mark.parametrize(
    ("policy", "changes", "names"),
    [
        (RULES, {}, ["U0BOB", "U0CAROL"]),
        (RULES, {"decisions": (by("U0BOB"),)}, ["U0CAROL"]),
        (RULES, {"requester_id": "U0CAROL"}, ["U0BOB"]),
        (HEADS, {"approval_quotas": RULE.quotas}, ["S0LEGAL", "S0OPS"]),
        (HEADS, {"approval_quotas": RULE.quotas, "missing_approvals": ONLY_OPS}, ["S0OPS"]),
        (
            HEADS,
            {"approval_quotas": RULE.quotas, "missing_approvals": ONLY_OPS, "escalated_at": now},
            ["S0OPS", "S0HEADS"],
        ),
        (HEADS, {"approval_quotas": RULE.quotas, "missing_approvals": MissingApprovals(count=1)}, ["U0BOB", "S0LEGAL"]),
        (HEADS, {"escalated_at": now}, ["U0BOB", "S0LEGAL", "S0HEADS"]),
    ],
)
def test_remaining_approvers_are_those_whose_approval_helps(
    policy: Policy, changes: dict[str, Any], names: list[str]
) -> None:
    assert remaining_approvers(waiting(**at_present(changes)), policy) == names


@pytest.mark.parametrize(
    ("since_attempt", "since_look", "due"),
    [
        (40, 40, True),
        (20, 20, False),
        (120, 60, True),
        (120, 50, False),
        (3 * 3600, 3600, False),
        (25 * 3600, 24 * 3600, False),
        (599, 100, False),
        (601, 100, True),  # a delete can't land any more
        (605, 3, False),
        (600, 3, False),  # it may still land
        (700, 100, True),  # looked for last when it could still land
        (24 * 3600 - 90, 6 * 3600, False),
        (24 * 3600 - 45, 6 * 3600, True),  # messages say that the bot checks until then
        (24 * 3600 - 10, 20, False),
        (24 * 3600, 12 * 3600, False),
    ],
)
def test_unknown_outcome_is_rechecked_less_and_less_often_for_a_day(
    since_attempt: int, since_look: int, due: bool
) -> None:
    at = now()
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=at - timedelta(seconds=since_attempt))
    unknown = request(state=State.UNKNOWN, attempt=attempt, changed_at=at - timedelta(seconds=since_look))
    assert is_due_for_recheck(unknown, at) == due


@pytest.mark.parametrize("changes", [{"state": State.FAILED}, {"attempt": None}])
def test_nothing_but_an_unknown_outcome_of_an_attempt_is_rechecked(changes: dict[str, Any]) -> None:
    unknown = {"state": State.UNKNOWN, "attempt": Attempt(kind=AttemptKind.NO_ANSWER, at=now())}
    assert not is_due_for_recheck(request(**{**unknown, **changes}), now() + timedelta(hours=1))
