"""Which messages a request owes: a late outcome is told anew, and ops rooms get what the settings name."""

import pytest

from deletion.domain.models import Request
from deletion.domain.policy import OpsRoomsEvents, Policy
from deletion.domain.reappearance import REAPPEARED
from deletion.domain.recipients import alert, is_pause, is_result_file, recipients, result_file, rooms_of_a_freeze
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.messages import message_order
from tests.deletion.values import NOON, campaign_list, freeze, request

POLICY = Policy(approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))
CLOSED = sorted(set(State) - OPEN_STATES)


def owed(of: Request, before: State | None = None, policy: Policy = POLICY) -> dict[str, MessageKind]:
    messages = recipients(of, entry_of(of), policy, before)
    kinds = {message.key: message.kind for message in messages}
    assert len(kinds) == len(messages)
    return kinds


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


@pytest.mark.parametrize("before", [State.UNKNOWN, State.DELETING])
@pytest.mark.parametrize("required", [0, 1])
def test_thread_line_shows_the_journal_entry(required: int, before: State) -> None:
    deleted = request(state=State.DELETED, approvals_required=required, version=7)
    lines = [each for each in recipients(deleted, entry_of(deleted), POLICY, before) if each.kind is MessageKind.STORY]
    assert [line.entry for line in lines] == ([entry_of(deleted)] if required or before is State.UNKNOWN else [])


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
@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN])
def test_pause_of_a_list_is_a_direct_message_that_does_not_wait_for_its_end(state: State, required: int) -> None:
    listed = campaign_list(state, State.APPROVED, paused_on=1, approvals_required=required, version=7)
    trouble = listed.requests[0]

    pauses = [each for each in recipients(trouble, entry_of(trouble), POLICY, State.DELETING) if is_pause(each)]

    assert [(each.key, each.kind, each.target_id) for each in pauses] == [
        ("pause-U0ALICE-1.7", MessageKind.DIRECT, "U0ALICE")
    ]
    assert not message_order.is_not_due(pauses[0], listed.overall)
    assert not any(key.startswith("pause") for key in owed(request(state=state), State.DELETING))


@pytest.mark.parametrize(
    ("paused_on", "states", "is_told"),
    [
        (1, (State.FAILED, State.APPROVED), True),
        (1, (State.FAILED, State.STOPPED), False),
        (None, (State.FAILED, State.APPROVED), False),
        (2, (State.FAILED, State.UNKNOWN, State.APPROVED), False),
    ],
)
def test_pause_that_is_over_before_it_was_told_is_told_no_more(
    paused_on: int | None, states: tuple[State, ...], *, is_told: bool
) -> None:
    """A list ends whose requester has lost their right, each of its campaigns by itself."""
    listed = campaign_list(*states, paused_on=paused_on)
    entry = entry_of(listed.requests[0]).model_copy(update={"details": {"list_position": "1"}})
    (pause,) = [each for each in recipients(listed.requests[0], entry, POLICY, State.DELETING) if is_pause(each)]

    def is_needless(**changes: str) -> bool:
        return message_order.is_needless(pause.model_copy(update=changes), listed.overall, listed, {})

    assert is_needless() is not is_told
    assert not is_needless(ts="1.2")


@pytest.mark.parametrize("required", [0, 1])
def test_reappearance_during_a_list_is_a_direct_message_and_leaves_its_end_to_be_told_once(required: int) -> None:
    again = campaign_list(State.UNKNOWN, State.APPROVED, approvals_required=required, version=7).requests[0]
    entry = entry_of(again).model_copy(update={"event": REAPPEARED})

    def anew(*, is_list_open: bool) -> set[str]:
        owed = recipients(again, entry, POLICY, State.DELETED, is_list_open=is_list_open)
        return {message.key for message in owed if message.key.endswith("-1.7")}

    assert anew(is_list_open=True) == {"settled-U0ALICE-1.7", "story-1.7"}
    assert anew(is_list_open=False) >= {"room-C0OPS-1.7"}
    lines = recipients(again, entry, POLICY, State.DELETED, is_list_open=True)
    assert all(each.entry == entry for each in lines if each.key.endswith("-1.7"))


def test_reappearance_of_a_single_campaign_is_told_anew_in_each_channel() -> None:
    again = request(state=State.UNKNOWN, approvals_required=1, version=7)
    entry = entry_of(again).model_copy(update={"event": REAPPEARED})
    anew = {message.key for message in recipients(again, entry, POLICY, State.DELETED)} - set(owed(again))
    assert anew == {"origin-C0-7", "direct-U0ALICE-7", "room-C0OPS-7"}


@pytest.mark.parametrize(("required", "key"), [(0, "origin-C0APPROVALS"), (1, "card-C0APPROVALS")])
def test_request_in_the_approvals_channel_has_one_message_there(required: int, key: str) -> None:
    asked = request(state=State.AWAITING_APPROVAL, channel_id="C0APPROVALS", approvals_required=required)
    assert {name for name, kind in owed(asked).items() if kind is not MessageKind.STORY} == {key}


@pytest.mark.parametrize(
    ("state", "event", "by_dm", "called"),
    [
        (State.AWAITING_APPROVAL, "requested", True, ["U0BOB"]),
        (State.AWAITING_APPROVAL, "escalated", True, ["U0BOB"]),
        (State.AWAITING_APPROVAL, "approvals insufficient", True, ["U0BOB"]),
        (State.AWAITING_APPROVAL, "reminded", True, []),
        (State.AWAITING_APPROVAL, "requested", False, []),
        (State.APPROVED, "requested", True, []),
    ],
)
def test_approvers_named_by_user_id_are_called_by_direct_message_if_the_settings_say_so(
    state: State, event: str, by_dm: bool, called: list[str]
) -> None:
    policy = POLICY.model_copy(update={"notify_by_dm": by_dm, "approvers": ("U0ALICE", "U0BOB", "S0LEGAL")})
    asked = request(state=state, approvals_required=1)
    entry = entry_of(asked).model_copy(update={"event": event})
    calls = [each for each in recipients(asked, entry, policy) if each.kind is MessageKind.DIRECT]
    assert [(each.key, each.target_id) for each in calls] == [(f"call-{user_id}", user_id) for user_id in called]
    assert all((each.request_id, each.entry) == (asked.id, entry) for each in calls)


def test_alert_is_another_direct_message_than_the_outcome() -> None:
    asked = request(state=State.AWAITING_APPROVAL)
    found = alert(asked)
    assert (found.key, found.kind, found.target_id) == ("alert-U0ALICE", MessageKind.DIRECT, "U0ALICE")


@pytest.mark.parametrize(
    ("frozen_in", "lifted_in", "rooms"),
    [
        ("C0", "", ["C0APPROVALS", "C0OPS", "C0"]),
        ("C0OPS", "C0", ["C0APPROVALS", "C0OPS", "C0"]),
        ("D0BOB", "D0CAROL", ["C0APPROVALS", "C0OPS"]),
    ],
)
def test_freeze_is_announced_once_in_each_channel_and_in_no_direct_messages(
    frozen_in: str, lifted_in: str, rooms: list[str]
) -> None:
    assert rooms_of_a_freeze(freeze(frozen_in=frozen_in, lifted_in=lifted_in), POLICY) == rooms


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
