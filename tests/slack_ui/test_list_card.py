"""A list's message counts only the campaigns of which its headline is true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.budget import Budget
from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.models import Decision, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from deletion.messages.projection import RequestView
from slack_ui.messages import list_card, lookup_answer, next_step, request_card
from slack_ui.parts.links import Links
from slack_ui.parts.text import date
from tests.deletion.values import NOON, campaign_list, freeze

CARD = Message(
    request_id="1" * 32, key="card", kind=MessageKind.CARD, target_id="C0APPROVALS", channel_id="C0APPROVALS"
)
LINKS = Links("https://sandbox.slack.com/")
BY_BOB = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON)
SERVING = Policy(kore_account="st-1")
APPROVED_BY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "U0CAROL"))


@pytest.mark.parametrize(
    ("states", "headline"),
    [
        ((State.AWAITING_APPROVAL, State.CHANGED), "1 campaign is waiting for approval to be deleted."),
        (
            (State.APPROVED, State.APPROVED, State.REJECTED),
            "2 campaigns will be deleted unless the deletion is stopped.",
        ),
        ((State.DELETED, State.APPROVED, State.REJECTED), "1 campaign is being deleted, one after the other."),
        (
            (State.DELETING, State.APPROVED, State.AWAITING_APPROVAL),
            ("2 campaigns are being deleted, one after the other. 1 campaign is waiting for approval to be deleted."),
        ),
        ((State.DELETED, State.GONE, State.CHANGED, State.REJECTED), "1 of 4 campaigns was deleted."),
        ((State.DELETED, State.DELETED, State.UNKNOWN), "At least 2 of 3 campaigns were deleted."),
        ((State.EXPIRED, State.EXPIRED), "0 of 2 campaigns were deleted."),
    ],
)
def test_headline_counts_what_it_is_true_of(states: tuple[State, ...], headline: str) -> None:
    approved_at = NOON if State.DELETED in states else None
    assert list_card.headline(campaign_list(*states, approved_at=approved_at)) == headline


def test_campaign_that_was_approved_later_is_not_called_being_deleted_in_its_undo_window() -> None:
    listed = campaign_list(State.DELETED, State.APPROVED, approved_at=NOON, execute_after=now() + timedelta(minutes=1))

    assert list_card.headline(listed) == "1 campaign will be deleted unless the deletion is stopped."


def decided(listed: CampaignList, *decisions: tuple[Decision, ...]) -> CampaignList:
    """Return the list with these decisions about each of its requests."""
    pairs = zip(listed.requests, decisions, strict=True)
    return replace(listed, requests=tuple(each.model_copy(update={"decisions": made}) for each, made in pairs))


def test_card_counts_the_approvals_of_each_campaign() -> None:
    """The first could not be read when the others were approved."""
    states = (State.AWAITING_APPROVAL, State.APPROVED, State.APPROVED)
    listed = decided(campaign_list(*states, approvals_required=1), (), (BY_BOB,), (BY_BOB,))

    said = text(listed)

    assert "1 campaign: Requested by <@U0ALICE>. 0 of 1 approvals." in said
    assert "2 campaigns: Requested by <@U0ALICE>. 1 of 1 approvals: <@U0BOB>." in said


def test_card_names_who_rejected_each_campaign() -> None:
    struck = Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=NOON, reason=STRUCK)
    by_carol = Decision(person_id="U0CAROL", verdict=Verdict.REJECTED, at=NOON, reason="Still needed")
    rejected = campaign_list(*[State.REJECTED] * 3, approvals_required=2)

    said = text(decided(rejected, (struck,), (BY_BOB, by_carol), (BY_BOB, by_carol)))

    assert "1 campaign: Requested by <@U0ALICE>. 0 of 2 approvals. Rejected by <@U0BOB>." in said
    assert "2 campaigns: Requested by <@U0ALICE>. 1 of 2 approvals: <@U0BOB>. Rejected by <@U0CAROL>." in said


def test_card_asks_for_the_fewest_approvals_that_a_campaign_lacks_and_names_all_who_may_give_them() -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2)

    said = text(decided(waiting, (BY_BOB,), ()), APPROVED_BY)

    assert "approval by at least one more person, in <#C0APPROVALS>: <@U0CAROL>, <@U0BOB>." in said


def test_card_names_the_earliest_deadline_of_the_campaigns_that_wait_for_approval() -> None:
    """One whose approval lapsed has its time anew."""
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, expires_at=NOON)
    first, second = waiting.requests
    reopened = first.model_copy(update={"expires_at": NOON + timedelta(hours=20)})

    assert f"If it isn't approved by {date(NOON)}" in text(replace(waiting, requests=(reopened, second)), APPROVED_BY)


@pytest.mark.parametrize(("others", "is_over"), [(9, False), (10, True)])
def test_budget_of_a_list_counts_its_campaigns_as_part_of_it_and_not_as_approved(others: int, *, is_over: bool) -> None:
    """Each request's own budget counts the other campaigns of the list before they are approved."""
    spent = Budget(at=NOON, approved=others, limit=10, approved_for_requester=3, limit_for_requester=5)
    listed = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, budget=spent)

    _, blocks = list_card.build(RequestView(listed.overall, listed=listed), listed, CARD, Policy())

    shown = str([block.to_dict() for block in blocks])
    assert f"With this list, the deletions of the hour before <!date^{int(NOON.timestamp())}" in shown
    assert f"are {others + 1} (limit 10), including 4 requested" in shown
    assert ("One extra approval is required" in shown) is is_over


