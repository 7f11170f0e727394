"""The lines of a list's thread stay true when they are posted late, and show what the form promised."""

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from deletion.lifecycle.list_transitions import CAMPAIGNS
from slack_ui.messages import list_line
from tests.deletion.values import NOON, campaign_list

POLICY = Policy(approvers=("U0ALICE", "U0BOB"), escalation_approvers=("U0HEAD",))


def said(event: str, *states: State, **details: str) -> str:
    listed = campaign_list(*states, expires_at=now(), approvals_required=2)
    entry = Entry(
        at=now(), event=event, actor_id="U0BOB", surface="modal", details={CAMPAIGNS: str(len(states)), **details}
    )
    return list_line.line(entry, listed, POLICY, "<https://sandbox.slack.com/archives/C0/p12|approval card>")


@pytest.mark.parametrize("event", ["reminded", "escalated"])
def test_late_call_does_not_claim_that_the_list_still_waits(event: str) -> None:
    assert "Please approve or reject it by" in said(event, State.AWAITING_APPROVAL, approvers="U0HEAD")

    late = said(event, State.APPROVED, approvers="U0HEAD")

    assert "still waiting for a decision." not in late
    assert "No decision has been made yet" not in late
    assert "may now decide" not in late
    assert "U0HEAD" not in late


def test_escalation_of_a_list_without_another_approver_names_none() -> None:
    told = said("escalated", State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvers="")

    assert told.startswith("No decision has been made yet. <@U0BOB> Please")
    assert "may now decide" not in told


def test_comment_on_the_approval_of_a_list_is_shown() -> None:
    """The form says so of the comment: see strings.modals.COMMENT_HINT."""
    assert said("approved", State.APPROVED, State.APPROVED) == "<@U0BOB> approved 2 campaigns."

    assert said("approved", State.APPROVED, State.APPROVED, reason="Checked with legal") == (
        "<@U0BOB> approved 2 campaigns: `Checked with legal`"
    )


def test_expiry_of_one_campaign_is_told_in_the_singular() -> None:
    assert said("expired, unused", State.EXPIRED) == "The approval of 1 campaign expired before I could delete it."
    assert said("expired, unused", State.EXPIRED, State.EXPIRED).endswith("before I could delete them.")


def test_only_a_rejection_is_told_as_a_strike() -> None:
    struck = said("rejected", State.REJECTED, State.REJECTED, reason=STRUCK)
    requested = said("requested", State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, reason=STRUCK)

    assert struck == "<@U0BOB> struck 2 campaigns from the list."
    assert requested.startswith("<@U0BOB> requested the deletion of 2 campaigns. <@U0BOB> Please approve or reject it")


def test_rest_that_expires_after_a_deletion_does_not_claim_that_nothing_was_sent() -> None:
    deleted, expired = campaign_list(State.DELETED, State.EXPIRED).requests
    sent = deleted.model_copy(update={"attempt": Attempt(kind=AttemptKind.CONFIRMED, at=NOON)})
    entry = Entry(at=NOON, event="expired", actor_id="engine", surface="engine", details={CAMPAIGNS: "1"})

    told = list_line.line(entry, CampaignList(deleted.id, (sent, expired)), POLICY)

    assert told == "1 campaign was not approved in time. I sent no further delete."


@pytest.mark.parametrize(("kind", "was_sent"), [(AttemptKind.REFUSED, True), (AttemptKind.NOT_SENT, False)])
def test_list_that_expires_after_a_refused_delete_does_not_claim_that_nothing_was_sent(
    kind: AttemptKind, *, was_sent: bool
) -> None:
    first, second = campaign_list(State.EXPIRED, State.EXPIRED).requests
    tried = second.model_copy(update={"attempt": Attempt(kind=kind, at=NOON)})
    entry = Entry(at=NOON, event="expired", actor_id="engine", surface="engine", details={CAMPAIGNS: "2"})

    told = list_line.line(entry, CampaignList(first.id, (first, tried)), POLICY)

    assert told.startswith("2 campaigns were not approved in time.")
    assert ("Nothing was sent to Kore.ai." in told) is not was_sent
    assert ("I sent no further delete" in told) is was_sent
