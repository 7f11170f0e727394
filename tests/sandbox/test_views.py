"""Triggers, hashes, stacks and external ids of views."""

from typing import Any

import pytest

from sandbox.server import Sandbox
from tests.sandbox.driver import Driver
from tests.sandbox.small_bot import modal, plain, section

VIEW = modal(section("one"))
FIELD = {"type": "input", "block_id": "f", "label": plain("F"),
         "element": {"type": "plain_text_input", "action_id": "a", "min_length": 3, "max_length": 5}}  # fmt: skip


async def opened(driver: Driver, view: dict[str, Any] = VIEW, person: str = "U0ALICE") -> dict[str, Any]:
    answer = await driver.call("views.open", trigger_id=driver.trigger(person), view=view)
    assert answer["ok"] is True, answer
    return dict(answer["view"])


async def test_trigger_works_once(driver: Driver) -> None:
    trigger_id = driver.trigger()
    assert (await driver.call("views.open", trigger_id=trigger_id, view=VIEW))["ok"] is True
    assert await driver.error("views.open", trigger_id=trigger_id, view=VIEW) == "exchanged_trigger_id"
    assert await driver.error("views.open", trigger_id="1.2.x", view=VIEW) == "invalid_trigger_id"


async def test_trigger_expires(driver: Driver, sandbox: Sandbox) -> None:
    trigger_id = driver.trigger()
    sandbox.slack.workspace.triggers.lifetime_seconds = 0
    assert await driver.error("views.open", trigger_id=trigger_id, view=VIEW) == "expired_trigger_id"


async def test_refused_view_does_not_use_up_the_trigger(driver: Driver) -> None:
    trigger_id = driver.trigger()
    assert await driver.error("views.open", trigger_id=trigger_id, view={"type": "modal"}) == "invalid_arguments"
    assert (await driver.call("views.open", trigger_id=trigger_id, view=VIEW))["ok"] is True


async def test_update_with_a_stale_hash_is_refused(driver: Driver) -> None:
    view = await opened(driver)
    fresh = {"view_id": view["id"], "hash": view["hash"], "view": VIEW}
    assert (await driver.call("views.update", **fresh))["ok"] is True
    assert await driver.error("views.update", **fresh) == "hash_conflict"


async def test_closed_view_is_not_found(driver: Driver) -> None:
    view = await opened(driver)
    await driver.post("modal/close", as_="U0ALICE", view_id=view["id"])
    assert await driver.error("views.update", view_id=view["id"], view=VIEW) == "not_found"


async def test_external_id_finds_the_view_and_is_unique(driver: Driver) -> None:
    named = {**VIEW, "external_id": "mine"}
    view = await opened(driver, named)
    assert (await driver.call("views.update", external_id="mine", view=named))["view"]["id"] == view["id"]
    again = {"trigger_id": driver.trigger("U0BOB"), "view": named}
    assert await driver.error("views.open", **again) == "duplicate_external_id"


async def test_stack_holds_three_linked_views(driver: Driver) -> None:
    root = await opened(driver)
    second = (await driver.call("views.push", trigger_id=driver.trigger(), view=VIEW))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    await driver.call("views.push", trigger_id=driver.trigger(), view=VIEW)
    assert await driver.error("views.push", trigger_id=driver.trigger(), view=VIEW) == "push_limit_reached"
    top = (await driver.state("U0ALICE"))["views"][-1]["id"]
    await driver.post("modal/close", as_="U0ALICE", view_id=top, all=True)
    assert (await driver.state("U0ALICE"))["views"] == []


async def test_each_user_has_a_stack(driver: Driver) -> None:
    view = await opened(driver)
    assert (await driver.state("U0BOB"))["views"] == []
    assert "not open" in await driver.refused("modal/close", as_="U0BOB", view_id=view["id"])


async def test_client_validates_fields_without_the_bot(driver: Driver, sandbox: Sandbox) -> None:
    view = await opened(driver, modal(FIELD, submit=plain("Go")))
    form = {"as_": "U0ALICE", "view_id": view["id"]}
    for word, sentence in (("", "required"), ("ab", "at least 3"), ("abcdef", "at most 5")):
        errors = (await driver.post("modal/submit", **form, values={"f": {"a": word}}))["errors"]
        assert sentence in errors["f"]
    assert [row["direction"] for row in sandbox.traffic.after()] == ["to_slack"]
    sent = await driver.post("modal/submit", **form, values={"f": {"a": "abc"}})
    assert sent == {"delivered": False, "error": "dispatch_failed"}


async def test_update_keeps_the_input_of_unchanged_fields(driver: Driver) -> None:
    view = await opened(driver, modal(FIELD, submit=plain("Go")))
    target = {"as_": "U0ALICE", "view_id": view["id"], "block_id": "f", "action_id": "a", "value": "typed"}
    assert await driver.post("modal/action", **target) == {"delivered": True}
    other = modal(section("new"), FIELD, submit=plain("Go"))
    kept = await driver.call("views.update", view_id=view["id"], view=other)
    assert kept["view"]["state"]["values"]["f"]["a"]["value"] == "typed"
    gone = await driver.call("views.update", view_id=view["id"], view=VIEW)
    assert gone["view"]["state"]["values"] == {}


async def test_home_is_published_to_one_user(driver: Driver) -> None:
    home = {"type": "home", "blocks": [section("hi")]}
    first = (await driver.call("views.publish", user_id="U0ALICE", view=home))["view"]
    again = await driver.call("views.publish", user_id="U0ALICE", view=home, hash=first["hash"])
    assert again["view"]["id"] == first["id"]
    stale = {"user_id": "U0ALICE", "view": home, "hash": first["hash"]}
    assert await driver.error("views.publish", **stale) == "hash_conflict"
    assert await driver.error("views.publish", user_id="U0NOBODY", view=home) == "user_not_found"


@pytest.mark.parametrize("missing", ["trigger_id", "view"])
async def test_missing_argument_is_an_invalid_argument(driver: Driver, missing: str) -> None:
    args: dict[str, Any] = {"trigger_id": driver.trigger(), "view": VIEW}
    del args[missing]
    answer = await driver.call("views.open", **args)
    assert answer["error"] == "invalid_arguments"
    assert f"json-pointer:/{missing}" in answer["response_metadata"]["messages"][0]


async def test_trigger_from_outside_a_modal_starts_a_new_stack(driver: Driver) -> None:
    await opened(driver)
    second = await opened(driver)
    assert [view["id"] for view in (await driver.state("U0ALICE"))["views"]] == [second["id"]]


async def test_closing_a_view_can_clear_the_stack(driver: Driver) -> None:
    await opened(driver)
    last = {**VIEW, "clear_on_close": True}
    pushed = (await driver.call("views.push", trigger_id=driver.trigger(), view=last))["view"]
    await driver.post("modal/close", as_="U0ALICE", view_id=pushed["id"])
    assert (await driver.state("U0ALICE"))["views"] == []
