"""``status`` and ``history``: private, paged, and for listed users only."""

import re
from typing import Any

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.steps import CARDS, NAME, buttons, ephemerals, request_deletion, types
from tests.simulation.stories.stored_requests import OLD_CAMPAIGN, long_ago
from tests.stories.conftest import World
from tests.stories.person import Person, eventually, shown

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST"}
NOT_ON_A_LIST = ") can look up requests."


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


async def turns(person: Person, answer: dict[str, Any], button: str) -> dict[str, Any]:
    """Press a page button and return the reply that replaces this one."""
    where = {"channel": person.channel, "ts": answer["ts"], "block_id": ids.PAGER_BLOCK, "action_id": button}
    assert (await person.does("click", **where))["delivered"]

    async def look() -> dict[str, Any] | None:
        found = next(message for message in await ephemerals(person) if message["ts"] == answer["ts"])
        return found if found["text"] != answer["text"] else None

    changed: dict[str, Any] = await eventually(look, "another page")
    return changed


def names(answer: dict[str, Any]) -> list[str]:
    return re.findall(r"Old campaign \d+", answer["text"])


async def test_status_shows_card_content_in_any_channel(world: World) -> None:
    campaign = await world.fresh_campaign()
    card, bob = await request_deletion(world, campaign), world.person("U0BOB")
    link = f"https://sandbox.slack.com/archives/{CARDS}/p{card['ts'].replace('.', '')}"

    for asked in (campaign, link, f"*{NAME}*".strip("*")):
        answer = await types(bob, f"status {asked}", "C0RANDOM")
        assert answer["text"].startswith(
            f"`{NAME}` is waiting for approval to be deleted. Requested by <@U0ALICE>. 0 of 1 approvals."
        )
        assert f"<{link}|approval card>" in answer["text"]
        assert f"<{link}|approval card>" in shown(answer["blocks"])
        assert "|original message>" in answer["text"]
        assert not buttons(answer)
    request_id = re.findall(r"Request `([0-9a-f]{32})`", answer["text"])[0]
    by_request_id = await types(bob, f"status {request_id[:8]}")
    assert by_request_id["text"].startswith(f"`{NAME}` is waiting for approval to be deleted.")


async def test_status_does_not_pass_the_first_matches_off_as_all(world: World) -> None:
    bob = world.person("U0BOB")
    await long_ago(world, 11)
    answer = await types(bob, "status Old campaign")
    assert (len(set(names(answer))), strings.lookup_and_home.MORE_FOUND in answer["text"]) == (10, True)
    await long_ago(world, 10)
    answer = await types(bob, "status Old campaign")
    assert (len(set(names(answer))), strings.lookup_and_home.MORE_FOUND in answer["text"]) == (10, False)


async def test_status_without_argument_lists_open_requests(world: World) -> None:
    campaign = await world.fresh_campaign()
    await request_deletion(world, campaign)
    answer = await types(world.person("U0CAROL"), "status")
    assert answer["text"].startswith(strings.lookup_and_home.OPEN_NOW)
    assert f"`{NAME}` is waiting for approval to be deleted. `{campaign}`. Requested by <@U0ALICE>" in answer["text"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("status cd-00000000-f98e-5f4f-ad41-92803abb0001", "There is no request for"),
        ("status no such name", "I found no matching request."),
        ("status 0123456789", "I found no matching request."),
        (
            f"status https://sandbox.slack.com/archives/{CARDS}/p1000000000000000",
            "That message doesn't belong to a request",
        ),
        ("history nonsense", "I don't understand `nonsense`."),
        ("history @carol", "There are no requests by <@U0CAROL>."),
    ],
)
async def test_missing_request_is_reported_with_next_step(world: World, asked: str, said: str) -> None:
    answer = await types(world.person("U0ALICE"), asked)
    assert answer["text"].startswith(said)
    assert shown(answer["blocks"]).count(said) == 1


async def test_history_pages_replace_each_other(world: World) -> None:
    await long_ago(world, 25)
    alice = world.person("U0ALICE")
    first = await types(alice, "history @bob", "C0RANDOM")
    assert first["text"].startswith("*Requests by <@U0BOB>*, newest first.")
    assert names(first) == [f"Old campaign {number}" for number in range(24, 14, -1)]
    assert buttons(first) == {ids.OLDER_BUTTON}

    second = await turns(alice, first, ids.OLDER_BUTTON)
    assert names(second) == [f"Old campaign {number}" for number in range(14, 4, -1)]
    assert buttons(second) == {ids.NEWER_BUTTON, ids.OLDER_BUTTON}
    last = await turns(alice, second, ids.OLDER_BUTTON)
    assert names(last) == [f"Old campaign {number}" for number in range(4, -1, -1)]
    assert buttons(last) == {ids.NEWER_BUTTON}
    assert names(await turns(alice, last, ids.NEWER_BUTTON)) == names(second)


async def test_history_filters_by_time_and_campaign(world: World) -> None:
    await long_ago(world, 25)
    bob = world.person("U0BOB")
    assert names(await types(bob, f"history {OLD_CAMPAIGN} 4d")) == [
        "Old campaign 24",
        "Old campaign 23",
        "Old campaign 22",
    ]
    assert names(await types(bob, "history me 2w"))[:1] == ["Old campaign 24"]
    answer = await types(bob, f"status {OLD_CAMPAIGN}")
    assert answer["text"].startswith("`Old campaign 24` was not deleted: the request was rejected.")
    assert f"There are earlier requests for this campaign: `/campaign-delete history {OLD_CAMPAIGN}`." in answer["text"]


async def test_lookups_require_listed_user_at_every_page(world: World) -> None:
    await long_ago(world, 25)
    dan, alice = world.person("U0DAN"), world.person("U0ALICE")
    for asked in ("status", f"status {OLD_CAMPAIGN}", "history", "history me"):
        answer = await types(dan, asked)
        assert NOT_ON_A_LIST in answer["text"]
        assert not names(answer)
    await types(dan, "help")
    await dan.reads_privately("/campaign-delete status", dan.channel)

    first = await types(alice, "history")
    await world.api.post("/sandbox/group", json={"group": "S0REQUEST", "user": "U0ALICE", "in": False})
    denied = await turns(alice, first, ids.OLDER_BUTTON)
    assert NOT_ON_A_LIST in denied["text"]
    assert not names(denied)


async def test_report_is_private_and_counts_the_period(world: World) -> None:
    alice = world.person("U0ALICE")
    await request_deletion(world, await world.fresh_campaign())

    told = (await types(alice, "report 7d"))["text"]
    assert ": 1" in told
    assert "Awaiting approval: 1." in told
    assert (await types(alice, "report 2w"))["text"].startswith("*Requests from")
    assert "how far to look back" in (await types(alice, "report yesterday"))["text"]
    assert "at most 400 days" in (await types(alice, "report 900d"))["text"]
