"""Which deletions offer a rebuild: the last one of a campaign, while nothing else is open."""

from typing import Any

import pytest

from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.stores import archive_writes
from slack_ui.parts import ids
from tests.simulation.stories.rebuild_steps import NOTICED_WITHIN_SECONDS, SETTINGS, deleted, simple_campaign
from tests.simulation.stories.steps import CARDS, approve, buttons, campaigns_of, click, rebuild, same
from tests.stories.conftest import World
from tests.stories.person import REASON, Person, eventually, shown


@pytest.fixture
def settings() -> dict[str, str]:
    return {"KORE_API_VERSION": "v2", **SETTINGS}


async def test_messages_of_a_rebuilt_deletion_name_the_new_campaign_and_offer_no_second_rebuild(world: World) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    alice, carol = world.person("U0ALICE", CARDS), world.person("U0CAROL")
    assert not await rebuild(alice, card)
    assert not await approve(carol, await carol.reads("to be rebuilt.", CARDS), "Update")
    await carol.reads("was rebuilt", CARDS)
    (made,) = await campaigns_of(world, "Outage Update")

    told = await carol.reads(f"as `…{made['_id'][-4:]}`", CARDS)
    assert told["ts"] == card["ts"]
    assert not buttons(told)
    await world.person("U0ALICE").reads("Rebuilt <!date", "D0ALICE")
    origin = await world.person("U0ALICE").reads("`Outage Update` was deleted.")
    assert "Rebuilt <!date" in origin["text"]
    assert not buttons(origin)


async def loses_buttons(person: Person, card: dict[str, Any]) -> None:
    async def look() -> bool:
        return any(found["ts"] == card["ts"] and not buttons(found) for found in await person.messages(CARDS))

    await eventually(look, "the card without buttons")


async def asked_again(world: World, campaign_id: str) -> dict[str, Any]:
    """Let the deleted campaign be there again, unnoticed, and return the card of the next request to delete it."""
    await world.outlast(NOTICED_WITHIN_SECONDS)
    await world.campaign(campaign_id, deleted=False)
    alice = world.person("U0ALICE")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), "Outage Update")
    return await alice.reads("`Outage Update` is waiting for approval to be deleted.", CARDS)


async def test_only_the_last_deletion_of_a_campaign_can_be_rebuilt(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, alice = await deleted(world, campaign_id, "Outage Update"), world.person("U0ALICE", CARDS)
    card = await asked_again(world, campaign_id)
    assert not await approve(world.person("U0BOB"), card, "Update")
    last = await same(alice, card, "was deleted.")
    assert buttons(last) == {ids.REBUILD_BUTTON}

    await click(alice, first, ids.REBUILD_BUTTON)

    said = shown(await alice.modal(ids.NOTICE_VIEW, "was there again. Another request ended <!date"))
    assert f"{CARDS}/p{last['ts'].replace('.', '')}" in said
    await loses_buttons(alice, first)
    assert not await rebuild(alice, last)
    asked = await alice.reads("is waiting for approval to be rebuilt.", CARDS)
    assert not await approve(world.person("U0CAROL"), asked, "Update")
    await same(alice, last, "Rebuilt <!date")
    origin, *_ = await alice.messages("C0CAMPAIGNS")
    await click(alice, origin, ids.REBUILD_BUTTON, "C0CAMPAIGNS")
    await alice.modal(ids.NOTICE_VIEW, "`Outage Update` was rebuilt <!date")
    assert len(await campaigns_of(world, "Outage Update")) == 1


async def test_form_of_a_rebuild_records_nothing_once_the_campaign_was_deleted_again(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, bob = await deleted(world, campaign_id, "Outage Update"), world.person("U0BOB", CARDS)
    await click(bob, first, ids.REBUILD_BUTTON)
    view = await bob.modal(ids.REBUILD_VIEW)
    card = await asked_again(world, campaign_id)
    assert not await approve(world.person("U0CAROL"), card, "Update")
    await same(bob, card, "was deleted.")

    await bob.does("modal/submit", view_id=view["id"], values={ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}})

    await bob.modal(ids.NOTICE_VIEW, "was there again. Another request ended <!date")
    assert not [message for message in await bob.messages(CARDS) if "to be rebuilt" in message["text"]]


async def test_form_of_a_rebuild_names_the_open_request_to_delete_the_campaign(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, bob = await deleted(world, campaign_id, "Outage Update"), world.person("U0BOB", CARDS)
    await click(bob, first, ids.REBUILD_BUTTON)
    view = await bob.modal(ids.REBUILD_VIEW)
    await asked_again(world, campaign_id)

    await bob.does("modal/submit", view_id=view["id"], values={ids.REASON_BLOCK: {ids.REASON_INPUT: REASON}})

    said = shown(await bob.modal(ids.NOTICE_VIEW, "is waiting for approval to be deleted. Nothing new was recorded."))
    assert "rebuild was already requested" not in said


async def test_rebuild_is_not_offered_while_a_request_to_delete_the_campaign_is_open(world: World) -> None:
    campaign_id = await simple_campaign(world)
    first, bob = await deleted(world, campaign_id, "Outage Update"), world.person("U0BOB", CARDS)
    await asked_again(world, campaign_id)

    await click(bob, first, ids.REBUILD_BUTTON)

    await bob.modal(ids.NOTICE_VIEW, "is waiting for approval to be deleted. Nothing new was recorded.")


async def test_card_whose_archive_was_purged_loses_its_button_at_a_click(world: World) -> None:
    card = await deleted(world, await simple_campaign(world), "Outage Update")
    await world.outlast(NOTICED_WITHIN_SECONDS)  # no update of the card is due any more
    alice, engine = world.person("U0ALICE", CARDS), world.open_engine()
    purged = Entry(at=now(), event="archive purged", actor_id="operator", surface="test")
    assert await archive_writes.purge(engine, now(), purged)
    await engine.dispose()

    await click(alice, card, ids.REBUILD_BUTTON)

    await alice.modal(ids.NOTICE_VIEW, "`Outage Update`: The archive has no copy of it.")
    await loses_buttons(alice, card)
