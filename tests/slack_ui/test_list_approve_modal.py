"""The form in which an approver decides about a list."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection
from deletion.domain.budget import Budget
from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Decision, EarlierRequest, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.views import list_approve_modal, list_confirm_modal, notice, refusals
from slack_ui.views.list_approve_modal import Form, Shown
from tests.deletion.values import NOON, campaign, campaign_list, listed, preview
from tests.stories.person import shown

SPENT = Budget(at=NOON, approved=0, limit=10, approved_for_requester=0, limit_for_requester=5)
NAME = f"{campaign().name} · …{campaign().id[-4:]}"
LACKING = ListMissing([MissingApprovals(count=1)], [MissingApprovals(count=1)])
PRODUCTION = Policy(application="production", confirm_with_name=True)


def similar(*numbers: int, as_of: datetime | None = NOON) -> SimilarNames:
    return SimilarNames(tuple(listed(number, f"Summer Sale {number}") for number in numbers), as_of)


def of_bob(
    of: CampaignList, alike: Sequence[SimilarNames] = (), missing: Sequence[int] = (), of_one: Sequence[int] = ()
) -> Shown:
    """Return the list as it is shown to Bob: without similar names and missing approvals unless there are some."""
    shown_names = alike or [similar()] * len(of.awaiting)
    after, after_one = (
        [MissingApprovals(count=count) for count in counts or [0] * len(of.awaiting)]
        for counts in (missing, of_one or missing)
    )
    return Shown(ListReview(of), "U0BOB", ListMissing(after, after_one), shown_names)


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


def test_wrong_number_is_corrected_for_one_campaign_in_the_singular() -> None:
    wrong = list_approve_modal.errors(Form(list_id="1", shown_ids=("1", "2"), struck_ids=("2",), count="2"), Policy())

    assert wrong[ids.COUNT_BLOCK].startswith("1 campaign would be deleted.")


def test_late_decision_about_a_list_does_not_call_all_of_it_expired() -> None:
    """One whose approval lapsed has its time anew."""
    assert refusals.list_objection(Objection.EXPIRED) == (
        "The campaigns that were not decided in time have expired, so nothing was done. The card shows the others."
    )


def test_second_form_of_an_approver_does_not_call_the_whole_list_approved() -> None:
    """The first form lacked a campaign that Kore.ai did not show, and which waits for the approver still."""
    said = refusals.list_objection(Objection.ALREADY)
    assert "You have already approved campaigns that this form shows" in said
    assert "Press Approve again" in said


def test_form_asks_for_the_name_of_production() -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL, application="production")

    view = list_approve_modal.build(of_bob(waiting), PRODUCTION)

    assert "To approve, type production and the number of campaigns to delete" in str(view.to_dict())


def test_requests_that_the_approver_has_approved_are_named_and_not_decided_again() -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, approvals_required=2)
    first, second = waiting.requests
    approved = first.model_copy(update={"decisions": (Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON),)})
    review = ListReview(CampaignList(waiting.id, (approved, second)))

    view = list_approve_modal.build(Shown(review, "U0BOB", LACKING, [similar()]), Policy()).to_dict()

    assert list_approve_modal.parse({**view, "state": {"values": {}}}).shown_ids == (second.id,)
    assert "you have approved these already" in str(view)
    assert review.to_decide("U0CAROL") == (approved, second)


def test_requester_and_approver_of_a_list_see_what_became_of_earlier_requests() -> None:
    """As with a single request: what one approver rejected must not reach the next one as one of twenty."""
    rejected = EarlierRequest(count=1, state=State.REJECTED, at=NOON, person_id="U0CAROL")
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)
    again = waiting.requests[1].model_copy(update={"earlier": rejected})
    previews = [CampaignPreview(campaign(), similar(), preview(), 1, SPENT, earlier=each) for each in (None, rejected)]

    asked = list_confirm_modal.build(list_confirm_modal.Chosen(previews, [], [], 1), Policy())
    form = list_approve_modal.build(of_bob(CampaignList(waiting.id, (waiting.requests[0], again))), Policy())

    for view in (asked, form):
        (said,) = [block for block in view.to_dict()["blocks"] if "Second request for this campaign" in str(block)]
        assert shown(said).startswith(
            f"`2. {NAME}` :repeat: *Second request for this campaign.* The first was rejected by"
        )
        assert "<@U0CAROL>" in shown(said)


def test_approver_of_a_paused_list_is_told_that_it_stays_paused() -> None:
    paused = campaign_list(State.FAILED, State.AWAITING_APPROVAL, paused_on=1)

    view = list_approve_modal.build(of_bob(paused), Policy())

    assert "Approved campaigns wait until the requester or an approver presses Continue." in str(view.to_dict())
    assert "one after the other" not in str(view.to_dict())


@pytest.mark.parametrize(
    ("missing", "of_one", "said", "unsaid"),
    [
        ((1, 0, 0), (), ("last one for 2 campaigns; the others need more", "one after the other"), "Nothing is"),
        ((2, 1, 2), (), ("after yours, 1 more must approve. Nothing is deleted before that.",), "the last one"),
        ((1, 1, 1), (0, 0, 0), ("1 more must approve", "If you strike so many campaigns"), "one after the other"),
        ((0, 0, 0), (), ("one after the other",), "the last one"),
    ],
)
def test_form_says_for_how_many_campaigns_the_approval_is_the_last(
    missing: tuple[int, ...], of_one: tuple[int, ...], said: tuple[str, ...], unsaid: str
) -> None:
    waiting = campaign_list(*[State.AWAITING_APPROVAL] * 3)

    text = shown(list_approve_modal.build(of_bob(waiting, (), missing, of_one), Policy()).to_dict()["blocks"])

    assert all(part in text for part in said)
    assert unsaid not in text


def test_budget_counts_the_campaigns_of_the_list_as_part_of_it_and_not_as_approved() -> None:
    """Six were approved; the budget of each of five campaigns counts the other four."""
    spent = SPENT.model_copy(update={"approved": 10})
    waiting = campaign_list(*[State.AWAITING_APPROVAL] * 5, budget=spent)

    view = list_approve_modal.build(of_bob(waiting), Policy())

    assert "One extra approval is required: a limit is exceeded." in str(view.to_dict())
    assert "are 11 (limit 10), including 1 requested" in str(view.to_dict())
    assert "Deletions approved in the hour" not in str(view.to_dict())


def test_approver_reads_that_the_hourly_limit_was_reached_since_the_request() -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, budget=SPENT)
    used_up = SPENT.model_copy(update={"approved": 10})
    missing = ListMissing([MissingApprovals(count=1)] * 2, [MissingApprovals(count=1)] * 2, budget=used_up)

    view = list_approve_modal.build(Shown(ListReview(waiting), "U0BOB", missing, [similar()] * 2), Policy())

    assert "One extra approval is required: a limit is exceeded. With this list, the deletions of the hour" in str(
        view.to_dict()
    )


def test_campaigns_with_names_like_others_are_named_with_the_most_similar_one() -> None:
    waiting = campaign_list(*[State.AWAITING_APPROVAL] * 3)
    alike = (similar(7), similar(), similar(8, 9))

    said = " ".join(shown(list_approve_modal.build(of_bob(waiting, alike), Policy()).to_dict()).split())

    assert "*2 campaigns have nearly the same names as others outside this list* (in Kore.ai's list as of" in said
    assert f"1. {NAME} like Summer Sale 7 · …0007" in said
    assert f"3. {NAME} like Summer Sale 8 · …0008, and 1 more" in said
    assert f"2. {NAME} like" not in said


@pytest.mark.parametrize(
    ("numbers", "as_of", "said"),
    [
        ((), NOON, "No campaign outside this list has nearly the same name as one of these."),
        ((), None, "*These names are not checked.*"),
        ((7,), None, "*Others outside this list may have nearly the same names.*"),
    ],
)
def test_names_that_could_not_be_checked_are_not_called_different(
    numbers: tuple[int, ...], as_of: datetime | None, said: str
) -> None:
    waiting = campaign_list(State.AWAITING_APPROVAL)

    view = shown(list_approve_modal.build(of_bob(waiting, [similar(*numbers, as_of=as_of)]), Policy()).to_dict())

    assert said in view
    assert (strings.similar_names.LIST_NONE in view) is (not numbers and as_of is not None)


def test_late_confirmation_of_a_decision_about_a_list_names_no_campaign_of_it() -> None:
    """The first may have been struck."""
    decided = campaign_list(State.REJECTED, State.APPROVED)

    assert campaign().name not in shown(notice.recorded(decided.overall).to_dict()["blocks"])


@pytest.mark.parametrize("missing", [0, 1])
def test_forms_of_practice_promise_no_deletion(missing: int) -> None:
    practice = Policy(application="practice", practice=True, approvals_channel="C0APPROVALS")
    waiting = campaign_list(State.AWAITING_APPROVAL, application="practice")
    confirm = list_confirm_modal.Chosen(
        [CampaignPreview(campaign(), SimilarNames(as_of=None), preview(), 1, SPENT)], (), (), missing
    )

    for view in (
        list_approve_modal.build(of_bob(waiting, missing=[missing]), practice),
        list_confirm_modal.build(confirm, practice),
    ):
        said = str([block.to_dict() for block in view.blocks or []])
        assert "This is practice: nothing is deleted." in said
        assert "delete the campaigns one after the other" not in said


def test_form_says_of_when_contacts_and_messages_are() -> None:
    said = shown(list_approve_modal.build(of_bob(campaign_list(*[State.AWAITING_APPROVAL] * 2)), Policy()).to_dict())
    assert "Contacts and messages sent are as of the request." in said
