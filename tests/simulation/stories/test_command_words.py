"""The command with words: one campaign, several, or none, and words that are no search."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import creates
from tests.simulation.stories.picker_steps import SEEDED, SPRING, end_of, options, picker, suggested
from tests.stories.conftest import World
from tests.stories.person import shown

SUPPORT = SEEDED["Interactive Support SMS Campaign"]


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2"}


async def test_typed_text_is_read_as_it_was_meant(world: World) -> None:
    alice = world.person("U0ALICE")
    for typed in (f"<{SUPPORT}>", f"id: *{SUPPORT.upper()}*.", f"https://platform.kore.ai/campaign/{SUPPORT}?tab=1"):
        form = await alice.asks_to_delete(typed)
        errors = await alice.submits(form, "Interactive Suport SMS Campaign")
        assert "“Suport”" in errors[ids.PHRASE_BLOCK]
        errors = await alice.submits(form, "interactive support SMS Campaign")
        assert errors[ids.PHRASE_BLOCK].startswith("Only capitals differ.")
        await alice.does("modal/close", view_id=form["id"], all=True)
    await alice.types(f"{ids.COMMAND} {SUPPORT} {SPRING}")
    await alice.modal(ids.NOTICE_VIEW, strings.command.SEVERAL_IDS[1])

    await alice.types(f"{ids.COMMAND} delete spring reminder")
    said = await alice.reads("Did you mean `/campaign-delete spring reminder`?")
    button = {"block_id": ids.BUTTONS_BLOCK, "action_id": ids.SEARCH_WORDS_BUTTON}
    await alice.does("click", channel=alice.channel, ts=said["ts"], **button)
    await alice.modal(ids.PICKER_VIEW, "campaigns match* `spring reminder`")


async def test_words_matching_one_campaign_open_its_summary(world: World) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} outage zone")
    await alice.modal(ids.CONFIRM_VIEW, "Outage Update Zone 4")
    await alice.types(f"{ids.COMMAND} lead winback")
    await alice.modal(ids.CONFIRM_VIEW, "Lead Winback 2023")


async def test_words_that_only_resemble_one_name_do_not_open_its_summary(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await picker(alice, "lead winback 2024")
    assert "No campaign matches" in shown(view["blocks"])
    assert await options(alice, view, "") == [end_of("Lead Winback 2023")]


async def test_words_that_one_name_only_contains_do_not_open_its_summary(world: World) -> None:
    alice = world.person("U0ALICE")
    await creates(world, "cd-00000099-f98e-5f4f-ad41-92803abb0099", "Hedgehog zone 14")
    await world.outlast(120)  # the cached list has it

    view = await picker(alice, "hedgehog zone 4", "*One campaign matches*")
    await alice.does("modal/close", view_id=view["id"], all=True)

    for typed in ("hedgehog 14", "92803abb0099"):
        await alice.types(f"{ids.COMMAND} {typed}")
        view = await alice.modal(ids.CONFIRM_VIEW, "Hedgehog zone 14")
        await alice.does("modal/close", view_id=view["id"], all=True)


async def test_long_name_is_searched_to_its_end(world: World) -> None:
    alice, long = (
        world.person("U0ALICE"),
        "Farewell to all members who joined in spring and have not bought anything since",
    )
    long = f"{long}, by the shop in the old town of"
    await creates(world, "cd-00000099-f98e-5f4f-ad41-92803abb0099", f"{long} Graz")
    await world.outlast(120)  # the cached list has it

    await picker(alice, f"{long} Linz")
    await alice.types(f"{ids.COMMAND} many {long} Linz")
    view = await alice.modal(ids.LIST_PICKER_VIEW)
    chosen = next(block for block in view["blocks"] if block.get("block_id") == ids.CAMPAIGNS_BLOCK)["element"]
    assert not chosen.get("initial_options")

    await alice.types(f"{ids.COMMAND} {long} Graz")
    await alice.modal(ids.CONFIRM_VIEW, f"{long} Graz")


async def test_words_matching_several_campaigns_open_picker_with_matches(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await picker(alice, "spring sale", "*3 campaigns match* `spring sale`.")
    found = (await suggested(alice, view, ""))["options"]
    assert {option["value"] for option in found[:3]} == {
        SEEDED[name] for name in ("Spring Sale Reminder", "Spring Sale Reminder ", "Spring Sale Remlnder")
    }
    assert await options(alice, view, "customer") != await options(alice, view, "")


async def test_words_matching_nothing_are_shown_escaped(world: World) -> None:
    view = await picker(world.person("U0ALICE"), "<!here> *qqqq*", "No campaign matches")
    assert "`&lt;!here&gt; *qqqq*`" in shown(view["blocks"])


async def test_subcommand_is_not_a_search(world: World) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} help")
    await alice.reads_privately("Search all campaigns")
