"""A form is acked in time even if its processing takes longer than Slack waits; the result follows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import SEEDED, chooses, picker
from tests.simulation.stories.steps import CARDS, NAME, click, request_deletion
from tests.stories.conftest import World
from tests.stories.person import Person, shown

LONGER_THAN_SLACK_WAITS_MS = 3_200
SLOW_MS = 2_000


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "UNDO_WINDOW": "0"}


async def approves_slowly(world: World, approver: Person, phrase: str, slow_ms: int = SLOW_MS) -> None:
    """Open the approval modal, then delay Slack's users.info until the form is late."""
    card = await request_deletion(world, await world.fresh_campaign())
    await click(approver, card, ids.APPROVE_BUTTON)
    view = await approver.modal(ids.APPROVE_VIEW)
    await world.fault("slack", "users.info", "delay", delay_ms=slow_ms, times=2)
    values = {ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: phrase}}
    said = await approver.does("modal/submit", view_id=view["id"], values=values)
    assert said["delivered"], said
    await approver.modal(ids.LOADING_VIEW, strings.modals.STILL_WORKING)


@contextmanager
def unreadable_requests(world: World) -> Iterator[None]:
    """Rename the requests table, so that every query of it fails."""
    file = world.bot.settings["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        database.execute("ALTER TABLE requests RENAME TO requests_elsewhere")
        yield
        database.execute("ALTER TABLE requests_elsewhere RENAME TO requests")


async def test_slow_approval_counts_and_modal_confirms_it(world: World) -> None:
    bob = world.person("U0BOB")

    await approves_slowly(world, bob, "Campaign", LONGER_THAN_SLACK_WAITS_MS)

    told = await bob.modal(ids.NOTICE_VIEW, strings.modals.RECORDED[0])
    assert NAME in shown(told["blocks"])
    await bob.reads("was deleted", CARDS)
    assert len(await world.deletes()) == 1


async def test_slow_form_shows_input_errors(world: World) -> None:
    bob = world.person("U0BOB")

    await approves_slowly(world, bob, "Summer")

    told = shown((await bob.modal(ids.NOTICE_VIEW, strings.modals.NOTHING_DONE))["blocks"])
    assert strings.modals.APPROVE_WRONG.format(what=strings.modals.APPROVE_BY_WORD) in told
    assert strings.modals.OPEN_AGAIN in told
    assert "0 of 1 approvals" in (await bob.reads("is waiting for approval to be deleted.", CARDS))["text"]


async def test_slow_form_shows_unexpected_error(world: World) -> None:
    bob = world.person("U0BOB")
    await approves_slowly(world, bob, "Campaign", LONGER_THAN_SLACK_WAITS_MS)

    with unreadable_requests(world):
        await bob.modal(ids.NOTICE_VIEW, strings.modals.UNEXPECTED)

    await bob.reads(strings.modals.UNEXPECTED, "D0BOB")


async def test_slow_request_is_recorded_and_modal_confirms_it(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(await world.fresh_campaign())
    await world.fault("slack", "users.info", "delay", delay_ms=SLOW_MS)

    assert not await alice.submits(view, NAME)

    await alice.modal(ids.LOADING_VIEW, strings.modals.STILL_WORKING)
    await alice.modal(ids.NOTICE_VIEW, strings.modals.RECORDED[0])
    await alice.reads("is waiting for approval to be deleted.", CARDS)


async def test_slow_picker_choice_shows_campaign(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")
    await world.fault("slack", "users.info", "delay", delay_ms=SLOW_MS)

    await chooses(alice, view, SEEDED[NAME])

    await alice.modal(ids.LOADING_VIEW, strings.modals.STILL_WORKING)
    await alice.modal(ids.CONFIRM_VIEW, SEEDED[NAME])
