"""Two Kore.ai applications in one bot: each request reaches only its own, and says which one that is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deletion.domain.approvals.denial import Denial
from sandbox.kore.auth import SECOND
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.application_steps import (
    LAST_WORD,
    PRODUCTION,
    STAGING,
    WAITING,
    approved_in_production,
    deleted_in_staging,
    restart,
    tables,
)
from tests.simulation.stories.home_steps import opens_home
from tests.simulation.stories.picker_steps import chooses, options
from tests.simulation.stories.steps import CAMPAIGN, CARDS, NAME, approve, types
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import shown


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "applications.toml"
    path.write_text(tables())
    return path


@pytest.fixture
async def world(file: Path) -> AsyncIterator[SimulatedWorld]:
    given = {"KORE_APPS_FILE": str(file), "STAGING_SECRET": SECOND.client_secret}
    async with open_simulated_world(**given) as world:
        yield world


async def test_request_deletes_only_in_the_application_of_its_channel(world: SimulatedWorld) -> None:
    alice = world.person("U0ALICE", STAGING)
    view = await alice.asks_to_delete(CAMPAIGN)
    assert view["blocks"][0]["text"]["text"] == "staging"

    assert not await alice.submits(view, NAME)

    message = await alice.reads(f"`{NAME}` was deleted.")
    assert message["text"].startswith(f"staging · `{NAME}`")
    assert f"staging · {NAME}" in shown(message["blocks"][0])
    assert deleted_in_staging(world) == [CAMPAIGN]
    assert await world.deletes() == []


async def test_same_campaign_id_is_requested_in_both_applications_at_once(world: SimulatedWorld) -> None:
    alice = await approved_in_production(world)
    again = world.person("U0ALICE", STAGING)

    assert not await again.submits(await again.asks_to_delete(CAMPAIGN), NAME)

    await again.reads("was deleted.")
    assert "will be deleted" in (await alice.messages())[-1]["text"]
    assert await world.deletes() == []


async def test_status_of_an_id_answers_about_the_campaign_of_each_application(world: SimulatedWorld) -> None:
    alice = await approved_in_production(world)
    again = world.person("U0ALICE", STAGING)
    assert not await again.submits(await again.asks_to_delete(CAMPAIGN), NAME)
    await again.reads("was deleted.")

    said = (await types(alice, f"status {CAMPAIGN}", PRODUCTION))["text"]

    assert f"production · `{NAME}` will be deleted" in said
    assert f"staging · `{NAME}` was deleted" in said
    assert "earlier requests for this campaign" not in said


async def test_production_is_deleted_after_approval_and_told_in_its_rooms(world: SimulatedWorld, file: Path) -> None:
    alice = await approved_in_production(world)
    await restart(world, file, tables())

    await alice.reads(f"production · `{NAME}` was deleted.")
    await world.person("U0BOB").reads(f"production · `{NAME}` was deleted.", "C0OPSEMEA")
    assert await world.deletes() == [CAMPAIGN]
    assert deleted_in_staging(world) == []


async def test_command_in_another_channel_lists_the_channels_of_each_application(world: SimulatedWorld) -> None:
    alice = world.person("U0ALICE", CARDS)
    for text in (CAMPAIGN, "", "spring", "help"):
        await alice.types(f"{ids.COMMAND} {text}")
        where = f"{strings.applications.NO_APPLICATION}\n*production*: <#{PRODUCTION}>\n*staging*: <#{STAGING}>"
        await alice.reads_privately(where, CARDS)
    assert await world.calls("get") == []


async def test_help_names_the_application_and_the_rooms_of_every_application_for_a_freeze(
    world: SimulatedWorld,
) -> None:
    alice = world.person("U0ALICE", STAGING)
    await alice.types(f"{ids.COMMAND} help")
    await alice.reads_privately("staging · ", STAGING)
    await alice.reads_privately(f"<#{CARDS}>, <#C0OPSEMEA>", STAGING)


async def test_name_of_production_is_typed_by_requester_and_approver(world: SimulatedWorld) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB", CARDS)
    view = await alice.asks_to_delete(CAMPAIGN)
    for phrase in (NAME, CAMPAIGN, f"staging {NAME}", f"Production {NAME}", "production", "production staging"):
        assert set(await alice.submits(view, phrase)) == {ids.PHRASE_BLOCK}, phrase
    capitals = await alice.submits(view, f"production {NAME.lower()}")
    assert capitals == {ids.PHRASE_BLOCK: f"Only capitals differ. Type exactly: production {NAME}"}
    assert not await alice.submits(view, f"production {CAMPAIGN}")
    card = await bob.reads(WAITING)
    wrong = await approve(bob, card, LAST_WORD)
    assert wrong == {ids.PHRASE_BLOCK: "This is production. Type production first, then the last word of its name, or "
                     "the last 4 characters of its ID."}  # fmt: skip


async def test_home_offers_each_application_and_names_it_on_each_request(world: SimulatedWorld) -> None:
    alice = await approved_in_production(world)
    view = await opens_home(alice, "production · Interactive…t SMS Campaign")
    found = [element for block in view["blocks"] for element in block.get("elements", []) if "value" in element]
    offers = {each["value"]: each["text"]["text"] for each in found if each["action_id"] == ids.HOME_FIND_BUTTON}
    assert offers == {name: f"{name} · {strings.lookup_and_home.HOME_FIND}" for name in ("production", "staging")}
    assert "staging · Requests are not frozen. Deletions approved in the last hour: 0" in shown(view)
    assert "production · Requests are not frozen. Deletions approved in the last hour: 1" in shown(view)


async def test_picker_shows_the_campaigns_of_its_application_alone(world: SimulatedWorld) -> None:
    world.sandbox.kore.second.memory.put("cd-3aefda80-f98e-5f4f-ad41-92803abb00aa", {"name": "Only in staging"})
    found = {}
    for channel in (STAGING, PRODUCTION):
        alice = world.person("U0ALICE", channel)
        await alice.types(ids.COMMAND)
        view = await alice.modal(ids.PICKER_VIEW, "list, as of")
        found[view["blocks"][0]["text"]["text"]] = len(await options(alice, view, "only in staging"))
    assert found["staging"] == 1
    assert found["production"] == 0


async def test_picked_channel_must_be_of_the_application(world: SimulatedWorld) -> None:
    """The Home's picker has no channel of a command, so the user chooses one."""
    alice = world.person("U0ALICE")
    home = await opens_home(alice)
    _, row = [block for block in home["blocks"] if ids.HOME_FIND_BUTTON in str(block)]
    where = {"view_id": home["id"], "block_id": row["block_id"], "action_id": ids.HOME_FIND_BUTTON}
    assert (await alice.does("modal/action", **where))["delivered"]
    view = await alice.modal(ids.PICKER_VIEW)
    said = await chooses(alice, view, CAMPAIGN, PRODUCTION)
    assert said["errors"] == {ids.ROOM_BLOCK: strings.picker.ROOM_WRONG[Denial.OTHER_APPLICATION]}
