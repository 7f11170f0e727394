"""The whole path without approvals: command, modal, request, delete, verification, result."""

from slack_ui.parts import ids
from tests.simulation.stories.steps import CAMPAIGN, NAME
from tests.stories.conftest import World
from tests.stories.person import REASON, shown


async def test_confirmed_campaign_is_deleted_once_and_result_quotes_kore(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(CAMPAIGN)

    assert not await alice.submits(view, NAME)

    for channel in ("C0CAMPAIGNS", "C0OPSEMEA", "C0OPSAMER"):
        message = await alice.reads(f"`{NAME}` was deleted.", channel) if channel == "C0CAMPAIGNS" else None
        message = message or await world.person("U0BOB").reads(f"`{NAME}` was deleted.", channel)
        assert f"Campaign {NAME} deleted successfully" in shown(message["blocks"])
        assert "Not found, and Kore.ai has no status for it" in shown(message["blocks"])
        assert REASON in shown(message["blocks"])
    assert await world.deletes() == [CAMPAIGN]
    assert 'campaign_delete_requests_total{state="deleted"} ' in (await world.api.get(f"{world.bot.url}/metrics")).text


async def test_summary_shows_campaign_details_and_warnings(world: World) -> None:
    view = await world.person("U0ALICE").asks_to_delete(CAMPAIGN)

    said = shown(view["blocks"])
    for part in (
        NAME,
        CAMPAIGN,
        "Stopped",
        "advanced",
        "5 of 5",
        "Not scheduled",
        "Mon to Fri 9:00 AM - 6:00 PM (Asia/Kolkata), weekly",
        "Renewal Due - May/June 2025: 1,204 contacts",
        "Stopped · 137 sent · 1,204 contacts",
        "•••• 01",
        "2025-06-27 09:25 UTC",
        "Messages already sent are not recalled",
        "Kore.ai documents no undo",
    ):
        assert part in said


async def test_modal_opens_before_kore_answers(world: World) -> None:
    await world.fault("kore", "get", "delay", delay_ms=2_000)
    alice = world.person("U0ALICE")

    await alice.types(f"{ids.COMMAND} {CAMPAIGN}")

    await alice.modal(ids.LOADING_VIEW)
    await alice.modal(ids.CONFIRM_VIEW)


LIMIT_IS_USED_UP = "Kore.ai's rate limit has been reached. I'll try again <!date"


async def test_modal_waits_for_rate_limit_and_then_shows_campaign(world: World) -> None:
    await world.fault("kore", "get", "rate_limit", times=2, retry_after_seconds=2)
    alice = world.person("U0ALICE")

    await alice.types(f"{ids.COMMAND} {CAMPAIGN}")

    waiting = await alice.modal(ids.LOADING_VIEW, LIMIT_IS_USED_UP)
    assert (await alice.modal(ids.CONFIRM_VIEW))["id"] == waiting["id"]
    assert len(await world.calls("get")) == 3


async def test_modal_closed_while_rate_limited_stays_closed_and_stops_calling_kore(world: World) -> None:
    await world.fault("kore", "get", "rate_limit", times=None, retry_after_seconds=1)
    alice = world.person("U0ALICE")
    await alice.types(f"{ids.COMMAND} {CAMPAIGN}")
    waiting = await alice.modal(ids.LOADING_VIEW, LIMIT_IS_USED_UP)

    await alice.does("modal/close", view_id=waiting["id"])

    await world.outlast(3)
    assert (await alice.sees())["views"] == []
    assert len(await world.calls("get")) <= 3


async def test_non_requester_is_refused_at_once_even_if_rate_limited(world: World) -> None:
    await world.fault("kore", "get", "rate_limit", times=None, retry_after_seconds=60)
    dan = world.person("U0DAN")
    await dan.types(f"{ids.COMMAND} {CAMPAIGN}")
    await dan.modal(ids.NOTICE_VIEW)


async def test_wrong_input_is_reported_at_its_field_and_form_stays_open(world: World) -> None:
    alice = world.person("U0ALICE")
    view = await alice.asks_to_delete(CAMPAIGN)

    errors = await alice.submits(view, NAME.lower(), reason="too short        ")

    assert set(errors) == {ids.REASON_BLOCK, ids.PHRASE_BLOCK}
    assert (await alice.modal(ids.CONFIRM_VIEW))["id"] == view["id"]
    assert not await alice.submits(view, NAME)
    await alice.reads("was deleted.")


async def test_form_submitted_after_external_delete_sends_no_delete(world: World) -> None:
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    hers, his = await alice.asks_to_delete(CAMPAIGN), await bob.asks_to_delete(CAMPAIGN)

    assert not await alice.submits(hers, NAME)
    await alice.reads("was deleted.")
    assert not await bob.submits(his, NAME)

    assert "No delete was sent" in shown((await bob.reads("is gone."))["blocks"])
    assert await world.deletes() == [CAMPAIGN]


async def test_two_users_with_one_campaign_make_one_request(world: World) -> None:
    await world.fault("kore", "delete", "delay", delay_ms=1_500)
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    hers, his = await alice.asks_to_delete(CAMPAIGN), await bob.asks_to_delete(CAMPAIGN)

    assert not await alice.submits(hers, NAME)
    errors = await bob.submits(his, NAME)

    assert "<@" not in errors[ids.PHRASE_BLOCK]
    assert "Nothing new was recorded" in errors[ids.PHRASE_BLOCK]
    await alice.reads("was deleted.")
    assert await world.deletes() == [CAMPAIGN]
