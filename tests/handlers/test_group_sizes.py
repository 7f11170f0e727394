"""Groups that may still approve are counted once for each message, and what Slack does not say is unknown."""

import asyncio
from collections.abc import Mapping

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approval_rule import Quota
from deletion.domain.clock import now
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from handlers.access import group_sizes
from handlers.access.group_sizes import GroupSizes
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from slack_ui.messages import next_step
from tests.deletion.values import request
from tests.handlers.fake_slack import FAILING, answering, group

POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "S0OPS", "S0LEGAL", "S0NEW", "S0SILENT"))
WAITING = request(state=State.AWAITING_APPROVAL, approvals_required=2, expires_at=now())
SLACK = {
    "S0OPS": group("U0BOB", "U0CAROL", "U0CAROL"),
    "S0LEGAL": group("U0DAN"),
    "S0NEW": {"ok": False, "error": "no_such_subteam"},
    "S0SILENT": FAILING,
}


async def test_groups_are_named_with_the_number_of_their_members() -> None:
    async with answering(SLACK) as client:
        sizes = await GroupSizes(SlackDirectory(client, Workspace("T0")), Policies([POLICY])).of_approvers(WAITING)

    assert sizes == {"S0OPS": 2, "S0LEGAL": 1, "S0NEW": 0, "S0SILENT": None}
    said = next_step.text(RequestView(WAITING, group_sizes=sizes), POLICY)
    assert (
        "<@U0BOB>, <!subteam^S0OPS> (2 members), <!subteam^S0LEGAL> (1 member), <!subteam^S0NEW> (no members)" in said
    )
    assert "<!subteam^S0SILENT> (number of members unknown)." in said


async def test_groups_that_the_settings_require_by_now_are_counted() -> None:
    stricter = POLICY.model_copy(update={"approval_quotas": (Quota("S0LEGAL", 1),)})
    alone = WAITING.model_copy(update={"approvals_required": 1})
    async with answering(SLACK) as client:
        sizes = await GroupSizes(SlackDirectory(client, Workspace("T0")), Policies([stricter])).of_approvers(alone)

    assert sizes == {"S0LEGAL": 1}


async def test_groups_are_those_of_the_requests_own_application() -> None:
    strict = {"application": "berlin", "channels": ("C0BERLIN",), "approval_quotas": (Quota("S0LEGAL", 1),)}
    others = POLICY.model_copy(update={"application": "paris", "channels": ("C0PARIS",), "approvals_required": 2})
    alone = WAITING.model_copy(update={"approvals_required": 1, "application": "berlin"})
    async with answering(SLACK) as client:
        policies = Policies([others, POLICY.model_copy(update=strict)])
        sizes = await GroupSizes(SlackDirectory(client, Workspace("T0")), policies).of_approvers(alone)

    assert sizes == {"S0LEGAL": 1}


async def test_messages_that_follow_each_other_share_one_lookup_of_a_group() -> None:
    calls: list[str] = []
    async with answering(SLACK, calls) as client:
        groups = GroupSizes(SlackDirectory(client, Workspace("T0")).caching(5), Policies([POLICY]))
        for _ in range(3):
            await groups.of_approvers(WAITING)
    assert sorted(calls) == ["S0LEGAL", "S0NEW", "S0OPS", "S0SILENT"]


@pytest.mark.parametrize(
    ("changes", "looked_up"),
    [
        ({"state": State.APPROVED}, []),
        ({"state": State.DELETED}, []),
        ({"approval_quotas": (Quota("S0LEGAL", 1),), "approvals_required": 1}, ["S0LEGAL"]),
    ],
)
async def test_only_groups_that_may_still_approve_are_looked_up(
    changes: Mapping[str, object], looked_up: list[str]
) -> None:
    calls: list[str] = []
    async with answering(SLACK, calls) as client:
        of = WAITING.model_copy(update=changes)
        await GroupSizes(SlackDirectory(client, Workspace("T0")), Policies([POLICY])).of_approvers(of)
    assert calls == looked_up


async def test_message_waits_for_slack_no_longer_than_the_limit(mocker: MockerFixture) -> None:
    async def never_answer(_: str) -> None:
        await asyncio.Event().wait()

    mocker.patch.object(group_sizes, "ANSWER_WITHIN_SECONDS", 0)
    silent = mocker.create_autospec(SlackDirectory, instance=True)
    silent.members_of.side_effect = never_answer
    sizes = await GroupSizes(silent, Policies([POLICY])).of_approvers(WAITING)
    assert set(sizes.values()) == {None}
