"""The picker: all campaigns, from the command or the shortcut, and the guard against similar names."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import SEEDED, SPRING, chooses, end_of, options, picker, suggested
from tests.stories.conftest import World
from tests.stories.person import shown

SUPPORT = SEEDED["Interactive Support SMS Campaign"]
CHANNEL = "C0CAMPAIGNS"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2"}


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
