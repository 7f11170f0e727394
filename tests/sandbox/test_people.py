"""What each kind of user sees and can do, and who can reach the sandbox."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.server import running
from tests.sandbox.driver import PATIENCE_SECONDS, Driver, texts


async def channels_of(driver: Driver, person: str) -> list[str]:
    return [channel["id"] for channel in (await driver.state(person))["channels"]]


async def test_user_sees_their_channels_then_the_bot(driver: Driver) -> None:
    assert await channels_of(driver, "U0GUS") == ["C0CAMPAIGNS", "D0GUS"]
    assert await channels_of(driver, "U0SAM") == ["C0SHARED", "D0SAM"]
    assert "G0PRIVATE" in await channels_of(driver, "U0ALICE")
    assert "G0PRIVATE" not in await channels_of(driver, "U0CAROL")


async def test_deactivated_users_cannot_act(driver: Driver) -> None:
    command = {"as_": "U0DORA", "channel": "D0DORA", "text": "/campaign-delete"}
    assert await driver.refused("command", **command) == "Dora Klein is deactivated and cannot act."
    await driver.post("person", user="U0DORA", deleted=False)
    assert (await driver.post("command", **command))["error"] == "dispatch_failed"


async def test_users_cannot_act_in_channels_of_others(driver: Driver) -> None:
    said = {"as_": "U0GUS", "channel": "C0OPSEMEA", "text": "hi"}
    assert await driver.refused("say", **said) == "Gus Weber is not in C0OPSEMEA."
    await driver.post("member", channel="C0OPSEMEA", user="U0GUS", in_=True)
    assert "ts" in await driver.post("say", **said)


async def test_ephemeral_message_is_visible_and_clickable_for_one_user(driver: Driver) -> None:
    await driver.call("chat.postEphemeral", channel="C0CAMPAIGNS", user="U0ALICE", text="psst")
    mine = (await driver.state("U0ALICE"))["messages"]["C0CAMPAIGNS"]
    assert [(m["text"], m["ephemeral"]) for m in mine] == [("psst", True)]
    assert texts(await driver.state("U0BOB"), "C0CAMPAIGNS") == []
    click = {"channel": "C0CAMPAIGNS", "ts": mine[0]["ts"], "block_id": "b", "action_id": "a"}
    assert "no such message" in await driver.refused("click", as_="U0BOB", **click)


async def test_parent_counts_its_replies(driver: Driver) -> None:
    ts = (await driver.call("chat.postMessage", channel="C0CAMPAIGNS", text="parent"))["ts"]
    await driver.post("say", as_="U0BOB", channel="C0CAMPAIGNS", text="child", thread_ts=ts)
    parent, child = (await driver.state("U0ALICE"))["messages"]["C0CAMPAIGNS"]
    assert (parent["reply_count"], child["thread_ts"]) == (1, ts)


async def test_removed_bot_cannot_post(driver: Driver) -> None:
    await driver.post("member", channel="C0OPSEMEA", user="U0BOT", in_=False)
    assert await driver.error("chat.postMessage", channel="C0OPSEMEA", text="x") == "not_in_channel"


async def test_missing_field_is_named(driver: Driver) -> None:
    assert await driver.refused("say", as_="U0BOB", text="x") == "The field 'channel' is missing."
    assert "no such flag" in await driver.refused("person", user="U0BOB", is_wizard=True)
    assert "no person" in await driver.refused("home", as_="U0BOT")


async def test_event_follows_each_visible_change(driver: Driver) -> None:
    async with driver.client.stream("GET", "/sandbox/events?as=U0CAROL") as stream, asyncio.timeout(PATIENCE_SECONDS):
        lines = stream.aiter_lines()
        assert await next_version(lines) == driver.sandbox.slack.workspace.version
        await driver.post("say", as_="U0BOB", channel="G0PRIVATE", text="not for Carol")
        await driver.post("say", as_="U0BOB", channel="C0CAMPAIGNS", text="for all")
        assert await next_version(lines) == driver.sandbox.slack.workspace.version


async def test_stream_without_a_user_follows_every_change(driver: Driver) -> None:
    async with driver.client.stream("GET", "/sandbox/events") as stream, asyncio.timeout(PATIENCE_SECONDS):
        lines = stream.aiter_lines()
        assert await next_version(lines) == driver.sandbox.slack.workspace.version
        for person in ("U0BOB", "U0ALICE"):
            await driver.post("say", as_=person, channel="G0PRIVATE", text="not for all")
            assert await next_version(lines) == driver.sandbox.slack.workspace.version


async def next_version(lines: AsyncIterator[str]) -> int:
    line = await anext(lines)
    while not line.startswith("data: "):
        line = await anext(lines)
    return int(json.loads(line.removeprefix("data: "))["version"])


async def test_reset_restores_the_seed(driver: Driver) -> None:
    await driver.call("chat.postMessage", channel="C0CAMPAIGNS", text="x")
    await driver.post("member", channel="C0CAMPAIGNS", user="U0BOT", in_=False)
    await driver.post("reset")
    state = await driver.state("U0ALICE")
    assert state["messages"]["C0CAMPAIGNS"] == []
    assert state["channels"][0]["bot_is_member"] is True


async def test_requests_of_other_web_sites_are_rejected(driver: Driver) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}):
        for path in ("/", "/sandbox/people"):
            assert (await driver.client.get(path, headers=headers)).status_code == httpx.codes.FORBIDDEN
    own = {"Origin": driver.sandbox.url}
    assert (await driver.client.get("/sandbox/people", headers=own)).status_code == httpx.codes.OK


async def test_only_loopback_hosts_are_accepted() -> None:
    with pytest.raises(ValueError, match="loopback only"):
        async with running(host="0.0.0.0"):  # noqa: S104 - it must be refused
            pass
