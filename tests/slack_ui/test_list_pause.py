"""The direct message about a pause asks for a decision while the list waits, and keeps only facts that stay true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.campaign_list import CampaignList
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.recipients import is_pause, recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui.messages import list_pause
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from slack_ui.parts.text import date
from tests.deletion.values import NOON, campaign_list, freeze

LINK = "<https://sandbox.slack.com/archives/C0/p12|approval card>"
ENTRY = Entry(at=NOON, event="failed", actor_id="engine", surface="engine", details={"list_position": "1"})
PAUSED = campaign_list(State.FAILED, State.APPROVED, State.APPROVED, paused_on=1, expires_at=NOON + timedelta(hours=2))
WAITS = f"If neither does by {date(NOON + timedelta(hours=2))}, it expires."


def test_paused_list_names_time_campaign_decision_and_deadline() -> None:
    said = list_pause.text(ENTRY, PAUSED, None, LINK)

    assert f"*I paused your list of 3 campaigns {date(NOON)}, after `Spring Sale`: it was not deleted.*" in said
    assert said.endswith(f"2 campaigns wait. You or an approver can continue with the rest or stop it. {WAITS} {LINK}")


def test_frozen_list_can_be_stopped_and_continues_only_after_the_freeze() -> None:
    said = list_pause.text(ENTRY, PAUSED, freeze(), LINK)

    assert "You or an approver can stop the rest now, or continue with it after an approver types" in said
    assert WAITS in said


@pytest.mark.parametrize(
    "listed",
    [
        replace(PAUSED, paused_on=None),
        campaign_list(State.FAILED, State.STOPPED, State.STOPPED, paused_on=1),
        campaign_list(State.FAILED, State.AWAITING_APPROVAL, State.AWAITING_APPROVAL, paused_on=1),
    ],
    ids=["continued", "stopped", "approval withdrawn"],
)
def test_list_that_no_longer_waits_asks_for_nothing(listed: CampaignList) -> None:
    said = list_pause.text(ENTRY, listed, None, LINK)

    assert said.endswith(f"It isn't paused any more. {LINK}")
    assert "wait." not in said


@pytest.mark.parametrize("now", [State.UNKNOWN, State.DELETED, State.GONE])
def test_unclear_result_is_called_unclear_whatever_becomes_known(now: State) -> None:
    assert ": its result was unclear.*" in list_pause.first(ENTRY, campaign_list(now, State.APPROVED, paused_on=1))


def test_copy_that_a_crash_leaves_claims_no_pause_that_may_end() -> None:
    """A message that is not final is posted without what may change first; a notification shows that much."""
    (pause,) = [each for each in recipients(PAUSED.requests[0], ENTRY, Policy(), State.DELETING) if is_pause(each)]
    projector = SlackProjector(AsyncWebClient(), Policies([Policy()]), Links("https://sandbox.slack.com/"))

    posted = projector.render_first(pause, PAUSED.overall, PAUSED).payload["text"]

    assert not projector.render(RequestView(PAUSED.overall, listed=PAUSED), pause).is_final
    assert posted == list_pause.first(ENTRY, PAUSED)
    assert WAITS not in posted
