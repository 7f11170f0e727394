"""Each request is passed to the parts of its own application, and ends once none of the settings serves it."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.catalogue.campaign_cache import CampaignCache
from deletion.domain.attempt import Attempt, AttemptKind, Lease
from deletion.domain.clock import now
from deletion.domain.execution_check import NOT_SERVED, PRACTICE_OVER
from deletion.domain.models import CampaignStop, Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.states import State
from deletion.lifecycle.applications import Application, Applications
from deletion.lifecycle.deadlines import Deadlines
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.lease import ATTEMPT, LEASE
from deletion.lifecycle.list_deadlines import ListDeadlines
from deletion.lifecycle.reappearance import Reappearances
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.transitions import Transitions
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.values import NOON, request

pytestmark = pytest.mark.any_database


@pytest.fixture
def parts(mocker: MockerFixture) -> dict[str, Application]:
    """Two applications whose parts answer with their application's name."""

    def application(name: str) -> Application:
        parts = {
            "execution": mocker.create_autospec(Execution, instance=True),
            "reappearances": mocker.create_autospec(Reappearances, instance=True),
            "rebuilding": mocker.create_autospec(Rebuilding, instance=True),
            "deadlines": mocker.create_autospec(Deadlines, instance=True),
            "list_deadlines": mocker.create_autospec(ListDeadlines, instance=True),
        }
        parts["execution"].advance.return_value = NOON
        parts["execution"].next_in_list.return_value = f"next of {name}"
        parts["execution"].recheck_unknown.return_value = [f"unknown of {name}"]
        parts["reappearances"].recheck_deleted.return_value = [f"deleted of {name}"]
        parts["deadlines"].keep.return_value = [f"request of {name}"]
        parts["list_deadlines"].keep.return_value = [f"list of {name}"]
        return Application(policy=Policy(application=name), **parts)

    return {name: application(name) for name in ("production", "staging")}


def applications(world: World, parts: dict[str, Application]) -> Applications:
    return Applications(world.store, Transitions(world.store, POLICY), parts.values())


async def test_request_is_passed_to_its_own_application(world: World, parts: dict[str, Application]) -> None:
    await world.change(application="staging")
    both = applications(world, parts)
    production: Any = parts["production"].execution
    staging: Any = parts["staging"].execution

    assert both.names == ("production", "staging")
    assert await both.advance(world.id) == NOON
    assert await both.next_in_list(world.id) == ["next of staging"]
    await both.update_list(world.id)

    staging.advance.assert_awaited_once_with(world.id)
    staging.next_in_list.assert_awaited_once_with(await world.request())
    staging.update_list.assert_awaited_once_with(await world.request())
    assert production.method_calls == []


@pytest.mark.parametrize("request_id", [None, "another"])
async def test_request_that_no_application_serves_or_that_is_not_there_is_passed_to_none(
    world: World, parts: dict[str, Application], request_id: str | None
) -> None:
    await world.change(application="former")
    both, asked = applications(world, parts), request_id or world.id

    assert (await both.advance(asked), await both.next_in_list(asked)) == (None, [])
    await both.update_list(asked)

    assert [each for part in parts.values() for each in part.execution.method_calls] == []  # type: ignore[attr-defined]  # an autospec


async def test_last_request_of_a_list_is_followed_by_none(world: World, parts: dict[str, Application]) -> None:
    await world.change(application="staging")
    parts["staging"].execution.next_in_list.return_value = None  # type: ignore[attr-defined]  # an autospec
    assert await applications(world, parts).next_in_list(world.id) == []


async def test_sweep_names_what_changed_in_every_application_and_what_ended_without_one(
    world: World, parts: dict[str, Application]
) -> None:
    await world.change(application="former")
    both = applications(world, parts)

    assert await both.keep_deadlines() == [
        world.id, "request of production", "list of production", "request of staging", "list of staging",
    ]  # fmt: skip
    assert await both.recheck_unknown() == ["unknown of production", "unknown of staging"]
    assert await both.recheck_deleted() == ["deleted of production", "deleted of staging"]
    assert (await both.keep_deadlines())[0] == "request of production"


@pytest.mark.parametrize("has_left", [False, True])
async def test_begun_request_of_a_former_application_ends_only_after_its_sender(
    world: World, *, has_left: bool
) -> None:
    left_at = now() if has_left else None
    lease = Lease(version=1, until=now() + LEASE, sending_at=left_at)
    await world.change(application="former", state=State.DELETING, lease=lease.model_dump(mode="json"))
    begun, none = await world.request(), applications(world, {})

    assert await none.keep_deadlines() == []
    assert await world.request() == begun

    over = lease.model_copy(update={"until": now() - ATTEMPT})
    await world.change(lease=over.model_dump(mode="json"))
    assert await none.keep_deadlines() == [world.id]

    kind = AttemptKind.NO_ANSWER if has_left else AttemptKind.NOT_SENT
    ended = await world.request()
    assert ended.attempt
    assert ended.attempt == Attempt(kind=kind, at=ended.attempt.at, explanation=NOT_SERVED)


