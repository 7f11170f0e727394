"""Finding a campaign: picker, command with words, shortcut, and the guard against similar names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deletion.db.catalogue_tables import list_syncs, listed_campaigns
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.list_steps import creates
from tests.simulation.stories.picker_steps import SEEDED, SPRING, chooses, options, picker, suggested
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

SUPPORT = SEEDED["Interactive Support SMS Campaign"]
CHANNEL = "C0CAMPAIGNS"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2"}


@asynccontextmanager
async def before_the_first_sync(world: SimulatedWorld) -> AsyncIterator[None]:
    """Stop the bot for the block, and start it on an empty database, because it syncs the list when it starts."""
    assert await world.bot.stop() == 0
    await world.api.delete("/sandbox/traffic")
    engine = world.open_engine()
    async with engine.begin() as connection:
        await connection.execute(listed_campaigns.delete())
        await connection.execute(list_syncs.delete())
    await engine.dispose()
    yield
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


def end_of(name: str) -> str:
    return f"{name} · …{SEEDED[name][-4:]}"


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


async def test_bare_command_searches_all_campaigns_and_opens_summary(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")

    assert await options(alice, view, "intractive suport") == [end_of("Interactive Support SMS Campaign")]
    assert end_of("Interactive Support SMS Campaign") in await options(alice, view, SUPPORT[-4:])
    await chooses(alice, view, SUPPORT)

    summary = await alice.modal(ids.CONFIRM_VIEW, SUPPORT)
    assert summary["id"] == view["id"]
    assert not await alice.submits(summary, "Interactive Support SMS Campaign")
    await alice.reads("`Interactive Support SMS Campaign` was deleted.")


async def test_deletable_campaigns_are_listed_first_and_others_with_reason(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")

    groups = (await suggested(alice, view, ""))["option_groups"]

    assert [group["label"]["text"] for group in groups] == [
        strings.picker.MAY_BE_DELETED,
        strings.picker.MAY_BE_STOPPED,
        strings.picker.MAY_NOT_BE_DELETED,
    ]
    said = {option["value"]: option["description"]["text"] for group in groups[1:] for option in group["options"]}
    assert said[SEEDED["Billing Alert Template"]].startswith("Active, is stopped first · updated ")
    assert said[SEEDED["Delivery Feedback Survey"]].startswith("Rerun, can't be deleted now · updated ")
    assert said[SEEDED["Product Feedback Voice Campaign"]].startswith("Voice campaign, can't be deleted here")
    await chooses(alice, view, SEEDED["Delivery Feedback Survey"])
    await alice.modal(ids.NOTICE_VIEW, "Bring it to one of these in Kore.ai's console first")


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


async def test_shortcut_asks_for_channel_and_refuses_one_without_bot(world: World) -> None:
    alice = world.person("U0ALICE")
    assert (await alice.does("shortcut", callback_id=ids.FIND_SHORTCUT))["delivered"]
    view = await alice.modal(ids.PICKER_VIEW, "campaigns in Kore.ai's list, as of")

    wrong = await chooses(alice, view, SUPPORT, room="C0RANDOM")
    assert wrong["errors"] == {ids.ROOM_BLOCK: strings.picker.ROOM_WRONG["bot not in the channel"]}  # type: ignore[index]  # its value
    assert ids.ROOM_BLOCK in (await chooses(alice, view, SUPPORT))["errors"]
    await chooses(alice, view, SUPPORT, room=CHANNEL)

    assert not await alice.submits(await alice.modal(ids.CONFIRM_VIEW, SUPPORT), "Interactive Support SMS Campaign")
    await alice.reads("`Interactive Support SMS Campaign` was deleted.", CHANNEL)


async def test_non_requester_gets_no_campaign_list(world: World) -> None:
    alice, dan = world.person("U0ALICE"), world.person("U0DAN")
    view = await picker(alice)
    shortcut = dan.does("shortcut", callback_id=ids.FIND_SHORTCUT)
    for reach in (dan.types(ids.COMMAND), dan.types(f"{ids.COMMAND} spring"), shortcut):
        await reach
        await dan.modal(ids.NOTICE_VIEW, "Only requesters can request deletions: <")
        await dan.does("modal/close", view_id=(await dan.sees())["views"][-1]["id"])
    await world.fault("slack", "usergroups.users.list", "error", error="no_such_subteam", times=None)
    await chooses(alice, view, SUPPORT)
    await alice.modal(ids.NOTICE_VIEW, "Only requesters can request deletions: <")


async def test_end_of_id_is_required_for_similar_names(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(SPRING)
    said = shown(view["blocks"])
    assert "*2 other campaigns have nearly the same name*" in said
    for twin in ("Spring Sale Reminder ", "Spring Sale Remlnder"):
        assert f"`…{SEEDED[twin][-4:]}`" in said

    for typed in ("", SEEDED["Spring Sale Reminder "][-4:]):
        errors = await alice.submits(view, "Spring Sale Reminder", id_end=typed)
        assert set(errors) == {ids.ID_END_BLOCK}
    assert not await alice.submits(view, "Spring Sale Reminder", id_end=SPRING[-4:].upper())
    await alice.reads("`Spring Sale Reminder` was deleted.")
    assert await world.deletes() == [SPRING]


async def test_whole_id_is_required_where_a_similar_name_has_the_same_end_of_the_id(world: World) -> None:
    alice, twin = world.person("U0ALICE"), f"cd-0badcafe{SPRING[11:]}"
    stored = next(each for each in (await world.api.get("/sandbox/kore/campaigns")).json() if each["_id"] == SPRING)
    await world.campaign(twin, **{name: stored[name] for name in stored if name not in ("_id", "id", "deleted")})
    await world.outlast(120)  # the cached list has it

    view = await alice.asks_to_delete(SPRING)

    assert f"`{twin}`" in shown(view["blocks"])
    errors = await alice.submits(view, "Spring Sale Reminder", id_end=SPRING[-4:])
    assert "same end" in errors[ids.ID_END_BLOCK]
    assert set(await alice.submits(view, "Spring Sale Reminder", id_end=twin)) == {ids.ID_END_BLOCK}
    assert not await alice.submits(view, "Spring Sale Reminder", id_end=SPRING)
    await alice.reads("`Spring Sale Reminder` was deleted.")
    assert await world.deletes() == [SPRING]


async def test_cached_list_is_searched_during_sync_and_chosen_campaign_is_reread(
    world: World,
) -> None:
    alice = world.person("U0ALICE")
    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")
    await world.campaign(SUPPORT, name="Renamed Meanwhile", status="Rerun")
    asked = len(await world.calls("list"))

    assert await options(alice, view, "interactive support") == [end_of("Interactive Support SMS Campaign")]
    await chooses(alice, view, SUPPORT)

    refused = await alice.modal(ids.NOTICE_VIEW, "Its status is Rerun.")
    assert "Renamed Meanwhile" in shown(refused)
    assert len(await world.calls("list")) == asked, "not twice within a minute"


async def test_picker_shows_progress_of_first_sync_and_updates() -> None:
    many = {f"cd-{n:08x}-f98e-5f4f-ad41-92803abb0000": {"name": f"Campaign {n}"} for n in range(250)}
    async with open_simulated_world() as world:
        async with before_the_first_sync(world):
            assert (await world.api.put("/sandbox/kore/campaigns", json=many)).is_success
            await world.fault("kore", "list", "delay", delay_ms=0, times=2)
            await world.fault("kore", "list", "delay", delay_ms=10_000, times=1)
        alice = world.person("U0ALICE")

        view = await picker(alice, "campaign 249", "195 of about 280 campaigns loaded so far")
        assert "None of the campaigns loaded so far matches" in shown(view["blocks"])
        whole = await alice.modal(ids.PICKER_VIEW, "283 campaigns in Kore.ai's list, as of")
        assert "One campaign matches* `campaign 249`" in shown(whole)
        assert (await options(alice, whole, ""))[0] == "Campaign 249 · …0000"


async def test_unreadable_list_is_reported_and_end_of_id_is_required() -> None:
    async with open_simulated_world(KORE_API_VERSION="v2") as world:
        async with before_the_first_sync(world):
            await world.fault("kore", "list", "status", status=503, times=None)
        alice = world.person("U0ALICE")
        view = await picker(alice, containing="I can't read Kore.ai's campaign list right now")
        assert await options(alice, view, "spring") == []

        summary = await alice.asks_to_delete(SUPPORT)

        assert "I couldn't check" in shown(summary["blocks"])
        assert set(await alice.submits(summary, "Interactive Support SMS Campaign", id_end="")) == {ids.ID_END_BLOCK}
        await world.api.delete("/sandbox/faults")
        assert not await alice.submits(summary, "Interactive Support SMS Campaign", id_end=SUPPORT[-4:])
        await alice.reads("`Interactive Support SMS Campaign` was deleted.")


async def test_subcommand_is_not_a_search(world: World) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} help")
    await alice.reads_privately("Search all campaigns")


async def test_picker_update_does_not_replace_next_view() -> None:
    many = {f"cd-{n:08x}-f98e-5f4f-ad41-92803abb0000": {"name": f"Campaign {n}"} for n in range(250)}
    async with open_simulated_world(KORE_API_VERSION="v2") as world:
        async with before_the_first_sync(world):
            assert (await world.api.put("/sandbox/kore/campaigns", json=many)).is_success
            await world.fault("kore", "list", "delay", delay_ms=0, times=1)
            await world.fault("kore", "list", "delay", delay_ms=10_000, times=1)
        alice = world.person("U0ALICE")
        view = await picker(alice, containing="campaigns loaded so far")
        await chooses(alice, view, SUPPORT)
        await alice.modal(ids.CONFIRM_VIEW, "Other campaigns may have nearly the same name")

        async def read_on() -> bool:
            return len(await world.calls("list")) >= 4

        await eventually(read_on, "the whole list read")
        await world.outlast(3)
        assert (await alice.sees())["views"][-1]["callback_id"] == ids.CONFIRM_VIEW
