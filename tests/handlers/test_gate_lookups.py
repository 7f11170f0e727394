"""A decision costs one round of calls to Slack: the sender and the parties are looked up together."""

import asyncio

from pytest_mock import MockerFixture

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.stores.preview_store import PreviewStore
from handlers.access.gate import Gate
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from tests.deletion.values import request
from tests.handlers.fake_slack import answering, channel, group, user
from tests.handlers.payloads import click

POLICY = Policy(requesters=("U0ALICE",), approvers=("S0APPROVE",), approvals_channel="C0APPROVALS")


async def test_approval_asks_slack_once_for_each_user_group_and_channel(mocker: MockerFixture) -> None:
    answers = {
        "U0ALICE": user("U0ALICE"),
        "U0GUS": user("U0GUS"),
        "S0APPROVE": group("U0GUS"),
        "C0APPROVALS": channel(),
    }
    calls: list[str] = []
    async with answering(answers, calls) as client:
        payloads = mocker.create_autospec(PreviewStore, instance=True)
        gate = Gate(SlackDirectory(client, Workspace("T0")), POLICY, payloads)
        asked = request(requester_id="U0ALICE", state=State.AWAITING_APPROVAL)
        permit = await gate.admit(Action.APPROVE, click("any"), channel_id="C0APPROVALS", request=asked)

    assert isinstance(permit, Permit)
    assert sorted(calls) == sorted(answers)


async def test_group_of_several_settings_is_looked_up_once() -> None:
    calls: list[str] = []
    async with answering({"S0APPROVE": group("U0BOB")}, calls) as client:
        directory = SlackDirectory(client, Workspace("T0"))
        found = await asyncio.gather(*(directory.describe_group("S0APPROVE") for _ in range(3)))
    assert found == [["U0BOB"]] * 3
    assert calls == ["S0APPROVE"]
