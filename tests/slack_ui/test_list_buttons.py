"""A list's buttons, its progress in words and as a bar, and a size that Slack takes."""

import json

import pytest

from deletion.domain.models import Decision, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from slack_ui.messages import list_buttons, list_progress
from slack_ui.parts import ids
from tests.deletion.values import NOON, campaign_list, freeze
from tests.slack_ui.hostile_messages import list_messages

POLICY = Policy(approvals_channel="C0APPROVALS")
MOST_IN_BLOCKS = 11_000  # characters: github.com/slackapi/bolt-js/issues/2867


def test_progress_counts_every_campaign_once() -> None:
    struck = Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=NOON, reason=STRUCK)
    listed = campaign_list(
        *[State.DELETED] * 7, State.CHANGED, *[State.APPROVED] * 10, State.GONE, State.REJECTED, decisions=(struck,)
    )

    assert list_progress.line(listed) == "7 of 20 deleted, 1 gone, 1 changed, 10 waiting, 1 struck"
    assert list_progress.bar(listed) == "■■■■■■■■▨▨□□□□□□□□□□"


@pytest.mark.parametrize(
    ("states", "paused_on", "expected"),
    [
        ((State.AWAITING_APPROVAL,), None, [ids.LIST_APPROVE_BUTTON, ids.LIST_REJECT_BUTTON, ids.LIST_CANCEL_BUTTON]),
        ((State.DELETED, State.APPROVED), None, [ids.LIST_STOP_BUTTON]),
        ((State.FAILED, State.APPROVED), 1, [ids.LIST_CONTINUE_BUTTON, ids.LIST_STOP_BUTTON]),
        ((State.DELETED, State.FAILED), 2, []),
    ],
)
def test_card_has_the_buttons_of_what_is_left(
    states: tuple[State, ...], paused_on: int | None, expected: list[str]
) -> None:
    built = list_buttons.build(campaign_list(*states, paused_on=paused_on), MessageKind.CARD, None, POLICY)

    assert [element["action_id"] for row in built for element in row.to_dict()["elements"]] == expected


def test_frozen_list_is_neither_approved_nor_continued() -> None:
    listed = campaign_list(State.FAILED, State.APPROVED, State.AWAITING_APPROVAL, paused_on=1)
    (row,) = list_buttons.build(listed, MessageKind.CARD, freeze(), POLICY)

    offered = {element["action_id"] for element in row.to_dict()["elements"]}
    assert offered == {ids.LIST_REJECT_BUTTON, ids.LIST_CANCEL_BUTTON, ids.LIST_STOP_BUTTON}


@pytest.mark.parametrize("text", ["Interactive support campaign of the northern region, 2026", "<&>" * 50, "W" * 300])
def test_card_of_twenty_campaigns_fits_into_a_message(text: str) -> None:
    sizes = [len(json.dumps(message.get("blocks"), ensure_ascii=False)) for message in list_messages(text).values()]

    assert max(sizes) <= MOST_IN_BLOCKS
