"""Kore.ai's responses and failures, and the result that the channel shows."""

from typing import Any

import pytest

from tests.hostile import check_markup
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown

NAME = "Interactive Support SMS Campaign"


async def confirm(world: World, campaign: str) -> Person:
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)
    return alice


@pytest.mark.parametrize(
    ("kind", "details", "headline", "facts"),
    [
        ("lost_answer", {}, "is gone.", ["No clear answer", "Not found, and Kore.ai has no status for it"]),
        ("still_there", {}, "may or may not have been deleted.", ["Success", "Still there"]),
        ("status", {"status": 500}, "may or may not have been deleted.", ["No clear answer; it may", "Still there"]),
        ("html", {"status": 502}, "may or may not have been deleted.", ["No clear answer; it may", "Still there"]),
        ("status", {"status": 403}, "was not deleted.", ["Refused", "Still there"]),
        (
            "error",
            {"error": "Campaign is locked"},
            "was not deleted.",
            ["Refused", "Still there", "Campaign is locked"],
        ),
        (
            "error",
            {"error": "<!channel> :white_check_mark: *was deleted*"},
            "was not deleted.",
            ["Refused", "Still there", "<!channel> :white_check_mark: *was deleted*"],
        ),
    ],
)
async def test_channel_shows_response_and_verification(  # noqa: PLR0917 - fixtures are arguments
    world: World, campaign: str, kind: str, details: dict[str, Any], headline: str, facts: list[str]
) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "delete", kind, **details)

    assert not await alice.submits(view, NAME)

    message = await alice.reads(f"`{NAME}` {headline}")
    for fact in facts:
        assert fact in shown(message["blocks"])
    check_markup(message)
    assert await world.deletes() == [campaign]


async def test_rate_limited_delete_waits_and_continues(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "delete", "rate_limit", retry_after_seconds=3)

    assert not await alice.submits(view, NAME)

    waiting = await alice.reads(
        "Kore.ai's rate limit has been reached. Next: I re-check the campaign and delete it, no earlier than <!date"
    )
    for fact in ("Refused", "exceeded the per-minute", "Until then it can be stopped"):
        assert fact in shown(waiting["blocks"])
    done = await alice.reads("was deleted.")
    assert done["ts"] == waiting["ts"]
    assert await world.deletes() == [campaign, campaign]
    calls = [call["what"] for call in await world.calls_to_kore()]
    second = len(calls) - 1 - calls[::-1].index("delete")
    assert calls[second - 1] == "get"


async def test_rate_limited_verification_waits_before_result(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "status", "rate_limit", retry_after_seconds=3)

    assert not await alice.submits(view, NAME)

    await alice.reads("Next: I check whether the campaign is gone, no earlier than <!date")
    await alice.reads("was deleted.")
    assert await world.deletes() == [campaign]


async def test_proxy_error_before_slack_only_delays_message(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("slack", "chat.postMessage", "html", status=502, times=2)

    assert not await alice.submits(view, NAME)

    await alice.reads(f"`{NAME}` was deleted.")
    assert "AttributeError" not in world.bot.log.read_text()


async def test_unclear_verification_is_reported_as_unknown(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "status", "status", status=401, times=None)

    assert not await alice.submits(view, NAME)

    message = await alice.reads("may or may not have been deleted.")
    assert "Kore.ai gave no clear answer" in shown(message["blocks"])
    assert "deleted successfully" in shown(message["blocks"])


async def test_campaign_changed_after_preview_is_not_deleted(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.campaign(campaign, status="Active", contactLists=["VIP customers"])

    assert not await alice.submits(view, NAME)

    message = await alice.reads("it has changed since the request.")
    assert "Status: was Stopped, now Active" in shown(message["blocks"])
    assert "Contact lists: was Renewal Due - May/June 2025, now VIP customers" in shown(message["blocks"])
    assert not await world.deletes()


async def test_unreadable_campaign_before_delete_sends_no_delete(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "get", "status", status=503, times=None)

    assert not await alice.submits(view, NAME)

    assert "No delete was sent" in shown((await alice.reads("was not deleted."))["blocks"])
    assert not await world.deletes()


async def test_unreachable_ops_channel_is_named_in_result(world: World, campaign: str) -> None:
    await world.api.post("/sandbox/member", json={"channel": "C0OPSAMER", "user": "U0BOT", "in": False})
    alice = await confirm(world, campaign)
    assert "I couldn't post this in <#C0OPSAMER>" in shown((await alice.reads("C0OPSAMER"))["blocks"])


async def test_requester_gets_direct_message_if_channel_is_unreachable(world: World, campaign: str) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(campaign)
    await world.fault("kore", "delete", "delay", delay_ms=1_000)

    assert not await alice.submits(view, NAME)
    await world.api.post("/sandbox/member", json={"channel": "C0CAMPAIGNS", "user": "U0BOT", "in": False})

    message = await alice.reads("was deleted.", "D0ALICE")
    assert "I couldn't post this in <#C0CAMPAIGNS>" in shown(message["blocks"])


async def test_message_refused_by_slack_for_a_while_arrives_once(world: World) -> None:
    alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
    view = await alice.asks_to_delete(campaign)
    await world.fault("slack", "chat.postMessage", "rate_limit", times=2, retry_after_seconds=1)
    assert not await alice.submits(view, NAME)

    async def told() -> int:
        return sum(campaign in shown(message["blocks"]) for message in await alice.messages() if message["blocks"])

    await eventually(told, "the outcome")
    await world.outlast(2)
    assert await told() == 1