def test_paused_card_names_the_deadline_of_the_campaigns_that_wait() -> None:
    paused = campaign_list(State.FAILED, State.APPROVED, State.AWAITING_APPROVAL, paused_on=1)
    due = (NOON, NOON + timedelta(hours=48), NOON + timedelta(hours=20))
    requests = [each.model_copy(update={"expires_at": at}) for each, at in zip(paused.requests, due, strict=True)]

    said = text(replace(paused, requests=tuple(requests)))

    assert f"If neither does by {date(due[1])}, it expires." in said
    assert "1 campaign waits." in said


def test_frozen_card_of_a_paused_list_does_not_promise_that_it_goes_on_after_the_freeze() -> None:
    paused = campaign_list(State.FAILED, State.APPROVED, paused_on=1, expires_at=NOON)

    said, _ = list_card.build(RequestView(paused.overall, freeze=freeze(), listed=paused), paused, CARD, SERVING)
    assert "Continue with the rest" not in said
    assert "Continue with the rest, or stop it?" in text(paused)

    assert "I continue with the list" not in said
    assert "after an approver types `/campaign-delete unfreeze`, the requester or an approver continues" in said
    assert f"If neither does by {date(NOON)}, it expires." in said


def frozen(listed: CampaignList, policy: Policy = APPROVED_BY) -> str:
    """Return what the card says during a freeze."""
    return list_card.build(RequestView(listed.overall, freeze=freeze(), listed=listed), listed, CARD, policy)[0]


@pytest.mark.parametrize(
    ("states", "follows"),
    [
        (
            (State.AWAITING_APPROVAL, State.REJECTED),
            f"it can be approved. If it isn't approved by {date(NOON)}, it expires.",
        ),
        (
            (State.APPROVED, State.DELETED),
            f"I continue with the list. If requests are still frozen {date(NOON)}, the rest expires.",
        ),
        (
            (State.APPROVED, State.AWAITING_APPROVAL),
            f"I continue, and the rest can be approved. Otherwise they expire from {date(NOON)} on.",
        ),
    ],
)
def test_frozen_card_of_a_list_says_what_follows_the_freeze_and_by_when(
    states: tuple[State, ...], follows: str
) -> None:
    said = frozen(campaign_list(*states, expires_at=NOON))

    assert f"Next: after an approver types `/campaign-delete unfreeze`, {follows}" in said


def test_frozen_card_of_the_last_deletion_of_a_list_promises_no_other() -> None:
    said = frozen(campaign_list(State.DELETED, State.DELETING, expires_at=NOON))

    assert "I continue with the list" not in said
    assert "Next: I verify that the campaign is gone" in said


def test_frozen_card_of_a_list_that_cannot_be_approved_says_so() -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, expires_at=NOON)

    assert "It can't be approved: my settings name no channel for approvals." in frozen(waiting, SERVING)


def test_card_says_how_long_an_unknown_result_is_watched() -> None:
    unknown = campaign_list(
        State.UNKNOWN, State.DELETED, attempt=Attempt(kind=AttemptKind.CONFIRMED, at=NOON), kore_account="st-1"
    )

    assert f"I keep checking until {date(NOON + timedelta(days=1))}" in text(unknown)


def text(listed: CampaignList, policy: Policy = SERVING) -> str:
    return list_card.build(RequestView(listed.overall, listed=listed), listed, CARD, policy)[0]


def test_text_for_screen_readers_lacks_nothing_but_the_table() -> None:
    extent = Extent(list_sizes={"Renewals": 1_204}, messages_sent=137)
    by_carol = Decision(person_id="U0CAROL", verdict=Verdict.REJECTED, at=NOON, reason="Still needed")
    listed = decided(
        campaign_list(State.REJECTED, State.REJECTED, extent=extent, ticket="OPS-1"), (by_carol,), (by_carol,)
    )

    said = text(listed)

    assert "When requested: 2 campaigns · 274 sent · 1,204 contacts." in said
    assert "Ticket: `OPS-1`." in said
    assert "Reason for rejection: `Still needed`." in said


def test_text_for_screen_readers_says_why_one_more_approval_is_required() -> None:
    spent = Budget(at=NOON, approved=10, limit=10, approved_for_requester=3, limit_for_requester=5)
    waiting = campaign_list(*[State.AWAITING_APPROVAL] * 2, budget=spent, approvals_required=2)

    assert "One extra approval is required" in text(waiting)
    seen = RequestView(waiting.overall, listed=waiting)
    assert "One extra approval is required" in lookup_answer.of_list(seen, waiting, [], LINKS, SERVING)[0]


def test_status_of_one_campaign_says_that_it_waits_for_its_list() -> None:
    waiting = campaign_list(State.UNKNOWN, State.APPROVED, paused_on=1).requests[1]

    said = next_step.text(RequestView(waiting), Policy(kore_account="st-1"))

    assert "when the earlier campaigns of its list are done and the list isn't paused" in said


def test_status_of_one_campaign_does_not_count_its_list_as_approved() -> None:
    spent = Budget(at=NOON, approved=10, limit=10, approved_for_requester=3, limit_for_requester=5)
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, budget=spent).requests[0]

    said = " ".join(request_card.budget_notes(waiting))

    assert "With this list, the deletions of the hour" in said
    assert "Deletions approved in the hour" not in said


def test_campaign_that_is_there_again_is_not_called_perhaps_deleted() -> None:
    again = campaign_list(State.UNKNOWN, State.APPROVED, paused_on=1, reappeared_at=NOON)
    _, blocks = list_card.build(RequestView(again.overall, listed=again), again, CARD, Policy())

    said = str([block.to_dict() for block in blocks])

    assert "it is there again, although it was gone" in said
    assert "Was gone, and is there again" in said
    assert "may or may not" not in said.lower()
