"""One bot through all interactions, over HTTP and over Socket Mode."""

from typing import Any

import pytest

from tests.sandbox.driver import Driver, texts

RequestView = list[dict[str, Any]]
PICKED = {"pick": {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": "Spring sale"}}}


async def open_form(driver: Driver, person: str = "U0ALICE") -> dict[str, Any]:
    sent = await driver.post("command", as_=person, channel="C0CAMPAIGNS", text="/campaign-delete spring")
    assert sent == {"delivered": True}
    state = await driver.until(person, lambda now: _top(now).get("callback_id") == "form")
    return dict(state["views"][-1])


def _top(state: dict[str, Any]) -> dict[str, Any]:
    return dict(state["views"][-1]) if state["views"] else {}


@pytest.mark.usefixtures("bot")
async def test_command_form_message_and_approval(driver: Driver) -> None:
    view = await open_form(driver)
    form = {"as_": "U0ALICE", "view_id": view["id"]}
    wrong = {"campaign": PICKED, "typed": {"word": "delete"}}
    refused = await driver.post("modal/submit", **form, values=wrong)
    assert refused == {"delivered": True, "errors": {"typed": "Type the word DELETE."}}
    assert (await driver.state("U0ALICE"))["views"][0]["errors"] == refused["errors"]

    done = await driver.post("modal/submit", **form, values={"typed": {"word": "DELETE"}})
    assert done == {"delivered": True}
    state = await driver.until("U0BOB", lambda now: bool(now["messages"]["C0CAMPAIGNS"]))
    assert texts(state, "C0CAMPAIGNS") == ["Delete Spring sale?"]
    assert (await driver.state("U0ALICE"))["views"] == []

    ts = state["messages"]["C0CAMPAIGNS"][0]["ts"]
    where = {"channel": "C0CAMPAIGNS", "ts": ts, "block_id": "decide", "action_id": "approve"}
    assert await driver.post("click", as_="U0BOB", **where) == {"delivered": True}
    state = await driver.until("U0BOB", lambda now: len(now["messages"]["C0CAMPAIGNS"]) > 1)
    assert texts(state, "C0CAMPAIGNS") == ["Approved", "Thank you"]
    assert state["messages"]["C0CAMPAIGNS"][0]["blocks"] == []
    assert texts(await driver.state("U0ALICE"), "C0CAMPAIGNS") == ["Approved"]


async def test_click_carries_user_channel_and_button_value(driver: Driver, bot: RequestView) -> None:
    view = await open_form(driver)
    values = {"campaign": PICKED, "typed": {"word": "DELETE"}}
    await driver.post("modal/submit", as_="U0ALICE", view_id=view["id"], values=values)
    state = await driver.until("U0ALICE", lambda now: bool(now["messages"]["C0CAMPAIGNS"]))
    ts = state["messages"]["C0CAMPAIGNS"][0]["ts"]
    where = {"channel": "C0CAMPAIGNS", "ts": ts, "block_id": "decide", "action_id": "approve"}
    await driver.post("click", as_="U0CAROL", **where)
    clicked = bot[-1]
    assert clicked["user"]["id"] == "U0CAROL"
    assert clicked["actions"][0]["value"] == "42"
    assert clicked["container"] == {
        "type": "message", "message_ts": ts, "channel_id": "C0CAMPAIGNS", "is_ephemeral": False
    }  # fmt: skip


async def test_submission_carries_all_fields_and_the_private_metadata(driver: Driver, bot: RequestView) -> None:
    view = await open_form(driver)
    values = {"campaign": PICKED, "typed": {"word": "x"}}
    await driver.post("modal/submit", as_="U0ALICE", view_id=view["id"], values=values)
    sent = bot[-1]["view"]
    assert sent["private_metadata"] == "kept"
    assert sent["state"]["values"]["typed"] == {"word": {"type": "plain_text_input", "value": "x"}}
    assert sent["state"]["values"]["campaign"]["pick"]["selected_option"]["value"] == "Spring sale"


@pytest.mark.usefixtures("bot")
async def test_suggestions_are_those_of_the_bot(driver: Driver) -> None:
    view = await open_form(driver)
    target = {"as_": "U0ALICE", "view_id": view["id"], "block_id": "campaign", "action_id": "pick"}
    found = await driver.post("suggest", **target, query="spring")
    assert [row["value"] for row in found["options"]] == ["Spring sale", "Spring clean"]
    asked = len(driver.sandbox.traffic.after())
    assert await driver.post("suggest", **target, query="") == {"options": [], "option_groups": []}
    assert len(driver.sandbox.traffic.after()) == asked


async def test_pushed_view_keeps_the_input_of_the_form_below(driver: Driver, bot: RequestView) -> None:
    view = await open_form(driver)
    target = {"as_": "U0ALICE", "view_id": view["id"], "block_id": "tools", "action_id": "more"}
    await driver.post("modal/action", **target, values={"typed": {"word": "DEL"}})
    state = await driver.until("U0ALICE", lambda now: len(now["views"]) == 2)
    assert bot[-1]["view"]["state"]["values"]["typed"]["word"]["value"] == "DEL"
    assert state["views"][1]["blocks"][0]["text"]["text"] == "More"
    assert "on top" in await driver.refused("modal/submit", as_="U0ALICE", view_id=view["id"], values={})


async def test_view_closed_is_sent_if_the_view_asks_for_it(driver: Driver, bot: RequestView) -> None:
    view = await open_form(driver)
    await driver.post("modal/close", as_="U0ALICE", view_id=view["id"])
    assert (bot[-1]["type"], bot[-1]["is_cleared"]) == ("view_closed", False)
    assert (await driver.state("U0ALICE"))["views"] == []


@pytest.mark.usefixtures("bot")
async def test_body_of_an_acknowledgement_is_posted_as_an_ephemeral_message(driver: Driver) -> None:
    await driver.post("command", as_="U0ALICE", channel="C0RANDOM", text="/campaign-delete quick")
    state = await driver.state("U0ALICE")
    assert [(m["text"], m["ephemeral"]) for m in state["messages"]["C0RANDOM"]] == [("At once", True)]
    assert texts(await driver.state("U0BOB"), "C0RANDOM") == []


@pytest.mark.usefixtures("bot")
async def test_home_shows_the_published_view(driver: Driver) -> None:
    assert await driver.post("home", as_="U0ALICE") == {"delivered": True}
    state = await driver.until("U0ALICE", lambda now: now["home"] is not None)
    assert state["home"]["blocks"][0]["text"]["text"] == "Welcome home"
    assert (await driver.state("U0BOB"))["home"] is None


@pytest.mark.usefixtures("bot")
async def test_global_and_message_shortcuts(driver: Driver) -> None:
    await driver.post("shortcut", as_="U0ALICE", callback_id="start")
    state = await driver.until("U0ALICE", lambda now: len(now["views"]) == 1)
    assert state["views"][0]["blocks"][0]["text"]["text"] == "From a shortcut"
    said = await driver.post("say", as_="U0BOB", channel="G0PRIVATE", text="hello")
    await driver.post("shortcut", as_="U0ALICE", callback_id="who", channel="G0PRIVATE", ts=said["ts"])
    state = await driver.until("U0ALICE", lambda now: len(now["messages"]["G0PRIVATE"]) > 1)
    assert texts(state, "G0PRIVATE") == ["hello", "Written by U0BOB"]


async def test_user_of_another_company_has_their_own_team_id(driver: Driver, bot: RequestView) -> None:
    await driver.post("command", as_="U0SAM", channel="C0SHARED", text="/campaign-delete quick")
    assert (bot[-1]["team_id"], bot[-1]["team_domain"]) == ("T0PARTNER", "partner")
