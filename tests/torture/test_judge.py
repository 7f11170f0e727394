"""The judge finds every kind of violation."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from sandbox.slack.workspace import Message as Posted
from slack_ui.messages import request_card, thread_line
from tests.deletion.values import request
from tests.torture.judge import POLICY, Verdicts, judge
from tests.torture.people import Ledger
from tests.torture.world import Case, KoreCall, World

STARTED = now()
APPROVED = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=STARTED)


def ended(state: State, **changes: Any) -> Case:
    """Return an approved request with this outcome and all its messages."""
    whole = request(state=state, decisions=(APPROVED,), approvals_required=1, **changes)
    entry = Entry(at=STARTED, event=str(state), actor_id="engine", surface="engine")
    messages = [
        message.model_copy(update={"channel_id": message.target_id, "ts": f"{number}.0", "shown_version": 1})
        for number, message in enumerate(recipients(whole, entry, POLICY))
    ]
    return Case(whole, messages, [entry])


def world(case: Case, *calls: KoreCall, is_there: bool = False) -> World:
    """Return the sandbox's state for this case."""
    messages: dict[str, list[Posted]] = {message.target_id: [] for message in case.messages}
    for message in case.messages:
        text = (
            thread_line.line(message.entry, case.request, POLICY)
            if message.entry
            else request_card.build(RequestView(case.request), message, POLICY)[0]
        )
        messages[message.target_id].append(Posted({"ts": message.ts, "text": text, "bot_id": "B0BOT"}))
    campaigns = {case.request.campaign.campaign_id: {"deleted": not is_there}}
    sandbox = SimpleNamespace(
        kore=SimpleNamespace(memory=SimpleNamespace(campaigns=campaigns)),
        slack=SimpleNamespace(workspace=SimpleNamespace(messages=messages)),
    )
    deletes = [made for made in calls if made.operation == "delete"]
    seen = SimpleNamespace(sandbox=sandbox, kore_calls=list(calls), missed_exchanges=0, deletes=lambda: deletes)
    return cast("World", seen)


def call(operation: str, request: Request, seconds: float) -> KoreCall:
    at: datetime = STARTED + timedelta(seconds=seconds)
    return KoreCall(operation, request.campaign.campaign_id, at, at + timedelta(seconds=0.1))


def condemned(verdicts: Verdicts) -> set[str]:
    return {name for name, found in verdicts.wrong.items() if found}


def test_request_that_ended_as_reported_is_clean() -> None:
    case = ended(State.DELETED)
    assert condemned(judge(world(case, call("delete", case.request, 1)), Ledger(), [case])) == set()


def test_thread_line_that_called_approvers_while_the_request_waited_is_clean() -> None:
    case = ended(State.DELETED, requested_at=STARTED, expires_at=STARTED + timedelta(days=9))
    asked = Entry(at=STARTED, event="requested", actor_id="U0ALICE", surface="modal")
    line = next(message for message in recipients(case.request, asked, POLICY) if message.entry)
    line = line.model_copy(update={"channel_id": line.target_id, "ts": "9.0", "shown_version": 1})
    case.messages.append(line)
    seen = world(case, call("delete", case.request, 1))
    waiting = {"state": State.AWAITING_APPROVAL, "decisions": (), "expires_at": STARTED + POLICY.approval_ttl}
    text = thread_line.line(asked, case.request.model_copy(update=waiting), POLICY)
    seen.sandbox.slack.workspace.messages[line.target_id][-1].payload["text"] = text
    assert "Please approve" in text
    assert condemned(judge(seen, Ledger(), [case])) == set()


@pytest.mark.parametrize(
    ("state", "is_there"),
    [
        (State.DELETED, True),
        (State.GONE, True),
        (State.FAILED, False),
        (State.UNKNOWN, False),
        (State.STOPPED, False),
        (State.REJECTED, False),
    ],
)
def test_untrue_outcome_is_wrong(state: State, is_there: bool) -> None:
    case = ended(state)
    assert condemned(judge(world(case, is_there=is_there), Ledger(), [case])) == {"wrong outcomes"}


@pytest.mark.parametrize("state", [State.AWAITING_APPROVAL, State.APPROVED, State.DELETING])
def test_open_request_is_lost(state: State) -> None:
    case = ended(state)
    assert condemned(judge(world(case, is_there=True), Ledger(), [case])) == {"lost: open and not moving"}


def test_acknowledged_but_unrecorded_action_is_lost() -> None:
    case = ended(State.DELETED)
    ledger = Ledger(acknowledged={"cd-lost"}, approved={"cd-forgotten"})
    found = condemned(judge(world(case), ledger, [case]))
    assert found == {"lost: acknowledged, no row", "lost: approval acknowledged, not kept"}


def test_second_delete_without_a_read_in_between_is_wrong() -> None:
    case = ended(State.DELETED)
    calls = [call("get", case.request, 0.5), call("delete", case.request, 1), call("delete", case.request, 3)]
    assert condemned(judge(world(case, *calls), Ledger(), [case])) == {"second DELETE without a read between"}

    verdicts = judge(world(case, *calls, call("get", case.request, 2)), Ledger(), [case])
    assert condemned(verdicts) == set()
    assert verdicts.counts["second DELETEs, after a read"] == 1


def test_delete_before_another_persons_approval_is_wrong() -> None:
    early = ended(State.DELETED)
    verdicts = judge(world(early, call("delete", early.request, -1)), Ledger(), [early])
    assert condemned(verdicts) == {"DELETE without another person's approval"}

    alone = ended(State.DELETED, requester_id=APPROVED.person_id)
    verdicts = judge(world(alone, call("delete", alone.request, 1)), Ledger(), [alone])
    assert condemned(verdicts) == {"DELETE without another person's approval"}


def test_missing_or_untrue_message_is_wrong() -> None:
    case = ended(State.DELETED)
    seen = world(case)
    first, *others = seen.sandbox.slack.workspace.messages[case.messages[0].target_id]
    first.payload["text"] = "Spring Sale is waiting for approval to be deleted."
    assert condemned(judge(seen, Ledger(), [case])) == {"messages untrue"}

    seen.sandbox.slack.workspace.messages[case.messages[0].target_id] = others
    assert condemned(judge(seen, Ledger(), [case])) == {"messages missing"}


def test_message_without_a_row_is_counted_as_doubled() -> None:
    case = ended(State.DELETED)
    seen = world(case)
    posted = seen.sandbox.slack.workspace.messages[case.messages[0].target_id]
    posted.append(Posted({**posted[0].payload, "ts": "99.0"}))
    assert judge(seen, Ledger(), [case]).counts["messages doubled"] == 1
