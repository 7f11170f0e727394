"""The line of a ready bot comes once it is ready, says what is served, and does not wait long for Kore.ai."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_bolt.authorization import AuthorizeResult

from deletion.domain.check import CheckResult, failed, passed
from deletion.domain.policy import Policy
from deletion.kore.checks import check_each
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from handlers.checks import ready
from handlers.connection.health import Health
from kore_api.causes import Cause
from kore_api.client import KoreClient
from kore_api.errors import KoreAuthError
from tests.handlers.fake_slack import FAILING, answering

HANGS_AFTER_SECONDS = 60
TEXT = "Kore.ai rejects the credentials"


async def served() -> Mapping[str, Any]:
    return {"mode": "HTTP"}


async def good() -> list[CheckResult]:
    return [passed("Kore.ai", "a call succeeds")]


async def denied() -> list[CheckResult]:
    return [failed("Kore.ai", TEXT, "Check KORE_CLIENT_ID.")]


async def silent() -> list[CheckResult]:
    await asyncio.Event().wait()
    raise AssertionError


async def broken() -> list[CheckResult]:
    raise KeyError


def lines(caplog: pytest.LogCaptureFixture, message: str) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == message]


async def until_logged(caplog: pytest.LogCaptureFixture, message: str) -> None:
    async with asyncio.timeout(HANGS_AFTER_SECONDS):
        while not lines(caplog, message):  # noqa: ASYNC110 - a log line sets no Event
            await asyncio.sleep(0)


@pytest.mark.parametrize(("check", "said"), [(good, "ok"), (denied, TEXT), (silent, ready.NOT_YET)])
async def test_ready_line_says_what_is_served_and_what_kore_answered(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, check: Any, said: str
) -> None:
    monkeypatch.setattr(ready, "KORE_WITHIN_SECONDS", 0.01)
    health = Health()
    health.phase = ""
    with caplog.at_level(logging.INFO):
        async with ready.announced(health, served, check):
            await until_logged(caplog, "Ready")
    (line,) = lines(caplog, "Ready")
    assert (line["mode"], line["kore"]) == ("HTTP", said)


async def test_each_application_that_kore_refuses_is_logged(
    caplog: pytest.LogCaptureFixture, mocker: MockerFixture
) -> None:
    kore = {name: mocker.create_autospec(KoreClient, instance=True) for name in ("production", "staging", "test")}
    for name in ("production", "test"):
        kore[name].list_page.side_effect = KoreAuthError("Kore.ai rejects it.", cause=Cause.CREDENTIALS)
    health = Health()
    health.phase = ""
    with caplog.at_level(logging.INFO):
        async with ready.announced(health, served, partial(check_each, kore)):
            await until_logged(caplog, "Ready")
    assert [line["check"] for line in lines(caplog, "Check failed")] == ["Kore.ai production", "Kore.ai test"]
    (line,) = lines(caplog, "Ready")
    assert line["kore"] == f"Kore.ai production: {TEXT}; Kore.ai test: {TEXT}"


async def test_bot_that_is_not_ready_announces_nothing(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "LOOK_AGAIN_SECONDS", 0)
    health, asked = Health(), asyncio.Event()
    health.phase = ""

    async def socket() -> str:
        asked.set()
        return "" if asked_twice else "Slack's socket is not connected"

    asked_twice: list[bool] = []
    health.needs(socket)
    with caplog.at_level(logging.INFO):
        async with ready.announced(health, served, good):
            async with asyncio.timeout(HANGS_AFTER_SECONDS):
                await asked.wait()
            assert lines(caplog, "Ready") == []
            asked_twice.append(True)
            await until_logged(caplog, "Ready")
    assert len(lines(caplog, "Ready")) == 1


async def test_check_that_breaks_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    health = Health()
    health.phase = ""
    async with ready.announced(health, served, broken):
        await until_logged(caplog, "Checks at the start failed")


async def test_served_channels_are_named_once_and_people_are_counted_as_far_as_slack_says() -> None:
    policy = Policy(
        requesters=("U0ALICE",), approvers=("S0APPROVE",), approvals_channel="C0APPROVALS",
        ops_rooms=("C0APPROVALS", "C0OPS"),
    )  # fmt: skip
    identity = AuthorizeResult(team_id="T0", team="Sandbox", enterprise_id=None, user="campaign_delete")
    async with answering({"S0APPROVE": FAILING}) as client:
        found = await ready.served_by(SlackDirectory(client, Workspace("T0")), policy, identity)
    assert found == {
        "bot": "@campaign_delete", "workspace": "Sandbox (T0)", "channels": "C0APPROVALS,C0OPS", "requesters": 1,
    }  # fmt: skip
