"""Errors of the Web API by Slack's names, and the forms of its answers."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from sandbox.slack import posting_rate
from tests.sandbox.driver import Driver, client_of

HELLO = {"channel": "C0CAMPAIGNS", "text": "hello"}


async def test_token_must_be_present_known_and_of_the_right_kind(driver: Driver) -> None:
    assert await driver.error("auth.test", token="") == "not_authed"
    assert await driver.error("auth.test", token="xoxb-other") == "invalid_auth"
    assert await driver.error("auth.test", token="xapp-sandbox") == "not_allowed_token_type"
    assert await driver.error("apps.connections.open") == "not_allowed_token_type"
    assert (await driver.call("auth.test"))["user_id"] == "U0BOT"


async def test_token_and_blocks_in_a_form_or_a_query(driver: Driver) -> None:
    form = {"token": "xoxb-sandbox", "channel": "C0CAMPAIGNS", "blocks": '[{"type": "divider"}]'}
    posted = (await driver.client.post("/api/chat.postMessage", data=form)).json()
    assert posted["message"]["blocks"][0]["type"] == "divider"
    query = {"token": "xoxb-sandbox", "user": "U0BOB"}
    assert (await driver.client.get("/api/users.info", params=query)).json()["user"]["name"] == "bob"


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.nothing", {}, "unknown_method"),
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "G0PRIVATE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0CAMPAIGNS", "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": "C0CAMPAIGNS", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0CAMPAIGNS", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "C0CAMPAIGNS", "blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
        ("chat.update", {"channel": "C0CAMPAIGNS", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0CAMPAIGNS", "ts": "1.1"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "C0CAMPAIGNS", "message_ts": "1.1"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "C0SHARED", "user": "U0DAN", "text": "x"}, "user_not_in_channel"),
        ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
        ("conversations.members", {"channel": "C0CAMPAIGNS", "cursor": "x"}, "invalid_cursor"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": "U0DORA"}, "user_disabled"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    ],
)  # fmt: skip
async def test_errors_have_slacks_names(driver: Driver, method: str, args: dict[str, Any], error: str) -> None:
    assert await driver.error(method, **args) == error


async def test_archived_channel_refuses_messages(driver: Driver) -> None:
    driver.sandbox.slack.workspace.channels["C0CAMPAIGNS"]["is_archived"] = True
    assert await driver.error("chat.postMessage", **HELLO) == "is_archived"


async def test_bot_can_update_only_its_own_messages(driver: Driver) -> None:
    said = await driver.post("say", as_="U0BOB", channel="C0CAMPAIGNS", text="mine")
    where = {"channel": "C0CAMPAIGNS", "ts": said["ts"]}
    assert await driver.error("chat.update", **where, text="x") == "cant_update_message"
    assert await driver.error("chat.delete", **where) == "cant_delete_message"


async def test_update_without_blocks_keeps_the_blocks(driver: Driver) -> None:
    posted = await driver.call("chat.postMessage", **HELLO, blocks=[{"type": "divider", "block_id": "line"}])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    changed = await driver.call("chat.update", **where, text="other")
    assert (changed["text"], changed["message"]["blocks"]) == (
        "other", [{"type": "divider", "block_id": "line"}],
    )  # fmt: skip
    assert (await driver.call("chat.update", **where, text="x", blocks=[]))["message"]["blocks"] == []
    assert await driver.error("chat.update", **where, text="x" * 4_001) == "msg_too_long"


async def test_user_id_as_channel_is_the_direct_message(driver: Driver) -> None:
    posted = await driver.call("chat.postMessage", channel="U0ALICE", text="psst")
    assert posted["channel"] == "D0ALICE"
    opened = await driver.call("conversations.open", users="U0ALICE")
    assert opened["channel"]["id"] == "D0ALICE"
    assert "D0ALICE" not in (await driver.state("U0BOB"))["messages"]


async def test_channel_has_membership_and_sharing_flags(driver: Driver) -> None:
    random = (await driver.call("conversations.info", channel="C0RANDOM"))["channel"]
    shared = (await driver.call("conversations.info", channel="C0SHARED"))["channel"]
    assert (random["is_member"], random["is_ext_shared"]) == (False, False)
    assert (shared["is_member"], shared["is_ext_shared"]) == (True, True)


async def test_lists_are_paginated(driver: Driver) -> None:
    page = await driver.call("conversations.members", channel="C0RANDOM", limit=3)
    rest = await driver.call(
        "conversations.members", channel="C0RANDOM", limit=3, cursor=page["response_metadata"]["next_cursor"]
    )
    assert page["members"] + rest["members"] == ["U0ALICE", "U0BOB", "U0CAROL", "U0DAN"]
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_users_have_slacks_role_flags(driver: Driver) -> None:
    found = {name: (await driver.call("users.info", user=name))["user"] for name in ("U0GUS", "U0SAM", "U0DORA")}
    assert found["U0GUS"]["is_ultra_restricted"] is True
    assert (found["U0SAM"]["team_id"], found["U0SAM"]["is_stranger"]) == ("T0PARTNER", False)
    assert found["U0DORA"]["deleted"] is True
    assert "is_restricted" not in found["U0DORA"]
    await driver.post("member", channel="C0SHARED", user="U0BOT", in_=False)
    assert (await driver.call("users.info", user="U0SAM"))["user"]["is_stranger"] is True


async def test_user_group_omits_deactivated_users(driver: Driver) -> None:
    await driver.post("person", user="U0CAROL", deleted=True)
    assert (await driver.call("usergroups.users.list", usergroup="S0APPROVE"))["users"] == ["U0BOB"]
    groups = (await driver.call("usergroups.list", include_users=True))["usergroups"]
    assert [group["handle"] for group in groups] == ["campaign-requesters", "campaign-approvers"]


async def test_posting_rate_is_limited_per_channel(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting_rate, "time", SimpleNamespace(monotonic=lambda: 1_000.0))
    answers = [await driver.call("chat.postMessage", **HELLO) for _ in range(25)]
    assert [answer.get("error") for answer in answers].count("ratelimited") == 5
    assert (await driver.call("chat.postMessage", channel="C0OPSEMEA", text="x"))["ok"] is True


async def test_missing_scope_is_named(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yml"
    manifest.write_text("oauth_config: {scopes: {bot: [chat:write, channels:read]}}", encoding="utf-8")
    async with running(manifest=manifest) as sandbox, client_of(sandbox) as client:
        driver = Driver(sandbox, client)
        answer = await driver.call("users.info", user="U0BOB")
        assert answer == {
            "ok": False, "error": "missing_scope", "needed": "users:read", "provided": "channels:read,chat:write"
        }  # fmt: skip
        assert (await driver.call("conversations.info", channel="C0CAMPAIGNS"))["ok"] is True
        assert (await driver.call("conversations.info", channel="D0BOB"))["needed"] == "im:read"


async def test_rate_limit_has_retry_after(driver: Driver) -> None:
    fault = {"target": "slack", "operation": "users.info", "kind": "rate_limit", "retry_after_seconds": 7}
    await driver.post("faults", **fault)
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    limited = await driver.client.get("/api/users.info?user=U0BOB", headers=headers)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    assert (await driver.call("users.info", user="U0BOB"))["ok"] is True


async def test_fault_affects_one_method_a_number_of_times(driver: Driver, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("slack", "chat.postMessage", "error", error="fatal_error"))
    sandbox.faults.add(Fault("slack", "chat.postMessage", "status", status=503))
    assert await driver.error("chat.postMessage", **HELLO) == "fatal_error"
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    assert (await driver.client.post("/api/chat.postMessage", json=HELLO, headers=headers)).status_code == 503
    assert (await driver.call("chat.postMessage", **HELLO))["ok"] is True


@pytest.mark.parametrize(("kind", "posted"), [("reset", 0), ("lost_answer", 1)])
async def test_connection_can_break_before_or_after_the_post(
    driver: Driver, sandbox: Sandbox, kind: Any, posted: int
) -> None:
    sandbox.faults.add(Fault("slack", "chat.postMessage", kind))
    with pytest.raises(httpx.RemoteProtocolError):
        await driver.call("chat.postMessage", **HELLO)
    assert len((await driver.state("U0BOB"))["messages"]["C0CAMPAIGNS"]) == posted
    assert sandbox.traffic.after()[0]["status"] == "reset"


async def test_traffic_contains_no_token(driver: Driver, sandbox: Sandbox) -> None:
    form = {"token": "xoxb-sandbox", "user": "U0BOB"}
    await driver.client.post("/api/users.info", data=form)
    await driver.call("users.info", user="U0BOB")
    assert [row["what"] for row in sandbox.traffic.after()] == ["users.info", "users.info"]
    assert "xoxb" not in str(sandbox.traffic.after())


async def test_traffic_shows_answers_as_they_were_sent(driver: Driver, sandbox: Sandbox) -> None:
    posted = await driver.call("chat.postMessage", **HELLO)
    await driver.call("chat.update", channel="C0CAMPAIGNS", ts=posted["ts"], text="edited")
    assert [row["response"]["message"]["text"] for row in sandbox.traffic.after()] == ["hello", "edited"]


async def test_every_call_takes_the_configured_latency(driver: Driver) -> None:
    await driver.post("latency", slack=150)
    started = asyncio.get_running_loop().time()
    await driver.call("api.test")
    assert asyncio.get_running_loop().time() - started >= 0.15
