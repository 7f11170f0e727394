"""An approved request is judged again by today's settings, immediately before it is executed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.budget import Budget
from deletion.domain.clock import now
from deletion.domain.models import Decision, Verdict
from deletion.domain.states import State
from deletion.lifecycle.decisions import Decisions, Rechecked
from deletion.lifecycle.executor import OTHER_CLIENT
from deletion.lifecycle.transitions import Transitions
from tests.deletion.lifecycle.execution_world import POLICY, World
from tests.deletion.values import all_parties_stand
from tests.kore_api.samples import SEEDED_ID

pytestmark = pytest.mark.any_database

HERE = "https://platform.kore.ai st-1 6777"
ELSEWHERE = "https://platform.kore.ai st-2 6777"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"description": "KEEP - legal hold"}, "description"),
        ({"priority": "1"}, "priority"),
        ({"dncLists": {"name": "Do Not Contact 2"}}, "dncLists"),
        ({"campaignInstanceId": "cid-c4ad0662"}, "campaignInstanceId"),
        ({"legalHold": True}, "legalHold"),
        ({"dialingMode": "Preview"}, "dialingMode"),
        ({"connection": "Default Queue"}, "connection"),
        ({"queue": "Sales"}, "queue"),
    ],
)
async def test_change_with_same_update_time_stops_delete_and_is_named(
    world: World, fields: dict[str, Any], named: str
) -> None:
    world.kore.memory.put(SEEDED_ID, fields)

    await world.advance()

    ended = await world.request()
    assert ended.state is State.CHANGED
    assert [difference.field for difference in ended.differences] == [named]
    assert world.deletes_sent() == 0


async def test_request_of_previous_version_is_compared_by_what_it_has(world: World) -> None:
    await world.change(other_fields=None)
    world.kore.memory.put(SEEDED_ID, {"description": "Edited"})

    await world.advance()

    assert (await world.request()).state is State.DELETED


async def test_voice_campaign_is_not_deleted_by_a_request_of_the_previous_version(world: World) -> None:
    await world.change(other_fields=None)
    world.kore.memory.put(SEEDED_ID, {"dialingMode": "Preview"})

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation) == (State.FAILED, Observation.PRESENT)
    assert ended.attempt
    assert (ended.attempt.kind, ended.attempt.explanation) == (AttemptKind.NOT_SENT, "It is a voice campaign.")
    assert world.deletes_sent() == 0


async def test_status_that_is_no_longer_deletable_stops_delete(world: World) -> None:
    await world.restarted(deletable_statuses=("Ready",)).advance()

    ended = await world.request()
    assert ended.state is State.FAILED
    assert ended.attempt
    assert "do not allow me to delete campaigns in its status" in ended.attempt.explanation
    assert world.deletes_sent() == 0


@pytest.mark.parametrize(("over_budget", "required"), [(False, 2), (True, 1)])
async def test_raised_number_of_approvals_asks_again_instead_of_deleting(
    world: World, over_budget: bool, required: int
) -> None:
    once = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=now())
    used = 10 if over_budget else 0
    spent = Budget(at=now(), approved=used, limit=10, approved_for_requester=0, limit_for_requester=5)
    await world.change(decisions=[once.model_dump(mode="json")], budget=spent.model_dump(mode="json"))

    await world.restarted(approvals_required=required).advance()

    asked_again = await world.request()
    assert asked_again.state is State.AWAITING_APPROVAL
    assert (asked_again.approvals_required, asked_again.approvals, asked_again.attempt) == (2, (once,), None)
    assert asked_again.expires_at
    assert asked_again.expires_at > now()
    assert (await world.events())[-1] == "approvals insufficient"
    assert world.deletes_sent() == 0
    assert world.kore.limit.most == 0


@pytest.mark.parametrize(
    ("state", "attempt", "ended_as"),
    [
        (State.APPROVED, None, State.FAILED),
        (State.APPROVED, AttemptKind.NO_ANSWER, State.UNKNOWN),
        (State.DELETING, AttemptKind.CONFIRMED, State.UNKNOWN),
        (State.DELETING, AttemptKind.NO_ANSWER, State.UNKNOWN),
        (State.DELETING, None, State.UNKNOWN),
    ],
)
async def test_request_for_another_account_ends_without_a_call_to_kore(
    world: World, state: State, attempt: AttemptKind | None, ended_as: State
) -> None:
    kept = Attempt(kind=attempt, at=now()).model_dump(mode="json") if attempt else None
    long_ago = now() - timedelta(minutes=5)
    await world.change(kore_account=ELSEWHERE, state=state, attempt=kept, changed_at=long_ago)
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True

    restarted = world.restarted(kore_account=HERE)
    await restarted.advance()
    await world.change(changed_at=long_ago)
    assert await restarted.execution.recheck_unknown() == []

    ended = await world.request()
    assert (ended.state, ended.observation) == (ended_as, None)
    assert ended.attempt
    assert "for another Kore.ai account" in ended.attempt.explanation
    assert world.kore.limit.most == 0
    assert world.deletes_sent() == 0


@pytest.mark.parametrize(
    ("settings", "fields", "explanation"),
    [
        ({"kore_account": ELSEWHERE}, {}, "for another Kore.ai account"),
        ({"deletable_statuses": ("Ready",)}, {}, "do not allow me to delete campaigns in its status"),
        ({}, {"dialingMode": "Preview"}, "It is a voice campaign."),
    ],
)
@pytest.mark.parametrize("attempt", [None, AttemptKind.NO_ANSWER])
async def test_request_that_settings_no_longer_allow_ends_before_it_is_approved(
    world: World,
    settings: dict[str, Any],
    fields: dict[str, Any],
    explanation: str,
    attempt: AttemptKind | None,
) -> None:
    kept = Attempt(kind=attempt, at=now()).model_dump(mode="json") if attempt else None
    await world.change(state=State.AWAITING_APPROVAL, kore_account=HERE, other_fields=None, attempt=kept)
    world.kore.memory.put(SEEDED_ID, fields)
    policy = POLICY.model_copy(update={"kore_account": HERE, **settings})
    parties, transitions = all_parties_stand(world.store, policy), Transitions(world.store, policy)
    decisions = Decisions(world.store, transitions, world.gateway, parties, policy)

    rechecked = await decisions.recheck_campaign(await world.request(), unheard)

    assert isinstance(rechecked, Rechecked)
    ended = rechecked.request

    assert ended == await world.request()
    assert ended.state is (State.UNKNOWN if attempt else State.FAILED)
    assert ended.attempt
    assert explanation in ended.attempt.explanation


async def unheard(_until: datetime) -> bool:
    return False


@pytest.mark.parametrize("is_stored", [False, True])
async def test_request_for_this_account_or_of_the_previous_version_is_executed(world: World, is_stored: bool) -> None:
    await world.change(kore_account=world.gateway.account if is_stored else None)

    await world.restarted(kore_account=world.gateway.account).advance()

    assert (await world.request()).state is State.DELETED


async def test_client_of_another_account_sends_nothing_even_if_the_policy_names_that_of_the_request(
    world: World,
) -> None:
    await world.change(kore_account=HERE)

    await world.restarted(kore_account=HERE).advance()

    sent_back = await world.request()
    assert sent_back.state is State.APPROVED
    assert sent_back.attempt
    assert sent_back.attempt.explanation == OTHER_CLIENT
    assert world.deletes_sent() == 0


async def test_request_of_another_application_of_the_same_account_is_not_executed(world: World) -> None:
    account = world.gateway.account
    await world.change(kore_account=account, application="staging")

    await world.restarted(kore_account=account, application="production").advance()

    assert (await world.request()).state is State.FAILED
    assert world.deletes_sent() == 0


async def test_interrupted_delete_that_can_no_longer_land_ends_at_the_first_look(world: World) -> None:
    long_ago = now() - timedelta(minutes=11)
    await world.change(state=State.DELETING, changed_at=long_ago)

    await world.advance()

    ended = await world.request()
    assert (ended.state, ended.observation) == (State.FAILED, Observation.PRESENT)
    assert ended.attempt
    assert ended.attempt.kind is AttemptKind.NO_ANSWER
    assert world.deletes_sent() == 0
