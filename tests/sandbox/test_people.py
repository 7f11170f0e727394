"""Who sees and does what: guests, strangers, the deactivated; and who may drive the sandbox at all."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.server import running
from tests.sandbox.driver import Driver, texts


async def channels_of(driver: Driver, person: str) -> list[str]:
    return [channel["id"] for channel in (await driver.state(person))["channels"]]


async def test_each_person_sees_their_channels_and_then_the_bot(driver: Driver) -> None:
    assert await channels_of(driver, "U0GUS") == ["C0CAMPAIGNS", "D0GUS"]
    assert await channels_of(driver, "U0SAM") == ["C0SHARED", "D0SAM"]
    assert "G0PRIVATE" in await channels_of(driver, "U0ALICE")
    assert "G0PRIVATE" not in await channels_of(driver, "U0CAROL")


async def test_the_deactivated_cannot_act(driver: Driver) -> None:
    command = {"as_": "U0DORA", "channel": "D0DORA", "text": "/campaign-delete"}
    assert await driver.refused("command", **command) == "Dora Klein is deactivated and cannot act."
    await driver.post("person", user="U0DORA", deleted=False)
    assert (await driver.post("command", **command))["error"] == "dispatch_failed"


async def test_nobody_acts_in_a_channel_they_are_not_in(driver: Driver) -> None:
    said = {"as_": "U0GUS", "channel": "C0OPSEMEA", "text": "hi"}
    assert await driver.refused("say", **said) == "Gus Weber is not in C0OPSEMEA."
    await driver.post("member", channel="C0OPSEMEA", user="U0GUS", in_=True)
    assert "ts" in await driver.post("say", **said)


async def test_an_ephemeral_is_seen_and_clicked_by_one_person_only(driver: Driver) -> None:
    await driver.call("chat.postEphemeral", channel="C0CAMPAIGNS", user="U0ALICE", text="psst")
    mine = (await driver.state("U0ALICE"))["messages"]["C0CAMPAIGNS"]
    assert [(m["text"], m["ephemeral"]) for m in mine] == [("psst", True)]
    assert texts(await driver.state("U0BOB"), "C0CAMPAIGNS") == []
    click = {"channel": "C0CAMPAIGNS", "ts": mine[0]["ts"], "block_id": "b", "action_id": "a"}
    assert "no such message" in await driver.refused("click", as_="U0BOB", **click)


async def test_replies_are_counted_on_their_parent(driver: Driver) -> None:
    ts = (await driver.call("chat.postMessage", channel="C0CAMPAIGNS", text="parent"))["ts"]
    await driver.post("say", as_="U0BOB", channel="C0CAMPAIGNS", text="child", thread_ts=ts)
    parent, child = (await driver.state("U0ALICE"))["messages"]["C0CAMPAIGNS"]
    assert (parent["reply_count"], child["thread_ts"]) == (1, ts)


async def test_a_bot_that_was_removed_can_no_longer_post(driver: Driver) -> None:
    await driver.post("member", channel="C0OPSEMEA", user="U0BOT", in_=False)
    assert await driver.error("chat.postMessage", channel="C0OPSEMEA", text="x") == "not_in_channel"


async def test_what_is_missing_is_named(driver: Driver) -> None:
    assert await driver.refused("say", as_="U0BOB", text="x") == "The field 'channel' is missing."
    assert "no such flag" in await driver.refused("person", user="U0BOB", is_wizard=True)
    assert "no person" in await driver.refused("home", as_="U0BOT")


async def test_events_tell_of_a_change_that_this_person_sees(driver: Driver) -> None:
    async with driver.client.stream("GET", "/sandbox/events?as=U0CAROL") as stream, asyncio.timeout(5):
        lines = stream.aiter_lines()
        assert await next_version(lines) == driver.sandbox.slack.workspace.version
        await driver.post("say", as_="U0BOB", channel="G0PRIVATE", text="not for Carol")
        await driver.post("say", as_="U0BOB", channel="C0CAMPAIGNS", text="for all")
        assert await next_version(lines) == driver.sandbox.slack.workspace.version


async def next_version(lines: AsyncIterator[str]) -> int:
    line = await anext(lines)
    while not line.startswith("data: "):
        line = await anext(lines)
    return int(json.loads(line.removeprefix("data: "))["version"])


async def test_a_reset_brings_everything_back(driver: Driver) -> None:
    await driver.call("chat.postMessage", channel="C0CAMPAIGNS", text="x")
    await driver.post("member", channel="C0CAMPAIGNS", user="U0BOT", in_=False)
    await driver.post("reset")
    state = await driver.state("U0ALICE")
    assert state["messages"]["C0CAMPAIGNS"] == []
    assert state["channels"][0]["bot_is_member"] is True


async def test_another_web_site_cannot_drive_the_sandbox(driver: Driver) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}):
        for path in ("/", "/sandbox/people"):
            assert (await driver.client.get(path, headers=headers)).status_code == httpx.codes.FORBIDDEN
    own = {"Origin": driver.sandbox.url}
    assert (await driver.client.get("/sandbox/people", headers=own)).status_code == httpx.codes.OK


async def test_only_this_machine_can_reach_it() -> None:
    with pytest.raises(ValueError, match="loopback only"):
        async with running(host="0.0.0.0"):  # noqa: S104 - that it is refused is the point
            pass
