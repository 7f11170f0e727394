"""What the journal keeps of the forms of a request, and how its execution is held to it."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.execution_check import ARCHIVE_LOST
from deletion.domain.models import CampaignStop, Decision, Purpose, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.domain.text.application_name import PRACTICE
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.kept_promise import has_lost_archive, promise_details, window_after_stop
from deletion.lifecycle.transitions import Transitions
from tests.deletion.lifecycle.execution_world import World
from tests.deletion.values import NOON, request

ARCHIVED, KEYLESS = {"archive": "encrypted"}, Policy(undo_window=timedelta(seconds=5))
KEYED = Policy(undo_window=timedelta(minutes=1), archives=True)


def approved_by(*people: str) -> Request:
    decisions = tuple(Decision(person_id=each, verdict=Verdict.APPROVED, at=NOON) for each in people)
    return request(state=State.APPROVED, decisions=decisions)


def entry(actor_id: str, event: str = Verdict.APPROVED, **details: str) -> Entry:
    return Entry(at=NOON, event=event, actor_id=actor_id, surface="modal", details=details)


ALICE_ASKED = entry("U0ALICE", "requested", **ARCHIVED)


@pytest.mark.parametrize(
    ("people", "entries", "is_lost"),
    [
        ((), [ALICE_ASKED], True),
        (("U0BOB",), [ALICE_ASKED, entry("U0BOB")], False),
        (("U0BOB",), [ALICE_ASKED, entry("U0BOB", **ARCHIVED)], True),
        (("U0BOB", "U0CAROL"), [entry("U0BOB", **ARCHIVED), entry("U0CAROL")], True),
        (("U0BOB",), [entry("U0BOB", **ARCHIVED), entry("U0BOB")], False),
        (("U0CAROL",), [entry("U0BOB", **ARCHIVED), entry("U0CAROL")], False),
    ],
    ids=["alone", "said otherwise since", "one approver", "one of two approvers", "approved again", "struck approval"],
)
def test_archive_is_lost_if_a_form_that_counts_promised_it(
    people: tuple[str, ...], entries: list[Entry], *, is_lost: bool
) -> None:
    asked = approved_by(*people)

    assert has_lost_archive(asked, entries, KEYLESS) is is_lost
    assert not has_lost_archive(asked, entries, KEYED)


@pytest.mark.parametrize(
    ("said", "today", "seconds"),
    [({"undo_window": "60"}, 5, 60), ({"undo_window": "1"}, 5, 5), ({}, 5, 5), ({}, 0, 0)],
)
def test_window_after_a_stop_is_the_longer_of_todays_and_the_forms(
    said: dict[str, str], today: int, seconds: int
) -> None:
    policy = Policy(undo_window=timedelta(seconds=today))

    window = window_after_stop(approved_by("U0BOB"), [entry("U0BOB", **said)], policy)

    assert window == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, ARCHIVED),
        ({"stops": Purpose.STOP_AND_DELETE}, {"undo_window": "60", **ARCHIVED}),
        ({"stops": Purpose.STOP_AND_DELETE, "state": State.AWAITING_APPROVAL}, ARCHIVED),
        ({"stops": Purpose.STOP_AND_DELETE, "stop": CampaignStop(at=NOON, status_before="Active")}, ARCHIVED),
        ({"stops": Purpose.STOP}, {}),
        ({"rebuilds": "r0"}, {}),
    ],
    ids=["delete", "stop first", "not the last approval", "stopped already", "stop alone", "rebuild"],
)
def test_journal_keeps_what_is_executed_later(fields: dict[str, Any], kept: dict[str, str]) -> None:
    assert promise_details(request(**{"state": State.APPROVED, **fields}), KEYED) == kept


async def promised(world: World) -> None:
    """Let Bob approve the request by a form that says that the campaign is archived."""
    asked, transitions = await world.request(), Transitions(world.store, KEYED)
    said: dict[str, Any] = {"details": promise_details(asked, KEYED), "decisions": approved_by("U0BOB").decisions}
    assert await transitions.move(asked, State.APPROVED, Verdict.APPROVED, actor_id="U0BOB", **said)


@pytest.mark.any_database
async def test_campaign_whose_archive_is_lost_was_seen_and_is_left_alone(world: World) -> None:
    await promised(world)

    await world.advance()

    ended = await world.request()
    assert ended.attempt
    assert (ended.attempt.explanation, ended.observation) == (ARCHIVE_LOST, Observation.PRESENT)
    assert (ended.state, world.deletes_sent()) == (State.FAILED, 0)


@pytest.mark.any_database
async def test_practice_archives_nothing_and_loses_no_archive(world: World, mocker: MockerFixture) -> None:
    await world.change(application=PRACTICE)
    await promised(world)
    practised = Attempt(kind=AttemptKind.PRACTISED, at=NOON), None
    mocker.patch.object(CampaignGateway, "delete", autospec=True, return_value=practised)

    await world.restarted(application=PRACTICE, practice=True).advance()

    assert (await world.request()).state is State.PRACTISED
