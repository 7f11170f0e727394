"""The campaign list follows the bot's own deletes, and names are compared with a list of this minute."""

from slack_ui.parts import ids
from tests.simulation.stories.picker_steps import chooses, options, picker
from tests.simulation.world import SimulatedWorld
from tests.stories.person import shown

NAME = "Interactive Support SMS Campaign"
OF_ITS_OWN = {"name": "Autumn Teaser 41", "updatedAt": "2026-09-01T00:00:00.000Z"}


async def own_campaign(world: SimulatedWorld, **fields: str) -> str:
    campaign = await world.fresh_campaign()
    await world.campaign(campaign, **{**OF_ITS_OWN, **fields})
    return campaign


async def test_deleted_campaign_leaves_the_picker_at_once_and_typing_it_says_who_deleted_it(
    world: SimulatedWorld,
) -> None:
    alice, bob, campaign = world.person("U0ALICE"), world.person("U0BOB"), await own_campaign(world)
    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")
    assert any(OF_ITS_OWN["name"] in option for option in await options(alice, view, "autumn teaser"))
    assert not await alice.submits(await alice.asks_to_delete(campaign), OF_ITS_OWN["name"])
    await alice.reads("was deleted.")

    view = await picker(alice, containing="campaigns in Kore.ai's list, as of")
    assert not any(OF_ITS_OWN["name"] in option for option in await options(alice, view, "autumn teaser"))
    await chooses(alice, view, campaign)
    said = shown(await alice.modal(ids.NOTICE_VIEW, "You asked for that: <"))
    assert "|the message about this request>" in said
    await bob.types(f"{ids.COMMAND} {campaign}")
    await bob.modal(ids.NOTICE_VIEW, "<@U0ALICE> asked for that: <")


async def test_name_that_another_campaign_got_while_the_form_was_open_is_not_enough(world: SimulatedWorld) -> None:
    alice, campaign = world.person("U0ALICE"), await own_campaign(world)
    form = await alice.asks_to_delete(campaign)
    assert "nearly the same name" not in shown(form)
    await world.outlast(60)
    twin = await own_campaign(world, name="Autumn Teaser 42", updatedAt="2026-09-21T14:13:00.000Z")

    errors = await alice.submits(form, OF_ITS_OWN["name"])
    assert set(errors) == {ids.PHRASE_BLOCK}
    assert f"“Autumn Teaser 42”, with an ID that ends in {twin[-4:]}" in errors[ids.PHRASE_BLOCK]
    assert not await alice.submits(form, campaign)
    await alice.reads("was deleted.")
    assert await world.deletes() == [campaign]


async def test_campaign_renamed_a_minute_ago_is_warned_about(world: SimulatedWorld) -> None:
    alice, campaign, other = world.person("U0ALICE"), await own_campaign(world), await own_campaign(world, name="Other")
    await alice.asks_to_delete(campaign)
    await world.outlast(120)
    await world.campaign(other, name=OF_ITS_OWN["name"], updatedAt="2026-09-21T14:15:00.000Z")

    form = await alice.asks_to_delete(campaign)

    assert "Another campaign has nearly the same name" in shown(form)
    assert set(await alice.submits(form, OF_ITS_OWN["name"], id_end="")) == {ids.ID_END_BLOCK}
