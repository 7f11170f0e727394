"""A message is true when it is read: once its request has gone on, in a freeze, and with other settings."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approval_rule import Quota
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.campaign_list import CampaignList
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.models import Decision, EarlierRequest, Purpose, Request, Verdict
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import Rebuildable
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.lifecycle.list_transitions import CAMPAIGNS
from deletion.messages.projection import RequestView
from slack_ui.messages import list_card, list_line, lookup_answer, request_card
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from slack_ui.parts.text import date
from tests.deletion.values import NOON, campaign_list, freeze, request
from tests.slack_ui.surfaces import card

LINKS = Links("https://sandbox.slack.com/")
CONFIRMED = Attempt(kind=AttemptKind.CONFIRMED, at=NOON)
LOST = Attempt(kind=AttemptKind.NO_ANSWER, at=NOON)
OLD_CARD = Message(request_id="1", key="card", kind=MessageKind.CARD, target_id="C0OLD", channel_id="C0OLD", ts="1.2")
CARDS_ARE_ELSEWHERE = Policy(approvals_channel="C0NEW", approvers=("U0BOB",))


@pytest.mark.parametrize("state", [State.DELETED, State.GONE])
def test_card_of_a_second_deletion_does_not_say_that_the_campaign_is_there_now(state: State) -> None:
    earlier = EarlierRequest(count=1, state=state, at=NOON)
    said = card(request(state=State.DELETED, attempt=CONFIRMED, observation=Observation.ABSENT, earlier=earlier))[
        "text"
    ]

    assert "was deleted." in said
    assert "there again" in said
    assert "now it is there" not in said


@pytest.mark.parametrize("kind", [MessageKind.ROOM, MessageKind.DIRECT, None])
def test_rebuild_is_said_to_be_where_the_card_is_and_not_where_today_s_cards_are(kind: MessageKind | None) -> None:
    deleted = request(state=State.DELETED, attempt=CONFIRMED, observation=Observation.ABSENT, approvals_required=1)
    seen = RequestView(deleted, card=OLD_CARD, rebuildable=Rebuildable(is_archived=True))

    if kind:
        shown = Message(request_id=deleted.id, key="one", kind=kind, target_id="C0OPS")
        said, _ = request_card.build(seen, shown, CARDS_ARE_ELSEWHERE)
    else:
        said, _ = lookup_answer.one(seen, [OLD_CARD], LINKS, CARDS_ARE_ELSEWHERE, is_asked_again=False)

    assert "Rebuild, on its message in <#C0OLD>, can make" in said


def test_list_does_not_count_a_campaign_that_its_own_lost_delete_may_have_removed_as_not_deleted() -> None:
    deleted, gone = campaign_list(State.DELETED, State.GONE).requests

    lost, refused = (
        list_card.headline(CampaignList(deleted.id, (deleted, gone.model_copy(update={"attempt": attempt}))))
        for attempt in (LOST, Attempt(kind=AttemptKind.REFUSED, at=NOON))
    )

    assert lost == "At least 1 of 2 campaigns was deleted."
    assert refused == "1 of 2 campaigns was deleted."


@pytest.mark.parametrize("application", ["", "practice-eu"])
def test_frozen_list_is_not_said_to_be_being_deleted(application: str) -> None:
    listed = campaign_list(
        State.DELETED, State.APPROVED, State.APPROVED, approved_at=NOON, expires_at=NOON, application=application
    )

    frozen, goes_on = said_of(listed, freeze()), said_of(listed)

    assert "being deleted, one after" in goes_on or "would be deleted now" in goes_on
    assert "being deleted, one after" not in frozen
    assert "would be deleted now" not in frozen
    assert "2 campaigns are approved" in frozen
    assert "but all requests are frozen" in frozen


def test_deletion_of_a_list_that_began_before_the_freeze_is_still_named() -> None:
    listed = campaign_list(State.DELETING, State.APPROVED, State.AWAITING_APPROVAL, approved_at=NOON, expires_at=NOON)

    said = said_of(listed, freeze())

    assert "1 campaign is being deleted, one after the other. 1 campaign is approved for deletion, but all" in said
    assert "1 campaign is waiting for approval" in said


def said_of(listed: CampaignList, frozen: Freeze | None = None) -> str:
    seen = RequestView(listed.overall, freeze=frozen, listed=listed)
    text, blocks = list_card.build(seen, listed, OLD_CARD, CARDS_ARE_ELSEWHERE)
    return f"{text} {[block.to_dict() for block in blocks]}"


def test_call_to_an_approver_asks_for_no_approval_while_requests_are_frozen() -> None:
    waiting = request(state=State.AWAITING_APPROVAL, approvals_required=1, expires_at=NOON)
    message = Message(request_id=waiting.id, key="call-U0BOB", kind=MessageKind.DIRECT, target_id="U0BOB")
    projector = SlackProjector(AsyncWebClient(), Policies([CARDS_ARE_ELSEWHERE]), LINKS)

    calling, frozen = (projector.render(RequestView(waiting, freeze=each), message) for each in (None, freeze()))

    assert " Please approve or reject it by <!date^" in calling.payload["text"]
    assert "Please approve or reject it by" not in frozen.payload["text"]
    assert "All requests are frozen. After an approver types `/campaign-delete unfreeze`" in frozen.payload["text"]
    assert not frozen.is_final, "the freeze ends"


def test_practised_list_that_expires_does_not_claim_that_a_delete_was_sent() -> None:
    practised, expired = campaign_list(State.PRACTISED, State.EXPIRED, application="practice-eu").requests
    done = practised.model_copy(update={"attempt": Attempt(kind=AttemptKind.PRACTISED, at=NOON)})

    told = list_line.line(entry("expired", **{CAMPAIGNS: "1"}), CampaignList(done.id, (done, expired)), Policy())

    assert told == "1 campaign was not approved in time. Nothing was sent to Kore.ai."


def test_card_of_a_stop_does_not_promise_a_time_to_stop_the_deletion() -> None:
    """Without an undo window there is none: the form of the approval says that neither can be prevented."""
    said = card(request(stops=Purpose.STOP_AND_DELETE, expires_at=NOON))["text"]

    assert "can still be stopped" not in said
    assert "Once it is stopped, this message says when I delete it." in said


TWO = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "U0CAROL"), approvals_required=2)
OF_LEGAL = TWO.model_copy(update={"approval_quotas": (Quota("S0LEGAL", 2),)})
BY_BOB = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON)


def rendered(asked: Request | CampaignList, policy: Policy) -> str:
    """Return what the card says, and what status says."""
    projector, message = SlackProjector(AsyncWebClient(), Policies([policy]), LINKS), OLD_CARD
    if isinstance(asked, CampaignList):
        seen = RequestView(asked.overall, listed=asked)
        private, _ = lookup_answer.of_list(seen, asked, [], LINKS, policy)
    else:
        seen = RequestView(asked)
        private, _ = lookup_answer.one(seen, [], LINKS, policy, is_asked_again=False)
    return f"{projector.render(seen, message).payload['text']}\n{private}"


def test_waiting_request_names_as_many_approvals_as_the_settings_of_now_require() -> None:
    waiting: dict[str, Any] = {"approvals_required": 1, "expires_at": NOON}
    alone = request(state=State.AWAITING_APPROVAL, **waiting)
    together = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, **waiting)

    for asked in (alone, together):
        said = rendered(asked, TWO)
        assert said.count("0 of 2 approvals") == 2
        assert said.count("approval by 2 more people") == 2
        assert "one more person" not in said


def test_waiting_request_names_the_groups_that_the_settings_of_now_require() -> None:
    waiting = request(state=State.AWAITING_APPROVAL, approvals_required=1, expires_at=NOON)

    assert rendered(waiting, OF_LEGAL).count("Needed: 2 from <!subteam^S0LEGAL>.") == 2


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({"approvals_required": 3}, "0 of 3 approvals"),  # the stricter rule is that of its time
        ({"approvals_required": 3, "decisions": (BY_BOB,)}, "1 of 3 approvals"),
        ({"state": State.REJECTED}, "0 of 1 approvals"),
        ({"state": State.DELETED, "decisions": (BY_BOB,)}, "1 of 1 approvals"),
    ],
)
def test_request_keeps_its_own_rule_where_that_is_judged(changes: dict[str, Any], counted: str) -> None:
    plain = {"state": State.AWAITING_APPROVAL, "approvals_required": 1, "expires_at": NOON}
    assert rendered(request(**{**plain, **changes}), TWO).count(counted) == 2


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.APPROVED, State.DELETING])
def test_status_of_a_real_request_promises_nothing_in_practice(state: State) -> None:
    """Practice leaves it as it is: it can be neither approved nor stopped, and is not executed."""
    practising = CARDS_ARE_ELSEWHERE.model_copy(update={"practice": True, "application": "practice"})
    of_list = campaign_list(state, approvals_required=1, expires_at=NOON)
    real = request(state=state, approvals_required=1, expires_at=NOON)

    alone, _ = lookup_answer.one(RequestView(real), [], LINKS, practising, is_asked_again=False)
    seen = RequestView(of_list.overall, listed=of_list)
    together, _ = lookup_answer.of_list(seen, of_list, [], LINKS, practising)

    for said in (alone, together):
        assert "Next:" not in said
        assert "It is real and waits until practice is over." in said


@pytest.mark.parametrize("state", sorted(set(State) - OPEN_STATES - {State.UNKNOWN}))
def test_closed_request_is_not_said_to_be_checked_later(state: State) -> None:
    """As one that a hold has ended, or that was rejected after the rate limit refused its delete."""
    refused = Attempt(kind=AttemptKind.REFUSED, at=NOON, retry_after_seconds=20)

    said = str(card(request(state=state, attempt=refused)))

    assert "Not checked yet" not in said


def test_frozen_list_is_not_as_of_a_time_before_the_freeze() -> None:
    listed, frozen = campaign_list(State.APPROVED, State.APPROVED, changed_at=NOON), freeze()

    assert f"As of {date(frozen.frozen_at)}" in said_of(listed, frozen)
    assert f"As of {date(NOON)}" in said_of(listed)


def entry(event: str, **details: str) -> Entry:
    return Entry(at=NOON, event=event, actor_id="engine", surface="engine", details=details)
