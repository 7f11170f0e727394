"""Who may act, in a running bot: whoami, requests that too few could approve, and no Kore.ai call for outsiders."""

import pytest

from slack_ui.parts import ids
from tests.simulation.world import SimulatedWorld
from tests.stories.person import Person, eventually, shown

NAME = "Interactive Support SMS Campaign"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "2", "APPROVERS": "U0ALICE,S0APPROVE", "REQUESTERS": "U0ALICE,S0REQUEST"}


async def told(person: Person, text: str) -> str:
    """Return the newest private message to this person with this text."""

    async def look() -> str | None:
        said = [message["text"] for message in await person.messages() if message["ephemeral"]]
        return next((each for each in reversed(said) if text in each), None)

    found: str = await eventually(look, f"private: {text}")
    return found


async def test_whoami_names_rights_and_what_is_missing(world: SimulatedWorld) -> None:
    await world.person("U0BOB").types(f"{ids.COMMAND} whoami")
    said = await told(world.person("U0BOB"), "What you (<@U0BOB>) may do here")
    assert said.count("yes.") == 2
    assert "`REQUESTERS` names <!subteam^S0REQUEST>, and you are a member." in said
    assert "`APPROVERS` names <!subteam^S0APPROVE>, and you are a member." in said
    await world.person("U0DAN").types(f"{ids.COMMAND} whoami")
    assert (await told(world.person("U0DAN"), "may do here")).count("no. `") == 2


async def test_person_on_no_list_costs_no_call_to_kore(world: SimulatedWorld) -> None:
    dan, campaign = world.person("U0DAN"), await world.fresh_campaign()
    await world.outlast(10)  # the sync at the start
    before = len(await world.calls_to_kore())
    for _ in range(4):
        await dan.types(f"{ids.COMMAND} {campaign}")
        view = await dan.modal(ids.NOTICE_VIEW, "Only requesters can request deletions: <")
        await dan.does("modal/close", view_id=view["id"])
    assert len(await world.calls_to_kore()) == before


async def test_request_that_too_few_could_approve_is_refused(world: SimulatedWorld) -> None:
    alice, campaign = world.person("U0ALICE"), await world.fresh_campaign()
    form = await alice.asks_to_delete(campaign)
    await world.api.post("/sandbox/person", json={"user": "U0CAROL", "email": "bob+2@sandbox.example"})
    await world.outlast(10)

    errors = await alice.submits(form, NAME)
    assert "Approvals that you could get now: 1." in str(errors)
    await alice.does("modal/close", view_id=form["id"], all=True)
    await alice.types(f"{ids.COMMAND} {campaign}")
    view = await alice.modal(ids.NOTICE_VIEW, "Not enough people can approve this")
    assert "Approvals needed: 2. Approvals that you could get now: 1, so 1 would be missing." in shown(view)


async def test_unreadable_group_of_approvers_blocks_no_request(world: SimulatedWorld) -> None:
    alice = world.person("U0ALICE")
    await world.fault("slack", "usergroups.users.list", "error", error="internal_error", times=None)
    form = await alice.asks_to_delete(await world.fresh_campaign())
    assert "I couldn't check that enough people can approve this" in shown(form)
    assert not await alice.submits(form, NAME)
    await alice.reads("is waiting for approval to be deleted.")
