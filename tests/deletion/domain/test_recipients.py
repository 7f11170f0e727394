"""Which messages a request owes: a late outcome is told anew, and ops rooms get what the settings name."""

import pytest

from deletion.domain.models import Request
from deletion.domain.policy import OpsRoomsEvents, Policy
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.recipients import is_result_file, recipients, result_file
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.messages import message_order
from tests.deletion.values import NOON, campaign_list, request

POLICY = Policy(approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))
CLOSED = sorted(set(State) - OPEN_STATES)


def owed(of: Request, before: State | None = None, policy: Policy = POLICY) -> dict[str, MessageKind]:
    return {message.key: message.kind for message in recipients(of, entry_of(of), policy, before)}


def entry_of(of: Request) -> Entry:
    return Entry(at=NOON, event=str(of.state), actor_id="engine", surface="engine")


@pytest.mark.parametrize("state", [State.DELETED, State.GONE, State.FAILED, State.REBUILT])
def test_late_outcome_is_a_new_direct_message_and_a_thread_line(state: State) -> None:
    late = request(state=state, approvals_required=1, version=7)
    assert set(owed(late, State.UNKNOWN)) - set(owed(late, State.DELETING)) == {"direct-U0ALICE-7"}
    assert owed(late, State.UNKNOWN)["story-7"] is MessageKind.STORY

    alone = request(state=state, approvals_required=0, version=7)
    new = set(owed(alone, State.UNKNOWN)) - set(owed(alone, State.DELETING))
    assert new == {"direct-U0ALICE-7", "story-7"}


@pytest.mark.parametrize("required", [0, 1])
def test_late_outcome_of_a_campaign_is_a_direct_message_before_the_end_of_its_list(required: int) -> None:
    listed = campaign_list(State.FAILED, State.APPROVED, paused_on=1, approvals_required=required, version=7)
    late = listed.requests[0]

    new = set(owed(late, State.UNKNOWN)) - set(owed(late, State.DELETING))

    assert new == {"settled-U0ALICE-1.7", *(() if required else ("story-1.7",))}
    messages = recipients(late, entry_of(late), POLICY, State.UNKNOWN)
    settled = next(each for each in messages if each.key.startswith("settled"))
    assert (settled.kind, settled.entry) == (MessageKind.DIRECT, entry_of(late))
    assert not message_order.is_not_due(settled, listed.overall)


@pytest.mark.parametrize("required", [0, 1])
def test_reappearance_during_a_list_is_a_direct_message_and_leaves_its_end_to_be_told_once(required: int) -> None:
    again = campaign_list(State.UNKNOWN, State.APPROVED, approvals_required=required, version=7).requests[0]
    entry = entry_of(again).model_copy(update={"event": REAPPEARED})

    def anew(*, is_list_open: bool) -> set[str]:
        owed = recipients(again, entry, POLICY, State.DELETED, is_list_open=is_list_open)
        return {message.key for message in owed if message.key.endswith("-1.7")}

    assert anew(is_list_open=True) == {"settled-U0ALICE-1.7", "story-1.7"}
    assert anew(is_list_open=False) >= {"room-C0OPS-1.7"}


def test_unknown_outcome_that_stays_unknown_is_not_told_anew() -> None:
    again = request(state=State.UNKNOWN, version=7)
    assert owed(again, State.UNKNOWN) == owed(again, State.DELETING)


def test_thread_of_a_request_without_approvals_is_that_of_its_own_message() -> None:
    late = request(state=State.FAILED, approvals_required=0, version=7)
    messages = recipients(late, entry_of(late), POLICY, State.UNKNOWN)
    posted = [each.model_copy(update={"channel_id": "C0", "ts": "1.2"}) for each in messages]
    line = next(each for each in posted if each.kind is MessageKind.STORY)
    assert line.target_id == late.channel_id
    assert message_order.thread_of(posted, line) == "1.2"


@pytest.mark.parametrize("state", CLOSED)
def test_ops_rooms_get_what_the_settings_name(state: State) -> None:
    by_people = state in (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED)
    may_be_gone = state in (State.DELETED, State.GONE, State.UNKNOWN)
    for events, is_told in (
        (OpsRoomsEvents.ALL, True),
        (OpsRoomsEvents.OUTCOMES, not by_people),
        (OpsRoomsEvents.DELETIONS, may_be_gone),
    ):
        policy = POLICY.model_copy(update={"ops_rooms_events": events})
        assert ("room-C0OPS" in owed(request(state=state), policy=policy)) == is_told


FILES = POLICY.model_copy(update={"attaches_files": True})


def of_list(state: State) -> Request:
    return campaign_list(state, approvals_required=1).requests[0]


def test_result_of_a_list_is_a_file_for_each_channel_with_its_table() -> None:
    new = set(owed(of_list(State.DELETED), policy=FILES)) - set(owed(of_list(State.DELETED)))
    assert new == {"file-C0", "file-C0APPROVALS", "file-C0OPS"}


@pytest.mark.parametrize("of", [request(state=State.DELETED), of_list(State.APPROVED)], ids=["single", "open"])
def test_no_file_for_a_single_request_or_before_the_end(of: Request) -> None:
    assert owed(of, policy=FILES) == owed(of)


def test_previous_version_finds_nothing_to_post_in_the_row_of_a_file() -> None:
    """It posts lines without a ts, and looks for those with version 0."""
    file = result_file(of_list(State.DELETED), "C0")
    assert file.kind is MessageKind.STORY
    assert file.ts is not None
    assert file.shown_version != 0


def test_refused_file_is_no_error_of_the_thread() -> None:
    deleted = of_list(State.DELETED)
    messages = recipients(deleted, entry_of(deleted), FILES)
    card = next(each for each in messages if each.kind is MessageKind.CARD)
    refused = [each.model_copy(update={"error": "missing_scope"}) for each in messages if is_result_file(each)]
    assert message_order.thread_error([card, *refused], card) == ""


def test_file_waits_for_the_message_of_its_own_channel() -> None:
    deleted = of_list(State.DELETED)
    messages = recipients(deleted, entry_of(deleted), FILES)
    room = next(each for each in messages if each.kind is MessageKind.ROOM)
    file = result_file(deleted, "C0OPS")
    assert message_order.is_behind(file, deleted, freeze_generation=0)
    assert message_order.awaits_card(file, messages)
    posted = [each.model_copy(update={"ts": "1.2"}) if each == room else each for each in messages]
    assert not message_order.awaits_card(file, posted)
    assert message_order.thread_of(posted, file) == "1.2"
    assert message_order.waiting_for(room, posted) == [file]
