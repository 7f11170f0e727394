"""The card in every state and with hostile texts: it keeps Slack's limits and says what is so."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.models import Decision, Verdict
from deletion.domain.records import MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.domain.witnesses import Source
from deletion.messages.projection import RequestView
from sandbox.slack.blocks.rules import check_message
from slack_ui import strings
from slack_ui.messages import next_step
from slack_ui.parts import ids
from tests.deletion.values import campaign, freeze, request
from tests.slack_ui.surfaces import POLICY, WORST, card


@given(st.text(max_size=4_000), st.text(max_size=4_000))
def test_card_with_any_text_keeps_limits(name: str, said: str) -> None:
    shown = request(
        campaign=CampaignFingerprint.of(campaign(name=name)), reason=said, state=State.FAILED,
        attempt=Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message=said, explanation=said),
        differences=(Difference(field="name", before=name, after=said),),
    )  # fmt: skip
    built = card(shown)
    check_message(built["blocks"])
    assert 0 < len(built["text"]) <= 4_000
    assert "<!" not in built["text"].replace("<!date", "")


@pytest.mark.parametrize("unseen", ["", "\u200b" * 10, "\u2066 \u2069" * 5])
def test_invisible_text_gets_placeholder(unseen: str) -> None:
    built = card(request(reason=unseen, attempt=Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message=unseen)))
    check_message(built["blocks"])
    assert strings.modals.NO_VISIBLE_TEXT in str(built["blocks"])


@pytest.mark.parametrize("state", State)
def test_every_state_has_headline_and_next_step(state: State) -> None:
    built = card(request(state=state))
    check_message(built["blocks"])
    assert built["text"].startswith(f"`Spring Sale` {strings.deletion.DELETION.headlines[state]}")
    assert strings.deletion.DELETION.next_steps[state][:12] in built["text"]
    dates = {"{date_short_pretty}", "{time}", "{time_secs}"}
    assert not set(re.findall(r"\{[a-z_]+\}", str(built))) - dates


REFUSED = Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message="Too many calls")


@pytest.mark.parametrize("attempt", [None, REFUSED])
@pytest.mark.parametrize("state", [State.APPROVED, State.DELETING, State.STOPPED])
def test_rate_limited_card_shows_time_and_attempt(state: State, attempt: Attempt | None) -> None:
    built = card(request(state=state, waiting_since=now(), attempt=attempt))
    check_message(built["blocks"])
    assert ("rate limit has been reached" in built["text"]) == (state is not State.STOPPED)
    assert ("no earlier than <!date" in built["text"]) == (state is not State.STOPPED)
    assert ("Too many calls" in built["text"]) == (attempt is not None)
    assert ("Refused" in str(built["blocks"])) == (attempt is not None)


@pytest.mark.parametrize("kind", AttemptKind)
@pytest.mark.parametrize("seen", Observation)
def test_decision_attempt_and_observation_are_shown_separately(kind: AttemptKind, seen: Observation) -> None:
    attempt = Attempt(kind=kind, at=now(), kore_message="Kore said  this")
    built = card(request(state=State.UNKNOWN, attempt=attempt, observation=seen))
    facts = str(built["blocks"])
    assert strings.deletion.DELETION.attempts[kind] in facts
    by_status = strings.cards.ABSENT_BY[Source.STATUS]
    assert (by_status if seen is Observation.ABSENT else strings.deletion.DELETION.observations[seen]) in facts
    assert "Kore said  this" in facts
    assert "Requested and confirmed by <@U0ALICE>" in facts


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
@pytest.mark.parametrize("worst", WORST)
def test_frozen_card_shows_reason_and_no_approve_button(state: State, worst: str) -> None:
    frozen = freeze(reason=worst[:500])
    for kind in (MessageKind.CARD, MessageKind.ORIGIN):
        built = card(request(state=state, expires_at=now()), kind, freeze=frozen)
        check_message(built["blocks"])
        assert "Frozen by <@U0BOB> <!date^" in str(built["blocks"])
        assert "All requests are frozen. Frozen by <@U0BOB>" in built["text"]
        assert ids.APPROVE_BUTTON not in str(built)
        assert "<!channel>" not in re.sub("`[^`]*`", "", built["text"])
        assert strings.deletion.DELETION.next_steps_while_frozen[state][:12] in str(built["blocks"][-1])
        assert not set(re.findall(r"\{[a-z_]+\}", str(built))) - {"{date_short_pretty}", "{time}", "{time_secs}"}
    assert ids.APPROVE_BUTTON in str(card(request(state=State.AWAITING_APPROVAL), MessageKind.CARD))


def test_expired_approval_has_its_own_headline() -> None:
    built = card(request(state=State.EXPIRED, approved_at=now()))
    assert built["text"].startswith(f"`Spring Sale` {strings.deletion.DELETION.expired_unused}")
    assert strings.deletion.DELETION.expired_unused in str(built["blocks"][0])


@pytest.mark.parametrize(
    ("approved_by", "said"),
    [
        ((), "Next: approval by 2 more people, in <#C0APPROVALS>: <@U0BOB>, <!subteam^S0APPROVE>. If it isn't"),
        (("U0BOB",), "Next: approval by one more person, in <#C0APPROVALS>: <!subteam^S0APPROVE>. If it isn't"),
    ],
)
def test_card_names_who_may_still_approve(approved_by: tuple[str, ...], said: str) -> None:
    policy = POLICY.model_copy(update={"approvers": ("U0ALICE", *POLICY.approvers)})
    made = tuple(Decision(person_id=each, verdict=Verdict.APPROVED, at=now()) for each in approved_by)
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=2, decisions=made, expires_at=now())
    assert next_step.text(RequestView(asked), policy).startswith(said)


def test_card_names_the_groups_that_must_approve() -> None:
    quotas = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
    policy = POLICY.model_copy(update={"approvers": ("S0LEGAL", "S0OPS", "U0BOB"), "escalation_approvers": ("U0EVE",)})
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=2, approval_quotas=quotas, expires_at=now())
    assert "2 more people, in <#C0APPROVALS>: <!subteam^S0LEGAL>, <!subteam^S0OPS>." in next_step.text(
        RequestView(asked), policy
    )
    lacking = {"missing_approvals": MissingApprovals(count=1, groups=("S0OPS",)), "escalated_at": now()}
    said = next_step.text(RequestView(asked.model_copy(update=lacking)), policy)
    assert "one more person, in <#C0APPROVALS>: <!subteam^S0OPS>, <@U0EVE>." in said


def test_card_says_that_no_approver_is_left() -> None:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, expires_at=now())
    alone = POLICY.model_copy(update={"approvers": ("U0ALICE",)})
    assert strings.cards.NO_APPROVER_LEFT in next_step.text(RequestView(asked), alone)


def test_card_of_a_fenced_delete_does_not_blame_the_rate_limit() -> None:
    fenced = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation="Too slow")
    limited = fenced.model_copy(update={"retry_after_seconds": 20.0})
    for attempt, is_blamed in ((fenced, False), (limited, True)):
        built = card(request(state=State.APPROVED, waiting_since=now(), attempt=attempt))
        assert ("rate limit has been reached" in built["text"]) is is_blamed


def test_unknown_outcome_of_another_account_promises_no_check() -> None:
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    for account, is_promised in ((None, True), ("another account", False)):
        built = card(request(state=State.UNKNOWN, attempt=attempt, kore_account=account))
        assert ("I keep checking" in built["text"]) is is_promised
        assert (strings.cards.UNKNOWN_IN_OTHER_ACCOUNT in built["text"]) is not is_promised
