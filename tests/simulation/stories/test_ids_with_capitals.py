"""A typed id finds its campaign, however Kore.ai and the user write it, and never another one."""

import pytest

from deletion.domain.policy import Refusal
from slack_ui import strings
from slack_ui.parts import ids
from slack_ui.strings import hold
from tests.simulation.stories.picker_steps import picker
from tests.simulation.stories.steps import NAME, types
from tests.simulation.stories.stop_steps import asks_to_stop
from tests.stories.conftest import World

WRITTEN = "cd-3AEFDA80-F98E-5f4f-AD41-92803ABB7777"
TWIN = WRITTEN.lower()


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE"}


async def listed(world: World, *campaign_ids: str) -> None:
    """Let Kore.ai have campaigns with these ids, and the bot know its list."""
    for number, campaign_id in enumerate(campaign_ids, start=1):
        fields = {"name": f"{NAME} {number}", "status": "Stopped"}
        await world.campaign(campaign_id, **fields)
    await picker(world.person("U0ALICE"), containing="campaigns in Kore.ai's list, as of")


@pytest.mark.parametrize("typed", [WRITTEN, WRITTEN.lower(), WRITTEN.upper()])
async def test_id_that_kore_writes_with_capitals_is_found(world: World, typed: str) -> None:
    await listed(world, WRITTEN)
    alice = world.person("U0ALICE")
    assert WRITTEN in str(await alice.asks_to_delete(typed))
    await alice.types(f"{ids.COMMAND} many {typed}")
    view = await alice.modal(ids.LIST_PICKER_VIEW)
    chosen = [block["element"]["initial_options"] for block in view["blocks"] if block["type"] == "input"]
    assert [option["value"] for option in chosen[0]] == [WRITTEN]


async def test_status_finds_an_id_with_capitals(world: World) -> None:
    await listed(world, WRITTEN)
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(WRITTEN), f"{NAME} 1", id_end="7777")
    for asked in ("status", "history"):
        assert f"{NAME} 1" in (await types(world.person("U0BOB"), f"{asked} {WRITTEN}"))["text"]


async def test_hold_names_the_campaign_whose_id_has_capitals(world: World) -> None:
    await listed(world, WRITTEN)
    said = (await types(world.person("U0BOB"), f"hold {WRITTEN} Legal asked to keep it"))["text"]
    assert said.startswith(f"`{NAME} 1` is on hold.")
    assert hold.NOT_LISTED not in said


async def test_campaign_whose_id_has_capitals_can_be_stopped(world: World) -> None:
    await listed(world, WRITTEN)
    await world.api.post(f"/sandbox/kore/campaigns/{WRITTEN}/send", json={"per_minute": 600})
    assert f"{NAME} 1" in str(await asks_to_stop(world.person("U0ALICE"), WRITTEN))


async def test_id_of_a_campaign_that_the_list_lacks_confirms_no_other_one(world: World) -> None:
    """The form is of the only listed campaign whose id is the same but for capitals."""
    await listed(world, WRITTEN)
    await world.campaign(TWIN, name=f"{NAME} 2", status="Stopped")
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(TWIN)
    assert WRITTEN in str(view)

    errors = await alice.submits(view, TWIN, id_end="7777")

    assert errors == {ids.PHRASE_BLOCK: f"Only capitals differ. Type exactly: {WRITTEN}"}
    assert not await world.person("U0BOB").messages("C0APPROVALS")


async def test_ids_that_differ_only_in_capitals_are_two_campaigns(world: World) -> None:
    await listed(world, WRITTEN, TWIN)
    alice = world.person("U0ALICE")
    for campaign_id, name in ((WRITTEN, f"{NAME} 1"), (TWIN, f"{NAME} 2")):
        view = await alice.asks_to_delete(campaign_id)
        assert [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"] == [name]
    await alice.types(f"{ids.COMMAND} {WRITTEN} {TWIN}")
    await alice.modal(ids.NOTICE_VIEW, strings.command.SEVERAL_IDS[0])
    await alice.types(f"{ids.COMMAND} {WRITTEN.upper()}")
    await alice.modal(ids.NOTICE_VIEW, strings.refusals.REFUSALS[Refusal.NOT_FOUND][0])
