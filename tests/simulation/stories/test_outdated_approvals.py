"""Submit a form after the settings or the hourly limit have become looser than when it was opened."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from slack_ui.parts import ids
from tests.simulation.stories.list_steps import campaigns, opens_approval, requests_many, submits_approval
from tests.simulation.stories.restart_steps import WITH_APPROVAL, opens, restart, submits
from tests.simulation.stories.steps import (
    CAMPAIGN,
    CARDS,
    NAME,
    approve,
    campaigns_of,
    click,
    new_card,
    rebuild,
    request_deletion,
    same,
)
from tests.simulation.stories.stop_steps import asks_to_stop, submits_stop
from tests.simulation.world import SimulatedWorld, open_simulated_world
from tests.stories.person import Person, eventually, shown

EXPIRED = "This form has expired"
OUTDATED = "This form is outdated"
KEY = Fernet.generate_key().decode()


async def nothing_is_sent(world: SimulatedWorld, person: Person, *, call: str = "delete") -> None:
    await person.modal(ids.NOTICE_VIEW, OUTDATED)
    await world.outlast(5)
    assert not await world.calls(call)
    await person.does("modal/close", view_id=(await person.modal(ids.NOTICE_VIEW))["id"], all=True)


@pytest.mark.parametrize(
    ("opened_with", "submitted_with", "said"),
    [
        ({"APPROVALS_REQUIRED": "2"}, {"APPROVALS_REQUIRED": "1"}, "1 more must approve"),
        ({"UNDO_WINDOW": "60"}, {"UNDO_WINDOW": "0"}, "in 60 seconds"),
        ({"ARCHIVE_KEY": KEY}, {"ARCHIVE_KEY": ""}, "It can be rebuilt"),
    ],
)
async def test_approval_has_no_more_effect_than_its_form_said(
    opened_with: dict[str, str], submitted_with: dict[str, str], said: str
) -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        await restart(world, **opened_with)
        form = await opens(bob, card, said)
        await restart(world, **submitted_with)

        await submits(bob, form)

        await nothing_is_sent(world, bob)
        assert not await approve(bob, card)
        await bob.reads("was deleted.", CARDS)


async def test_approval_that_the_hourly_limit_made_one_of_two_deletes_nothing_once_the_hour_is_over() -> None:
    async with open_simulated_world(**WITH_APPROVAL, DELETES_PER_HOUR="1") as world:
        bob = world.person("U0BOB")
        waiting = await new_card(world, await world.fresh_campaign())
        assert not await approve(bob, await new_card(world, CAMPAIGN))
        await bob.reads("was deleted.", CARDS)
        form = await opens(bob, waiting, "1 more must approve")
        deletes = len(await world.deletes())
        await world.outlast(timedelta(hours=1).total_seconds())

        await submits(bob, form)

        await bob.modal(ids.NOTICE_VIEW, OUTDATED)
        await world.outlast(5)
        assert len(await world.deletes()) == deletes


async def test_two_approvers_whose_forms_were_open_at_once_approve_together() -> None:
    async with open_simulated_world(**{**WITH_APPROVAL, "APPROVALS_REQUIRED": "2"}) as world:
        bob, carol = world.person("U0BOB"), world.person("U0CAROL")
        card = await request_deletion(world, CAMPAIGN)
        forms = [(each, await opens(each, card, "1 more must approve")) for each in (bob, carol)]

        for person, form in forms:
            await submits(person, form)

        await same(bob, card, "was deleted.")


async def test_stricter_settings_than_the_form_said_outdate_no_approval() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        form = await opens(bob, card, "immediately")
        await restart(world, APPROVALS_REQUIRED="2", UNDO_WINDOW="60", ARCHIVE_KEY=KEY)

        await submits(bob, form)

        await same(bob, card, "is waiting for approval to be deleted.")
        assert "approved" in "".join(message["text"] for message in await bob.messages(CARDS))
        await world.outlast(5)
        assert not await world.deletes()


@pytest.mark.parametrize(
    ("opened_with", "submitted_with", "said"),
    [
        ({"APPROVALS_REQUIRED": "2"}, {"APPROVALS_REQUIRED": "1"}, "1 more must approve"),
        ({"UNDO_WINDOW": "60"}, {"UNDO_WINDOW": "0"}, "in 60 seconds"),
        ({"DELETES_PER_HOUR": "1"}, {"DELETES_PER_HOUR": "10"}, "1 more must approve"),
    ],
)
async def test_approval_of_a_list_has_no_more_effect_than_its_form_said(
    opened_with: dict[str, str], submitted_with: dict[str, str], said: str
) -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await requests_many(world, list((await campaigns(world, 3)).values()))
        await restart(world, **opened_with)
        form = await opens_approval(bob, card)
        assert said in shown(form)
        await restart(world, **submitted_with)

        assert not await submits_approval(bob, form, 3)

        await nothing_is_sent(world, bob)


async def test_striking_to_the_hourly_limit_approves_what_the_form_said() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await requests_many(world, list((await campaigns(world, 3)).values()))
        await restart(world, DELETES_PER_HOUR="1")
        form = await opens_approval(bob, card)
        assert "your approval is the last one" in shown(form)

        assert not await submits_approval(bob, form, 1, ("Otter", "Zebra"))

        await eventually(world.has_said_all, "the end of the list")
        assert len(await world.deletes()) == 1


async def test_striking_too_few_for_the_limit_of_the_form_approves_nothing_without_it() -> None:
    async with open_simulated_world(**WITH_APPROVAL) as world:
        bob = world.person("U0BOB")
        card = await requests_many(world, list((await campaigns(world, 3)).values()))
        await restart(world, DELETES_PER_HOUR="1")
        form = await opens_approval(bob, card)
        await restart(world, DELETES_PER_HOUR="10")

        assert not await submits_approval(bob, form, 2, ("Otter",))

        await nothing_is_sent(world, bob)


async def test_approval_of_a_stop_has_no_more_effect_than_its_form_said() -> None:
    async with open_simulated_world(**WITH_APPROVAL, STOP_APPROVALS_REQUIRED="1") as world:
        alice, bob = world.person("U0ALICE"), world.person("U0BOB")
        await world.campaign(CAMPAIGN, status="Active")
        assert not await submits_stop(alice, await asks_to_stop(alice, CAMPAIGN))
        card = await bob.reads("is waiting for approval to be stopped.", CARDS)
        await restart(world, STOP_APPROVALS_REQUIRED="2")
        form = await opens(bob, card, "1 more must approve")
        await restart(world, STOP_APPROVALS_REQUIRED="1")

        await submits(bob, form)

        await nothing_is_sent(world, bob, call="stop")


@pytest.mark.parametrize("by_setting", ["APPROVALS_REQUIRED", "UNDO_WINDOW"])
async def test_approval_of_a_rebuild_has_no_more_effect_than_its_form_said(by_setting: str) -> None:
    async with open_simulated_world(**WITH_APPROVAL, ARCHIVE_KEY=KEY, KORE_API_VERSION="v2") as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        assert not await approve(bob, card)
        assert not await rebuild(alice, await same(bob, card, "was deleted."), flow="Support")
        asked = await bob.reads("is waiting for approval to be rebuilt.", CARDS)
        await restart(world, **(WITH_APPROVAL | {by_setting: "2"}))
        form = await opens(bob, asked, "1 more must approve" if by_setting == "APPROVALS_REQUIRED" else "in 2 seconds")
        await restart(world, **WITH_APPROVAL)

        await submits(bob, form)

        await bob.modal(ids.NOTICE_VIEW, OUTDATED)
        await world.outlast(5)
        assert not await campaigns_of(world, NAME)


async def test_form_that_promised_an_approval_rebuilds_nothing_without_one() -> None:
    async with open_simulated_world(**WITH_APPROVAL, ARCHIVE_KEY=KEY, KORE_API_VERSION="v2") as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
        card = await request_deletion(world, CAMPAIGN)
        assert not await approve(bob, card)
        await click(alice, await same(bob, card, "was deleted."), ids.REBUILD_BUTTON)
        form = await alice.modal(ids.REBUILD_VIEW, "must approve")
        await restart(world, APPROVALS_REQUIRED="0")

        values = {
            ids.REASON_BLOCK: {ids.REASON_INPUT: "It is needed again"},
            ids.FLOW_BLOCK: {ids.FLOW_INPUT: "Support"},
        }
        await alice.does("modal/submit", view_id=form["id"], values=values)

        await alice.modal(ids.NOTICE_VIEW, EXPIRED)
        await world.outlast(5)
        assert not await campaigns_of(world, NAME)


@pytest.mark.parametrize(
    ("opened_with", "submitted_with", "said"),
    [
        ({"UNDO_WINDOW": "60"}, {"UNDO_WINDOW": "0"}, "in 60 seconds"),
        ({"ARCHIVE_KEY": KEY}, {"ARCHIVE_KEY": ""}, "It can be rebuilt"),
    ],
)
async def test_request_without_an_approval_has_no_more_effect_than_its_form_said(
    opened_with: dict[str, str], submitted_with: dict[str, str], said: str
) -> None:
    async with open_simulated_world(**{**WITH_APPROVAL, "APPROVALS_REQUIRED": "0"} | opened_with) as world:
        alice = world.person("U0ALICE")
        form = await alice.asks_to_delete(CAMPAIGN)
        assert said in shown(form)
        await restart(world, **submitted_with)

        assert not await alice.submits(form, NAME)

        await alice.modal(ids.NOTICE_VIEW, EXPIRED)
        await world.outlast(5)
        assert not await world.deletes()
