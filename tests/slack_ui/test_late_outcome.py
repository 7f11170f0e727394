"""The direct message about a campaign of a list says what is known of it now, and of no other."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.campaign_list import CampaignList
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.recipients import is_settled, recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui.messages import late_outcome
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from tests.deletion.values import NOON, campaign_list

LINK = "<https://sandbox.slack.com/archives/C0/p12|approval card>"


def entry(listed: CampaignList, event: str) -> Entry:
    second = {"list": listed.id, "list_position": "2"}
    return Entry(at=NOON, event=event, actor_id="engine", surface="engine", details=second)


def said(listed: CampaignList, event: str) -> str:
    return late_outcome.text(entry(listed, event), listed, LINK)


@pytest.mark.parametrize(
    ("state", "headline"),
    [(State.FAILED, "was not deleted."), (State.DELETED, "was deleted."), (State.GONE, "is gone.")],
)
def test_campaign_its_result_and_its_list_are_named(state: State, headline: str) -> None:
    listed = campaign_list(State.UNKNOWN, state, State.APPROVED)

    told = said(listed, str(state))

    assert f"*`Spring Sale` {headline}* Its result was unclear, and is known now." in told
    assert "It is campaign 2 of the list of 3 campaigns that you requested <!date" in told
    assert told.endswith(f". {LINK}")


def test_name_with_two_spaces_is_shown_as_it_is() -> None:
    listed = campaign_list(State.UNKNOWN, State.DELETED)
    first, second = listed.requests
    named = second.model_copy(update={"campaign": second.campaign.model_copy(update={"name": "Spring  Sale"})})

    assert "*`Spring  Sale` was deleted.*" in said(CampaignList(listed.id, (first, named)), "deleted")


def test_message_that_arrives_after_the_campaign_is_there_again_does_not_claim_that_it_is_gone() -> None:
    first, second = campaign_list(State.DELETED, State.UNKNOWN).requests
    there_again = second.model_copy(update={"reappeared_at": NOON})

    told = said(CampaignList(first.id, (first, there_again)), "deleted")

    assert "is there again, although it was gone." in told
    assert "was deleted" not in told
    assert "is known now" not in told


def test_campaign_that_is_there_again_says_that_its_list_waits_as_long_as_it_does() -> None:
    first, second, third = campaign_list(State.DELETED, State.UNKNOWN, State.APPROVED).requests
    requests = (first, second.model_copy(update={"reappeared_at": NOON}), third)

    paused, running = (said(CampaignList(first.id, requests, each), "unknown") for each in (second.id, None))

    assert "I paused the list. 1 campaign waits. You or an approver can continue" in paused
    assert paused.endswith(f"it expires. {LINK}")
    assert "paused" not in running
    assert running.endswith(f". {LINK}")


@pytest.mark.parametrize(
    ("state", "stays_true"), [(State.FAILED, True), (State.DELETED, False), (State.UNKNOWN, False)]
)
def test_copy_that_a_crash_leaves_claims_no_result_that_may_change(state: State, stays_true: bool) -> None:
    """A message that is not final is posted without its result first."""
    listed, policy = campaign_list(State.DELETED, state), Policy()
    known = listed.requests[1].model_copy(update={"state": State.FAILED})
    owed = recipients(known, entry(listed, "failed"), policy, State.UNKNOWN)
    projector = SlackProjector(AsyncWebClient(), Policies([policy]), Links("https://sandbox.slack.com/"))

    (settled,) = [message for message in owed if is_settled(message)]

    assert projector.render(RequestView(listed.overall, listed=listed), settled).is_final is stays_true
