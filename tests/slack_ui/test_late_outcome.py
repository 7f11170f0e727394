"""The direct message about a campaign of a list says what is known of it now, and of no other."""

import pytest

from deletion.domain.campaign_list import CampaignList
from deletion.domain.records import Entry
from deletion.domain.states import State
from slack_ui.messages import late_outcome
from tests.deletion.values import NOON, campaign_list

LINK = "<https://sandbox.slack.com/archives/C0/p12|approval card>"


def said(listed: CampaignList, event: str) -> str:
    second = {"list": listed.id, "list_position": "2"}
    entry = Entry(at=NOON, event=event, actor_id="engine", surface="engine", details=second)
    return late_outcome.text(entry, listed, LINK)


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


def test_message_that_arrives_after_the_campaign_is_there_again_does_not_claim_that_it_is_gone() -> None:
    first, second = campaign_list(State.DELETED, State.UNKNOWN).requests
    there_again = second.model_copy(update={"reappeared_at": NOON})

    told = said(CampaignList(first.id, (first, there_again)), "deleted")

    assert "is there again, although it was gone." in told
    assert "was deleted" not in told
    assert "is known now" not in told