@pytest.mark.parametrize(
    ("is_practice", "application", "why"),
    [
        (False, "former", NOT_SERVED),
        (False, "practice-staging", PRACTICE_OVER),
        (True, "practice-former", NOT_SERVED),
        (True, "production", None),
    ],
)
async def test_open_request_ends_with_the_reason_unless_it_waits_for_the_end_of_practice(
    world: World, parts: dict[str, Application], *, is_practice: bool, application: str, why: str | None
) -> None:
    await world.change(application=application)
    policy = Policy(application="practice-staging" if is_practice else "staging", practice=is_practice)
    served = {"staging": replace(parts["staging"], policy=policy)}

    assert (world.id in await applications(world, served).keep_deadlines()) is bool(why)

    kept = await world.request()
    assert kept.state is (State.FAILED if why else State.APPROVED)
    assert (kept.attempt and kept.attempt.explanation) == why


async def test_request_that_changed_since_it_was_found_without_an_application_is_left_to_the_next_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.change(application="former")
    found = world.store.open_outside

    async def change_after_reading(names: Collection[str]) -> list[Request]:
        read = await found(names)
        await world.change(version=2)
        return read

    monkeypatch.setattr(world.store, "open_outside", change_after_reading)

    assert await applications(world, {}).keep_deadlines() == []

    assert (await world.request()).state is State.APPROVED


@pytest.mark.parametrize(
    ("application", "asked"),
    [("staging", "staging"), ("practice-staging", "staging"), ("production", "production"), ("former", None)],
)
async def test_application_of_the_same_name_says_whether_a_campaign_can_be_rebuilt_in_practice_too(
    world: World, parts: dict[str, Application], application: str, asked: str | None
) -> None:
    deleted, found = request(state=State.DELETED, application=application), Rebuildable(is_archived=True)
    for name, part in parts.items():
        part.rebuilding.state_of.return_value = found if name == asked else None  # type: ignore[attr-defined]  # an autospec

    assert await applications(world, parts).state_of(deleted) == (found if asked else NOT_REBUILDABLE)

    if asked:
        parts[asked].rebuilding.state_of.assert_awaited_once_with(deleted)  # type: ignore[attr-defined]  # an autospec


STOP = CampaignStop(at=NOON, status_before="Active")
REREAD, FORGET = "reread", "forget"


@pytest.mark.parametrize(
    ("changes", "calls"),
    [
        ({"state": State.DELETED}, [(FORGET, "cd-1")]),
        ({"state": State.GONE}, [(FORGET, "cd-1")]),
        ({"state": State.FAILED}, []),
        ({"state": State.APPROVED}, []),
        ({"state": State.APPROVED, "stops": Purpose.STOP_AND_DELETE, "stop": STOP}, [(REREAD, "cd-1")]),
        ({"state": State.DELETING, "stops": Purpose.STOP_AND_DELETE, "stop": STOP}, []),
        ({"state": State.DELETED, "stops": Purpose.STOP_AND_DELETE, "stop": STOP}, [(FORGET, "cd-1")]),
        ({"state": State.CAMPAIGN_STOPPED, "stops": Purpose.STOP, "stop": STOP}, [(REREAD, "cd-1")]),
        ({"state": State.GONE, "stops": Purpose.STOP}, []),
        ({"state": State.REBUILT, "rebuilds": "r0", "created_id": "cd-2"}, [(REREAD, "cd-2")]),
        ({"state": State.FAILED, "rebuilds": "r0", "created_id": "cd-2"}, []),
        ({"state": State.REBUILT, "rebuilds": "r0"}, []),
    ],
)
async def test_cached_list_follows_the_outcome(
    world: World, mocker: MockerFixture, changes: dict[str, object], calls: list[tuple[str, str]]
) -> None:
    catalogue = mocker.create_autospec(CampaignCache, instance=True)
    executor, parties = mocker.Mock(), mocker.Mock()
    execution = Execution(
        world.store, Transitions(world.store, POLICY), parties, POLICY,
        delete=executor, rebuild=executor, stop=executor, catalogue=catalogue,
    )  # fmt: skip
    plain = request()
    campaign = plain.campaign.model_copy(update={"campaign_id": "cd-1"})

    await execution.update_list(plain.model_copy(update={"campaign": campaign, **changes}))

    assert [(name, *args) for name, args, _ in catalogue.method_calls] == calls
