"""``status`` with a link to a message of a list, or with the list's id, answers about the whole list."""

import pytest

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import approves_many, campaigns, card_says, requests_many, rows
from tests.simulation.stories.steps import CARDS, buttons, freezes, types
from tests.stories.conftest import World
from tests.stories.person import shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "S0REQUEST", "UNDO_WINDOW": "2s"}


def link_to(ts: str, channel: str = CARDS) -> str:
    return f"https://sandbox.slack.com/archives/{channel}/p{ts.replace('.', '')}"


async def test_link_to_a_message_of_a_list_shows_its_progress_and_decision(world: World) -> None:
    alice, bob, made = world.person("U0ALICE"), world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    origin = await alice.reads("3 campaigns are waiting for approval", "C0CAMPAIGNS")
    await world.fault("kore", "delete", "status", status=403)
    await approves_many(bob, card, 3)
    await card_says(bob, card, "The deletion of a list is paused.")
    line = next(each for each in await bob.messages(CARDS) if "It was not deleted." in each["text"])

    for link in (link_to(card["ts"]), link_to(origin["ts"], "C0CAMPAIGNS"), link_to(line["ts"])):
        answer = await types(bob, f"status {link}", "C0RANDOM")
        assert answer["text"].startswith("The deletion of a list is paused. 0 of 3 deleted, 1 not deleted, 2 waiting.")
        for said in (answer["text"], shown(answer["blocks"])):
            assert "Requested by <@U0ALICE>. 1 of 1 approvals: <@U0BOB>." in said
            assert f"<{link_to(card['ts'])}|approval card>" in said
            assert "the requester or an approver continues or stops the rest" in said
        assert list(rows(answer).values()) == ["Not deleted", "Waiting", "Waiting"]
        assert not buttons(answer)


async def test_id_of_a_list_shows_the_list_and_the_id_of_a_campaign_shows_its_request(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 3)
    card = await requests_many(world, list(made.values()))
    by_link = await types(bob, f"status {link_to(card['ts'])}")
    list_id = by_link["text"].partition("List `")[2].partition("`")[0]
    assert list_id in shown(by_link["blocks"])

    whole = await types(bob, f"status {list_id[:8]}")
    one = await types(bob, f"status {next(iter(made.values()))}")

    assert whole["text"].startswith("3 campaigns are waiting for approval to be deleted.")
    assert set(rows(whole).values()) == {"Awaits approval"}
    assert one["text"].startswith("`Otter rettO farewell` is waiting for approval to be deleted.")
    assert f"Campaign 1 of list `{list_id[:8]}`." in one["text"]


async def test_status_of_a_list_shows_a_freeze(world: World) -> None:
    bob, made = world.person("U0BOB"), await campaigns(world, 2)
    card = await requests_many(world, list(made.values()))
    await freezes(bob)

    answer = await types(bob, f"status {link_to(card['ts'])}")

    assert answer["text"].startswith("2 campaigns are waiting for approval to be deleted.")
    for said in (answer["text"], shown(answer["blocks"])):
        assert "Frozen by <@U0BOB>" in said
    assert ids.LIST_APPROVE_BUTTON not in buttons(answer)
