"""The judge finds what is wrong with a list."""

from datetime import timedelta

import pytest

from deletion.domain.policy import Policy
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import State
from slack_ui.messages import list_pause
from tests.deletion.values import campaign_list, request
from tests.torture import judge_lists
from tests.torture.people import Ledger
from tests.torture.test_judge import STARTED
from tests.torture.world import Case, KoreCall

CLEAN: set[str] = set()
AGAINST_RULES = {"lists against their rules"}
DELETED = ("attempting", "attempted", "deleted")


def cases(*told: str, states: tuple[State, ...] = (State.DELETED, State.DELETED)) -> list[Case]:
    """Return the campaigns of one list. Each of ``told`` is a position and an event of the journal, in their order."""
    entries: dict[int, list[Entry]] = {1: [], 2: []}
    for second, (number, _, event) in enumerate(each.partition(" ") for each in told):
        at = STARTED + timedelta(seconds=second)
        entries[int(number)].append(Entry(at=at, event=event, actor_id="engine", surface="engine"))
    found = []
    for position, state in enumerate(states, start=1):
        made = request(id=f"request-{position}", state=state, list_id="request-1", list_position=position)
        campaign = made.campaign.model_copy(update={"campaign_id": f"cd-{position}"})
        found.append(Case(made.model_copy(update={"campaign": campaign}), [], entries[position]))
    return found


def deletes(*campaign_ids: str) -> list[KoreCall]:
    return [KoreCall("delete", each, STARTED, STARTED) for each in campaign_ids]


def condemned(found: list[Case], sent: tuple[str, ...] = (), **ledger: object) -> set[str]:
    wrong = judge_lists.wrong(found, deletes(*sent), Ledger(**ledger))  # type: ignore[arg-type]  # its fields
    return {name for name, examples in wrong.items() if examples}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ((*(f"1 {each}" for each in DELETED), *(f"2 {each}" for each in DELETED)), CLEAN),
        (("1 attempting", "2 attempting"), AGAINST_RULES),
        (("1 attempting", "1 attempted", "2 attempting"), AGAINST_RULES),
        (("1 attempting", "1 not sent", "1 attempting", "1 deleted", "2 attempting"), CLEAN),
        (("2 attempting", "2 deleted", "1 attempting"), AGAINST_RULES),
        (("1 attempting", "1 failed", "2 attempting"), AGAINST_RULES),
        (("1 attempting", "1 unknown", "2 continued", "1 failed", "2 attempting"), CLEAN),
    ],
)
def test_campaigns_execute_one_at_a_time_in_order_and_not_during_a_pause(
    told: tuple[str, ...], wrong: set[str]
) -> None:
    assert condemned(cases(*told)) == wrong


def test_deletes_out_of_order_are_wrong() -> None:
    assert condemned(cases(), ("cd-1", "cd-2", "cd-2")) == CLEAN
    assert condemned(cases(), ("cd-2", "cd-1")) == {"DELETEs of a list out of order"}


def test_struck_campaign_must_be_kept() -> None:
    kept = cases(states=(State.DELETED, State.REJECTED))
    assert condemned(kept, ("cd-1",), struck={"cd-2"}) == CLEAN
    assert condemned(kept, ("cd-1", "cd-2")) == {"struck, and yet a DELETE"}
    assert condemned(cases(), ("cd-1",), struck={"cd-2"}) == {"lost: struck acknowledged, not kept"}


def test_list_must_be_as_confirmed() -> None:
    assert condemned(cases(), lists=[("cd-1", "cd-2")]) == CLEAN
    assert condemned(cases(), lists=[("cd-2", "cd-1")]) == {"lists that differ from what was confirmed"}


@pytest.mark.parametrize(("said", "is_true"), [("It isn't paused any more.", True), ("2 campaigns wait.", False)])
def test_message_about_a_pause_that_is_over_must_say_so(said: str, *, is_true: bool) -> None:
    listed = campaign_list(State.FAILED, State.DELETED)
    entry = Entry(at=STARTED, event="failed", actor_id="engine", surface="engine", details={"list_position": "1"})
    pause = Message(
        request_id=listed.id, key="pause-U0ALICE-1.2", kind=MessageKind.DIRECT, target_id="U0ALICE", entry=entry
    )
    text = f"{list_pause.first(entry, listed)} {said}"

    assert (text in judge_lists.texts(listed, pause, Policy())) is is_true
    assert list_pause.first(entry, listed) in judge_lists.lasting(listed, [pause])
