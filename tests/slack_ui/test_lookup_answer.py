"""Replies to ``status`` and ``history``: they keep Slack's limits, and text and blocks agree."""

import pytest
from slack_sdk.models.blocks import Block

from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from deletion.stores.request_queries import Cursor, Page, RequestFilter
from sandbox.slack.blocks.rules import check_message
from slack_ui import strings
from slack_ui.messages import lookup_answer
from tests.deletion.values import freeze, request
from tests.slack_ui.hostile_values import REFUSED
from tests.slack_ui.surfaces import LINKS, WORST, full, told
from tests.stories.person import shown

POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB",))
CURSOR = Cursor(at=now(), id="f" * 32)
EVERYTHING = RequestFilter(requester_id="U0ALICE", campaign_id=request().campaign.campaign_id, since=now())


@pytest.mark.parametrize("worst", WORST)
def test_hostile_texts_keep_lookup_answers_within_limits(worst: str) -> None:
    of = full(worst)
    messages = [told(of), *(told(of, MessageKind.ROOM, "not_in_channel") for _ in range(50))]
    page = Page((of,) * 10, before=CURSOR, after=CURSOR)
    for text, blocks in (
        lookup_answer.one(RequestView(of, REFUSED), messages, LINKS, POLICY, is_asked_again=True),
        lookup_answer.page(page, EVERYTHING, {of.id: messages}, LINKS),
    ):
        check_message([block.to_dict() for block in blocks])
        assert len(text) <= 40_000
        assert "<!channel>" not in text


@pytest.mark.parametrize("state", State)
def test_answer_for_one_request_has_same_content_in_blocks_and_text(state: State) -> None:
    of = full("Spring").model_copy(update={"state": state})
    text, blocks = lookup_answer.one(RequestView(of), [told(of)], LINKS, POLICY, is_asked_again=True)
    for said in (text, in_words(blocks)):
        assert strings.deletion.DELETION.headlines[state] in said
        assert "<https://sandbox.slack.com/archives/C0APPROVALS/p1732462531123456|approval card>" in said
        assert f"Request `{of.id}`" in said
        assert of.campaign.campaign_id in said
        assert f"history {of.campaign.campaign_id}" in said
        assert "Rejected by <@U0P20>." in said
        assert "this message" not in said
        for label in (strings.deletion.DELETION.reason_label, strings.cards.ATTEMPT, strings.cards.CHANGED_FIELDS):
            assert label in said


def test_unreached_channel_is_named() -> None:
    of = full("Spring")
    seen = RequestView(of, {"C0APPROVALS": "not_in_channel"})
    text, blocks = lookup_answer.one(seen, [told(of, error="not_in_channel")], LINKS, POLICY, is_asked_again=False)
    assert "I couldn't post this in <#C0APPROVALS>. I'm not in it, so invite me" in text
    assert "I couldn't post this in <#C0APPROVALS>" in in_words(blocks)
    assert "Messages:" not in text
    assert "retry" not in text + in_words(blocks)  # the retries may have ended long ago


def test_list_has_same_content_in_blocks_and_text() -> None:
    found = [request(state=state) for state in State]
    text, blocks = lookup_answer.page(
        Page(tuple(found)), RequestFilter(), {each.id: [told(each)] for each in found}, LINKS
    )
    for said in (text, in_words(blocks)):
        assert [state for state in State if strings.deletion.DELETION.headlines[state] not in said] == []
        assert said.count("|approval card>") == len(State)
        assert "As of <!date" in said


def test_status_shows_freeze() -> None:
    frozen, of = freeze(), request(state=State.APPROVED)
    page = lookup_answer.page(Page((of,)), RequestFilter(is_open=True), {of.id: [told(of)]}, LINKS, frozen)
    empty = lookup_answer.page(Page(()), RequestFilter(is_open=True), {}, LINKS, frozen)
    for text, blocks in (
        page,
        empty,
        lookup_answer.one(RequestView(of, {}, frozen), [], LINKS, POLICY, is_asked_again=False),
    ):
        for said in (text, in_words(blocks)):
            assert "Frozen by <@U0BOB> <!date^" in said
            assert strings.deletion.DELETION.headlines[State.APPROVED] not in said


def test_campaign_of_a_frozen_list_is_not_deleted_by_unfreezing_alone() -> None:
    """It waits for its turn, and while its list is paused for a person."""
    of, policy = request(state=State.APPROVED, list_id="1" * 32, list_position=2), Policy(approvals_required=0)
    text, blocks = lookup_answer.one(RequestView(of, {}, freeze()), [], LINKS, policy, is_asked_again=False)
    for said in (text, in_words(blocks)):
        assert "unfreeze" in said
        assert "the list isn't paused" in said


def test_page_button_round_trips_and_other_values_are_rejected() -> None:
    of = full("Spring")
    _, blocks = lookup_answer.page(Page((of,), after=CURSOR), EVERYTHING, {of.id: []}, LINKS)
    (row,) = [block.to_dict() for block in blocks if block.type == "actions"]
    (button,) = row["elements"]
    turn = lookup_answer.parse(button["value"])
    assert turn
    assert (turn.wanted, turn.cursor) == (EVERYTHING, CURSOR)
    for value in ("", "{}", "null", '{"wanted": {}, "cursor": {"at": "now", "id": "1"}}', button["value"][:-1], None):
        assert lookup_answer.parse(value) is None


def in_words(blocks: list[Block]) -> str:
    return shown([block.to_dict() for block in blocks])
