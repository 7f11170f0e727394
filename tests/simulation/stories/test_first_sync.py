"""Finding a campaign while the list is read for the first time, or cannot be read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deletion.db.catalogue_tables import list_syncs, listed_campaigns
from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import SEEDED, chooses, end_of, options, picker
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.conftest import World
from tests.stories.person import eventually, shown

SUPPORT = SEEDED["Interactive Support SMS Campaign"]


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
