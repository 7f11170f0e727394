"""The last reply to /campaign-delete freeze says only what holds when it is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncRespond
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.attempt import Attempt, AttemptKind, Lease
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import Freeze
from deletion.domain.outcome import LATE_DELETES
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.lease import ATTEMPT
from handlers.listeners.freeze_command import FreezeCommand
from slack_ui import strings
from tests.deletion.values import person
from tests.handlers.freeze_desk import BODY, Desk

pytestmark = pytest.mark.any_database

CLICKED = {"type": "block_actions", "team": {"id": "T0"}, "user": {"id": "U0BOB"}, "channel": {"id": "C0"}}
NAME, IDLE = "Spring Sale", "nothing is in progress"


@pytest.fixture
def desk(engine: AsyncEngine, mocker: MockerFixture) -> Desk:
    return Desk(engine, mocker)


def unanswered(age: timedelta) -> Attempt:
    return Attempt(kind=AttemptKind.NO_ANSWER, at=now() - age)


def lease(**changes: Any) -> Lease:
    return Lease(**{"version": 1, "until": now() - ATTEMPT, "sending_at": now() - timedelta(minutes=1), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        lambda: {"state": State.UNKNOWN, "attempt": unanswered(timedelta(minutes=1))},
        lambda: {"state": State.DELETING, "attempt": unanswered(timedelta(minutes=1))},
        lambda: {"state": State.DELETING, "lease": lease()},
    ],
    ids=["unknown", "not verified yet", "sender died"],
)
async def test_freeze_reply_names_unanswered_attempt_that_may_still_take_effect(
    desk: Desk, changes: Callable[[], dict[str, Any]]
) -> None:
    await desk.add(changed_at=now(), **changes())

    said = await desk.freeze()

    assert IDLE not in said
    assert NAME in said
    assert "they may still take effect" in said


@pytest.mark.parametrize(
    "changes",
    [
        lambda: {"state": State.UNKNOWN, "attempt": unanswered(LATE_DELETES + timedelta(minutes=1))},
        lambda: {"state": State.UNKNOWN, "attempt": Attempt(kind=AttemptKind.CONFIRMED, at=now())},
        lambda: {"state": State.DELETING, "lease": lease(sending_at=None)},
    ],
    ids=["too late to land", "answered", "nothing was sent"],
)
async def test_freeze_reply_says_idle_when_no_attempt_can_take_effect(
    desk: Desk, changes: Callable[[], dict[str, Any]]
) -> None:
    await desk.add(changed_at=now(), **changes())

    assert (await desk.freeze()).startswith(strings.freeze.FROZEN)


async def test_freeze_reply_says_that_another_approver_unfroze_meanwhile(desk: Desk) -> None:
    async def unfreeze(_: Freeze) -> None:
        assert isinstance(await desk.freezing.unfreeze(Permit(Action.UNFREEZE, person("U0CAROL")), "C0", ""), Freeze)

    desk.engine.freeze_changed.side_effect = unfreeze

    said = await desk.freeze()

    assert strings.freeze.FROZEN not in said
    assert "<@U0CAROL> unfroze" in said


async def test_freeze_command_stops_waiting_when_unfrozen(desk: Desk) -> None:
    await desk.add(state=State.DELETING, changed_at=now(), lease=lease(until=now() + timedelta(hours=1)))

    async def unfreeze(_: Freeze) -> None:
        assert isinstance(await desk.freezing.unfreeze(Permit(Action.UNFREEZE, person("U0CAROL")), "C0", ""), Freeze)

    desk.engine.freeze_changed.side_effect = unfreeze

    assert "<@U0CAROL> unfroze" in await desk.freeze()


async def test_question_of_a_near_word_freezes_nothing_and_its_button_does(desk: Desk) -> None:
    command, nowhere = FreezeCommand(desk.gate, desk.freezing, desk.engine, Policy()), AsyncRespond(response_url=None)

    await command.on_near_word(desk.ack, {**BODY, "text": "stop"}, nowhere, desk.client)
    assert strings.freeze.QUESTION in desk.client.chat_postEphemeral.await_args.kwargs["text"]
    assert (await desk.store.current_freeze())[0] is None

    await command.on_button(desk.ack, CLICKED, nowhere, desk.client)
    assert (await desk.current()).frozen_in == "C0"
    assert strings.freeze.ASK_REASON in desk.client.chat_postEphemeral.await_args.kwargs["text"]


async def test_question_is_replaced_by_the_answer_so_that_its_button_freezes_once(
    desk: Desk, mocker: MockerFixture
) -> None:
    command = FreezeCommand(desk.gate, desk.freezing, desk.engine, Policy())
    sending = mocker.patch("handlers.replies.private_reply.reply_by_url", autospec=True, return_value=True)
    await command.on_button(desk.ack, CLICKED, AsyncRespond(response_url="https://hooks.slack.com/1"), desk.client)
    (sent,) = sending.await_args_list
    assert sent.kwargs["replace_original"] is True
    assert strings.freeze.FROZEN in sent.kwargs["text"]
