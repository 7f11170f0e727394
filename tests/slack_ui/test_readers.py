"""Each sentence about who reads something matches the recipients of the messages that show it."""

import re
from collections.abc import Iterable

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.recipients import is_call, recipients, rooms_of_a_freeze
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts import readers
from slack_ui.parts.links import Links
from slack_ui.parts.request_form import help_text, next_step
from slack_ui.strings.deletion import DELETION
from slack_ui.strings.rebuild import REBUILD
from slack_ui.strings.request_strings import RequestStrings
from tests.deletion.values import freeze, preview, request

TYPED = "Typed into the form"
WORDS = {
    MessageKind.ORIGIN: "channel of the request",
    MessageKind.CARD: "approvals channel",
    MessageKind.ROOM: "ops channels",
    MessageKind.DIRECT: "the requester",
}
OPS, ALONE = ("C0OPS",), ()
EVENTS = {State.AWAITING_APPROVAL: "requested", State.APPROVED: "approved"}


def shown_in(states: Iterable[State], policy: Policy, **facts: object) -> set[MessageKind]:
    """Return the kinds of the messages that show the typed text in one of these states; a thread is its card's."""
    projector = SlackProjector(AsyncWebClient(), Policies([policy]), Links("https://sandbox.slack.com/"))
    found: set[MessageKind] = set()
    for state in states:
        attempt = Attempt(kind=AttemptKind.CONFIRMED, at=now()) if state in (State.DELETED, State.UNKNOWN) else None
        of = request(state=state, attempt=attempt, approvals_required=policy.approvals_required, **facts)
        entry = Entry(at=now(), event=EVENTS.get(state, str(state)), actor_id="U0BOB", details=details(of), surface="x")
        for message in recipients(of, entry, policy):
            if not is_call(message) and TYPED in str(projector.render(RequestView(of), message).payload):
                found.add(MessageKind.CARD if message.kind is MessageKind.STORY else message.kind)
    return found


def details(of: Request) -> dict[str, str]:
    return {"reason": "; ".join(decision.reason for decision in of.decisions)}


def named(sentence: str) -> set[MessageKind]:
    return {kind for kind, words in WORDS.items() if words in sentence}


@pytest.mark.parametrize("ops_rooms", [OPS, ALONE])
@pytest.mark.parametrize("approvals", [0, 1])
def test_hint_for_the_reason_names_its_readers(ops_rooms: tuple[str, ...], approvals: int) -> None:
    policy = Policy(approvals_required=approvals, approvals_channel="C0APPROVALS", ops_rooms=ops_rooms)
    states = set(State) - {State.REBUILDING, State.REBUILT}
    to_others = shown_in(states, policy, reason=TYPED) - {MessageKind.DIRECT}  # the requester has typed it
    assert named(readers.of_reason(policy, approvals)) == to_others


def test_ops_channels_read_the_reason_only_with_a_result() -> None:
    policy = Policy(approvals_required=1, approvals_channel="C0APPROVALS", ops_rooms=OPS)
    for state in (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED):
        assert MessageKind.ROOM not in shown_in([state], policy, reason=TYPED)
    assert "with the result in the ops channels" in readers.of_reason(policy, 1)


def test_hint_for_the_reason_of_a_rejection_names_its_readers() -> None:
    policy = Policy(approvals_required=1, approvals_channel="C0APPROVALS", ops_rooms=OPS)
    rejected = Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=now(), reason=TYPED)
    assert named(readers.of_rejection()) == shown_in([State.REJECTED], policy, decisions=(rejected,))


@pytest.mark.parametrize("typed_in", ["C0ASKED", "C0OPS", "D0BOB"])
@pytest.mark.parametrize("approvals_channel", ["C0APPROVALS", None])
@pytest.mark.parametrize("ops_rooms", [OPS, ALONE])
def test_reply_to_a_freeze_names_the_channels_that_announce_it(
    ops_rooms: tuple[str, ...], approvals_channel: str | None, typed_in: str
) -> None:
    policy = Policy(approvals_required=0, approvals_channel=approvals_channel, ops_rooms=ops_rooms)
    begun = freeze(frozen_in=typed_in)
    ended = begun.model_copy(update={"lifted_at": now(), "lifted_by": "U0BOB", "lifted_in": "C0LIFTED"})
    for of, said in ((begun, freeze_notice.result(begun, [], policy)), (ended, freeze_notice.lifted(ended, policy))):
        assert set(re.findall(r"<#(\w+)>", said)) == set(rooms_of_a_freeze(of, policy))
    is_posted = typed_in.startswith("C") or ops_rooms or approvals_channel
    assert (strings.freeze.NOT_POSTED in freeze_notice.result(begun, [], policy)) is not bool(is_posted)


@pytest.mark.parametrize("ops_rooms", [OPS, ALONE])
def test_help_names_the_channels_that_read_the_reason_of_a_freeze(ops_rooms: tuple[str, ...]) -> None:
    policy = Policy(approvals_required=1, approvals_channel="C0APPROVALS", ops_rooms=ops_rooms)
    (line,) = [line for line in help_text(policy).splitlines() if "freeze &lt;reason&gt;" in line]
    assert "the channel of the command" in line
    elsewhere = set(rooms_of_a_freeze(freeze(frozen_in="C0ASKED"), policy)) - {"C0ASKED"}
    assert set(re.findall(r"<#(\w+)>", line)) == elsewhere


@pytest.mark.parametrize("pattern", ["", "OPS-[0-9]+"])
def test_help_names_tickets_only_where_the_team_has_them(pattern: str) -> None:
    (line,) = [line for line in help_text(Policy(ticket_pattern=pattern)).splitlines() if "delete status`" in line]
    assert ("a ticket" in line) is bool(pattern)


@pytest.mark.parametrize("approvals", [0, 1])
@pytest.mark.parametrize("text", [DELETION, REBUILD])
def test_forms_name_a_channel_that_gets_the_result(text: RequestStrings, approvals: int) -> None:
    policy = Policy(approvals_required=approvals, approvals_channel="C0APPROVALS")
    asked_in, of = preview(), request(state=State.FAILED, approvals_required=approvals)
    said = str(next_step(text, asked_in, approvals, policy).to_dict())
    ended = Entry(at=now(), event="failed", actor_id="engine", surface="engine")
    told = {message.target_id for message in recipients(of, ended, policy) if message.kind is not MessageKind.STORY}
    (channel,) = re.findall(r"I'll post the result in <#(\w+)>", said)
    assert channel in told
