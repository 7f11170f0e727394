"""Refusals before a request: reason and next step, visible to the user alone."""

import pytest

from slack_ui import strings
from slack_ui.parts import ids
from tests.stories.conftest import World
from tests.stories.person import shown

CAMPAIGN = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
VOICE = "cd-9e14001-88cc-4544-9a98-7aee9b700001"


@pytest.mark.parametrize("typed", ["help", "HELP"])
async def test_help_explains_the_command(world: World, typed: str) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {typed}".strip())
    await alice.reads_privately("/campaign-delete &lt;campaign ID&gt;")


@pytest.mark.parametrize("typed", ["contactList/cl-1", "../cd-1", "cd-0-0-0-0", "cd-3aefda80?campaignType=voice"])
async def test_text_that_is_not_an_id_is_searched_and_never_sent_to_kore(world: World, typed: str) -> None:
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {typed}")
    await alice.modal(ids.PICKER_VIEW)
    assert not await world.calls("get")


@pytest.mark.parametrize(
    ("campaign_id", "fields", "said"),
    [
        ("cd-00000000-f98e-5f4f-ad41-92803abb0999", None, "Check the ID in Kore.ai's console"),
        (VOICE, None, "Use Kore.ai's console for voice campaigns"),
        (CAMPAIGN, {"status": "Rerun"}, "Its status is Rerun."),
        (CAMPAIGN, {"status": "Hibernating"}, "Its status is Hibernating."),
        (CAMPAIGN, {"status": None}, "Its status is unknown."),
        (CAMPAIGN, {"format": None, "message": None}, "doesn't say that this is an SMS campaign"),
    ],
)
async def test_undeletable_campaign_is_refused_with_next_step(
    world: World, campaign_id: str, fields: dict[str, str | None] | None, said: str
) -> None:
    if fields is not None:
        await world.campaign(campaign_id, **fields)
    alice = world.person("U0ALICE")

    await alice.types(f"{ids.COMMAND} {campaign_id}")

    view = await alice.modal(ids.NOTICE_VIEW, said)
    assert strings.modals.NO_REQUEST_MADE in shown(view["blocks"])
    assert not view.get("submit")


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        ("status", {"status": 503}, "reported a server error. I couldn't read the campaign"),
        ("html", {"status": 502}, "reported a server error. I couldn't read the campaign"),
        ("html", {"status": 403}, "and not from Kore.ai. I couldn't read the campaign"),
        ("html", {"status": 404}, "and not from Kore.ai. I couldn't read the campaign"),
        ("reset", {}, "no complete answer in time. I couldn't read the campaign"),
        ("error", {"error": "Bot does not exist"}, "doesn't know the app or account"),
        ("error", {"error": "Requested scope not found"}, "I lack a permission. I couldn't read the campaign"),
        ("status", {"status": 401}, "Ask the people who run this bot to check the JWT app"),
        ("rate_limit", {"retry_after_seconds": 200}, "made too many calls to this Kore.ai account"),
    ],
)
async def test_kore_errors_are_explained(world: World, kind: str, details: dict[str, object], said: str) -> None:
    await world.fault("kore", "get", kind, times=None, **details)
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {CAMPAIGN}")
    await alice.modal(ids.NOTICE_VIEW, said)


@pytest.mark.parametrize(("user", "channel"), [("U0ALICE", "C0RANDOM"), ("U0ALICE", "G0PRIVATE")])
async def test_channel_without_bot_is_refused_with_invite_command(world: World, user: str, channel: str) -> None:
    person = world.person(user, channel)
    await person.types(f"{ids.COMMAND} {CAMPAIGN}")
    await person.modal(ids.NOTICE_VIEW, "/invite @Campaign Delete")


async def test_non_requester_sees_no_summary(world: World) -> None:
    dan = world.person("U0DAN")
    await dan.types(f"{ids.COMMAND} {CAMPAIGN}")
    await dan.modal(ids.NOTICE_VIEW, "Only requesters can request deletions: <")


async def test_unreadable_user_group_grants_no_rights(world: World) -> None:
    await world.fault("slack", "usergroups.users.list", "error", error="internal_error", times=None)
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {CAMPAIGN}")
    await alice.modal(ids.NOTICE_VIEW, "Slack didn't return the members of a user group")


async def test_requester_removed_before_submit_is_refused(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(CAMPAIGN)
    await world.fault("slack", "usergroups.users.list", "error", error="no_such_subteam", times=None)

    await alice.submits(view, "Interactive Support SMS Campaign")

    await alice.modal(ids.NOTICE_VIEW, "Only requesters can request deletions: <")
    assert not await world.deletes()


async def test_failed_modal_is_reported_in_channel(world: World) -> None:
    await world.fault("slack", "views.open", "error", error="expired_trigger_id")
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {CAMPAIGN}")
    await alice.reads_privately("Please try again")
