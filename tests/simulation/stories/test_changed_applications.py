"""Applications that change after a request or an approval: nothing is deleted in another one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deletion.domain.execution_check import NOT_SERVED
from sandbox.kore.auth import SECOND
from slack_ui.parts import ids
from tests.simulation.stories.application_steps import (
    LAST_WORD,
    OWN,
    PRODUCTION,
    STAGING,
    approved_in_production,
    deleted_in_staging,
    restart,
    tables,
)
from tests.simulation.stories.home_steps import opens_home
from tests.simulation.stories.steps import CAMPAIGN, CARDS, NAME, approve
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
