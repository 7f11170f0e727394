"""Two Kore.ai applications in one bot: each request reaches only its own, and says which one that is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deletion.domain.approvals.denial import Denial
from deletion.domain.execution_check import NOT_SERVED
from sandbox.kore.auth import FIRST, SECOND
from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.home_steps import opens_home
from tests.simulation.stories.picker_steps import chooses, options
from tests.simulation.stories.steps import CAMPAIGN, CARDS, NAME, approve, types
from tests.simulation.stories.stored_requests import end_undo_window
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import Person, eventually, shown

PRODUCTION, STAGING = "C0CAMPAIGNS", "C0OPSAMER"
WAITING = "is waiting for approval to be deleted."
LAST_WORD = NAME.rpartition(" ")[2]
OWN = {
    "production": f"""
kore_app_id = "{FIRST.app_id}"
kore_account_id = "{FIRST.account_id}"
kore_client_id = "{FIRST.client_id}"
kore_client_secret = {{ env = "KORE_CLIENT_SECRET" }}
kore_calls_per_minute = 120
""",
    "staging": f"""
kore_app_id = "{SECOND.app_id}"
kore_account_id = "{SECOND.account_id}"
kore_client_id = "{SECOND.client_id}"
kore_client_secret = {{ env = "STAGING_SECRET" }}
""",
}


def tables(**own: str) -> str:
    """Return the file; ``own`` are the accounts by name."""
    own = own or OWN
    return f"""
[production]
channels = ["{PRODUCTION}"]
confirm_with_name = true
approvals_required = 1
ops_rooms = ["C0OPSEMEA"]
undo_window = "1h"
{own["production"]}

[staging]
channels = ["{STAGING}"]
ops_rooms = []
undo_window = 0
{own["staging"]}
"""


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


def deleted_in_staging(world: SimulatedWorld) -> list[str]:
    return [delete["campaign_id"] for delete in world.sandbox.kore.second.memory.deletes]


def write(file: Path, text: str) -> None:
    file.write_text(text)


async def restart(world: SimulatedWorld, file: Path, text: str) -> None:
    """Restart the bot with another file, after the end of every undo window."""
    await world.bot.stop()
    await end_undo_window(world)
    write(file, text)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


async def approved_in_production(world: SimulatedWorld) -> Person:
    """Return the requester of a request that waits for the end of its undo window."""
    alice, bob = world.person("U0ALICE"), world.person("U0BOB", CARDS)
    assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), f"production {NAME}")
    assert not await approve(bob, await bob.reads(WAITING), f"production {LAST_WORD}")
    await alice.reads("will be deleted")
    return alice


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


@pytest.mark.parametrize("own", [{"production": OWN["staging"], "staging": OWN["production"]}])
async def test_accounts_swapped_after_the_approval_delete_nothing(
    world: SimulatedWorld, file: Path, own: dict[str, str]
) -> None:
    alice = await approved_in_production(world)
    await restart(world, file, tables(**own))

    ended = await alice.reads(f"production · `{NAME}` was not deleted.")

    assert "for another Kore.ai account" in shown(ended["blocks"])
    assert await world.deletes() == []
    assert deleted_in_staging(world) == []


async def test_names_swapped_after_the_approval_delete_nothing(world: SimulatedWorld, file: Path) -> None:
    """The account is the same and its rule is another's, so the approval was not for this."""
    alice = await approved_in_production(world)
    swapped = tables().replace("[production]", "[x]").replace("[staging]", "[production]").replace("[x]", "[staging]")
    await restart(world, file, swapped)

    await alice.reads(f"production · `{NAME}` was not deleted.")

    assert await world.deletes() == []
    assert deleted_in_staging(world) == []


async def test_form_of_a_channel_that_went_to_another_application_records_nothing(
    world: SimulatedWorld, file: Path
) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(CAMPAIGN)
    swapped = tables().replace(PRODUCTION, "X").replace(STAGING, PRODUCTION).replace("X", STAGING)
    await restart(world, file, swapped)

    await alice.submits(view, f"production {NAME}")

    said = await alice.modal(ids.NOTICE_VIEW)
    assert f"Campaigns of production are requested in its own channels: <#{STAGING}>." in shown(said)
    assert [await world.deletes(), deleted_in_staging(world)] == [[], []]


async def test_request_of_an_application_that_left_the_settings_ends_without_a_call(
    world: SimulatedWorld, file: Path
) -> None:
    alice = await approved_in_production(world)
    card = await world.person("U0BOB", CARDS).reads(NAME)
    renamed = tables().replace("[production]", "[prod]")
    await restart(world, file, renamed)

    ended = await alice.reads(f"production · `{NAME}` was not deleted.")

    assert NOT_SERVED in shown(ended["blocks"])
    assert card["ts"] == (await world.person("U0BOB", CARDS).reads("was not deleted."))["ts"]
    assert await world.deletes() == []


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


async def test_practice_of_named_applications_is_typed_executed_and_closed_under_names_of_its_own(
    world: SimulatedWorld, file: Path
) -> None:
    real = await approved_in_production(world)
    world.bot.settings["PRACTICE"] = "on"
    await restart(world, file, tables().replace('undo_window = "1h"', "undo_window = 0"))
    alice, bob = world.person("U0ALICE"), world.person("U0BOB", CARDS)
    view = await alice.asks_to_delete(CAMPAIGN)
    assert set(await alice.submits(view, f"production {NAME}")) == {ids.PHRASE_BLOCK}

    assert not await alice.submits(view, f"practice-production {NAME}")
    card = await bob.reads("is waiting for approval, in practice.")
    assert not await approve(bob, card, f"practice-production {LAST_WORD}")

    done = await alice.reads("would have been deleted")
    assert done["text"].startswith(f"practice-production · `{NAME}`")
    assert "practice-staging · " in shown(await opens_home(alice, "practice-production · "))
    assert await world.deletes() == []
    world.bot.settings["PRACTICE"] = "off"
    await restart(world, file, tables())
    await real.reads(f"production · `{NAME}` was deleted.")
    assert await world.deletes() == [CAMPAIGN]
