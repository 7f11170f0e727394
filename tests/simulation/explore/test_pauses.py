"""The check of the messages about pauses finds a wrong and a missing one."""

from typing import Any

import pytest

from deletion.domain.campaign_list import CampaignList
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from tests.deletion.values import campaign_list
from tests.simulation.explore.pauses import OVER, WAITS, wrong_pauses

PAUSED = campaign_list(State.FAILED, State.APPROVED, paused_on=1)
CONTINUED = campaign_list(State.FAILED, State.DELETED)


def found(listed: CampaignList, text: str = "", error: str = "") -> list[str]:
    message: dict[str, Any] = {"key": "pause-U0ALICE-1.2", "kind": MessageKind.DIRECT, "target_id": "U0ALICE"}
    told = Message(request_id=listed.id, channel_id="D0ALICE", ts="1.2" if text else None, error=error, **message)
    posts = {("D0ALICE", "1.2"): {"text": text}} if text else {}
    return list(wrong_pauses({listed.id: list(listed.requests)}, {listed.id: listed.paused_on}, [told], posts))


@pytest.mark.parametrize(
    ("listed", "text", "is_wrong"),
    [
        (PAUSED, WAITS, False),
        (PAUSED, OVER, True),
        (PAUSED, "", True),
        (CONTINUED, WAITS, True),
        (CONTINUED, "", False),
    ],
)
def test_message_says_whether_the_list_is_paused(listed: CampaignList, text: str, *, is_wrong: bool) -> None:
    assert bool(found(listed, text)) is is_wrong


def test_message_that_slack_refuses_is_not_missing() -> None:
    assert not found(PAUSED, error="cannot_dm_bot")
