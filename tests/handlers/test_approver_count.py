"""Approvers are counted as Slack shows them now: groups resolved, and looked up no further than needed."""

from collections.abc import Mapping
from typing import Any

import pytest

from deletion.domain.approvals.quorum import Quorum
from deletion.domain.policy import Policy
from handlers.access import approver_count
from handlers.access.approver_count import ApproverCount
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from tests.handlers.fake_slack import FAILING, answering, group, user

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0ALICE", "U0BOB", "S0APPROVE"))
SLACK = {
    **{user_id: user(user_id) for user_id in ("U0ALICE", "U0BOB", "U0CAROL")},
    "S0APPROVE": group("U0BOB", "U0CAROL"),
}


async def counted(
    needed: int, slack: Mapping[str, Any] = SLACK, calls: list[str] | None = None, policy: Policy = POLICY
) -> Quorum:
    async with answering({**SLACK, **slack}, calls) as client:
        return await ApproverCount(SlackDirectory(client, Workspace("T0")), policy).quorum("U0ALICE", needed)


async def test_group_members_count_once_and_the_requester_never() -> None:
    found = await counted(3)
    assert (found.found, found.missing) == (2, 1)


@pytest.mark.parametrize(
    "carol",
    [user("U0CAROL", "U0ALICE+2@sandbox.example"), user("U0CAROL", deleted=True), user("U0CAROL", "no address")],
    ids=["requester's second account", "deactivated", "no verified address"],
)
async def test_member_whose_approval_would_not_count_is_missing(carol: dict[str, Any]) -> None:
    assert (await counted(2, {"U0CAROL": carol})).missing == 1


@pytest.mark.parametrize("silent", ["S0APPROVE", "U0CAROL", "U0ALICE"])
async def test_what_slack_does_not_say_blocks_no_request(silent: str) -> None:
    found = await counted(3 if silent == "U0CAROL" else 2, {silent: FAILING})
    assert (found.missing, found.is_unknown) == (0, True)


async def test_unknown_group_has_no_approvers() -> None:
    gone = {"ok": False, "error": "no_such_subteam"}
    assert (await counted(2, {"S0APPROVE": gone})).missing == 1


async def test_no_approval_needed_asks_slack_nothing() -> None:
    calls: list[str] = []
    assert not (await counted(0, calls=calls)).missing
    assert calls == []


async def test_large_group_is_looked_up_no_further_than_needed() -> None:
    many, calls = [f"U{number:09}" for number in range(300)], list[str]()
    people = {user_id: user(user_id) for user_id in many}

    found = await counted(2, {**people, "S0APPROVE": group(*many)}, calls)

    assert not found.missing
    assert len([each for each in calls if each.startswith("U")]) <= 1 + approver_count.AT_A_TIME


async def test_group_of_guests_is_looked_up_within_bounds() -> None:
    many, calls = [f"U{number:09}" for number in range(300)], list[str]()
    people = {user_id: user(user_id, is_restricted=True) for user_id in many}
    policy = POLICY.model_copy(update={"approvers": ("S0APPROVE",)})

    found = await counted(2, {**people, "S0APPROVE": group(*many)}, calls, policy)

    assert found.is_unknown
    assert len([each for each in calls if each.startswith("U")]) <= 1 + approver_count.MOST_LOOKED_UP
