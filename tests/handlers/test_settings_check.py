"""Channels and user groups of the settings are checked when the bot starts."""

import logging
from typing import Any

import pytest

from deletion.domain.errors import StartError
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from handlers.checks.settings import check_settings
from tests.handlers.fake_slack import FAILING, answering, channel, group

POLICY = Policy(
    requesters=("S0ASK", "U0ALICE"), approvers=("S0APPROVE",), approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",)
)
SLACK = {"C0APPROVALS": channel(), "C0OPS": channel(), "S0ASK": group("U0ALICE"), "S0APPROVE": group()}


async def check(**slack: Any) -> None:
    async with answering({**SLACK, **slack}) as client:
        await check_settings(SlackDirectory(client, Workspace("T0")), Policies([POLICY]))


async def test_settings_that_work_pass() -> None:
    await check()


@pytest.mark.parametrize(
    ("slack_id", "answer", "line"),
    [
        (
            "C0APPROVALS",
            {"ok": False, "error": "channel_not_found"},
            "APPROVALS_CHANNEL: C0APPROVALS is no channel that",
        ),
        ("C0APPROVALS", channel(is_member=False), "APPROVALS_CHANNEL: C0APPROVALS is no channel that the bot is in."),
        ("C0APPROVALS", channel(is_archived=True), "APPROVALS_CHANNEL: C0APPROVALS is archived."),
        ("C0OPS", channel(is_archived=True, is_member=False), "OPS_ROOMS: C0OPS is archived."),
        ("C0OPS", channel(is_ext_shared=True), "OPS_ROOMS: C0OPS is shared with another organization."),
        ("S0ASK", {"ok": False, "error": "no_such_subteam"}, "REQUESTERS: S0ASK is no user group of this workspace."),
        ("S0APPROVE", {"ok": False, "error": "plan_upgrade_required"}, "APPROVERS: S0APPROVE is no user group"),
    ],
)
async def test_setting_that_cannot_work_stops_the_start_with_one_line(
    slack_id: str, answer: dict[str, Any], line: str
) -> None:
    with pytest.raises(StartError) as caught:
        await check(**{slack_id: answer})
    (said,) = str(caught.value).splitlines()
    assert said.startswith(line)


async def test_channel_of_an_application_that_cannot_work_is_named_with_the_application() -> None:
    both = [POLICY.model_copy(update={"application": name, "channels": (f"C0{name}",)}) for name in ("prod", "test")]
    async with answering({**SLACK, "C0prod": channel(), "C0test": channel(is_member=False)}) as client:
        with pytest.raises(StartError) as caught:
            await check_settings(SlackDirectory(client, Workspace("T0")), Policies(both))
    (said,) = str(caught.value).splitlines()
    assert said.startswith("test channels: C0test is no channel that the bot is in.")


async def test_all_settings_that_cannot_work_are_reported_together() -> None:
    gone = {"ok": False, "error": "channel_not_found"}
    with pytest.raises(StartError) as caught:
        await check(C0APPROVALS=gone, C0OPS=gone)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(("slack_id", "variable"), [("C0OPS", "OPS_ROOMS"), ("S0APPROVE", "APPROVERS")])
async def test_what_slack_does_not_say_stops_no_start(
    slack_id: str, variable: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await check(**{slack_id: FAILING})
    found = [vars(record) for record in caplog.records if record.message == "Check warning"]
    assert [(each["check"], slack_id in each["found"]) for each in found if slack_id in each["found"]] == [
        (variable, True)
    ]


async def test_group_whose_members_slack_does_not_name_is_not_called_empty(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        await check(S0ASK={"ok": True})
    texts = [str(vars(record).get("found", "")) for record in caplog.records]
    assert [text for text in texts if "S0ASK" in text] == ["not checked: Slack did not say who is in S0ASK"]
