"""Reads from the stateful sandbox over a real port."""

import asyncio
from pathlib import Path

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from tenacity import wait_none

from kore_api import errors
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.elapsed_time import elapsed_seconds
from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.kore.factories import sms_id
from sandbox.traffic import Traffic
from tests.kore_api.conftest import AUTH, DEFAULT_PAUSE_SECONDS, Answering, FakeRateLimit, World
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, CONTACT_LISTS, LISTED_SMS, SEEDED_ID
from tests.tls import certificate

VOICE_ID = "cd-9e14001-88cc-4544-9a98-7aee9b700001"


async def test_campaign_is_read(world: World) -> None:
    campaign = await world.client.get_campaign(SEEDED_ID)

    assert campaign.id == SEEDED_ID
    assert campaign.name == "Interactive Support SMS Campaign"
    assert campaign.status == "Stopped"
    assert campaign.is_sms
    assert campaign.total_messages_sent is None


async def test_voice_campaign_is_read_as_voice(world: World) -> None:
    assert (await world.client.get_campaign(VOICE_ID)).is_voice


async def test_missing_campaign_is_not_found(world: World) -> None:
    with pytest.raises(errors.CampaignNotFoundError) as caught:
        await world.client.get_campaign(sms_id(999))

    assert str(caught.value) == f"Kore.ai knows no campaign {sms_id(999)}."
    assert caught.value.kore_message == "Campaign not found"


async def test_list_has_every_sms_campaign_once_newest_first(world: World) -> None:
    listed = [campaign async for campaign in world.client.list_campaigns(page_size=7)]

    stored = [raw for raw in world.kore.memory.campaigns.values() if raw["campaignType"] == "sms"]
    assert len(listed) == len(stored) == len({campaign.id for campaign in listed})
    assert {campaign.id for campaign in listed} == {raw["_id"] for raw in stored}
    assert not any(campaign.is_voice for campaign in listed)
    dates = [campaign.created_at for campaign in listed if campaign.created_at]
    assert dates == sorted(dates, reverse=True)
    assert world.calls("list") == -(-len(stored) // 7)


async def test_only_the_list_has_messages_sent(world: World) -> None:
    listed = {campaign.id: campaign async for campaign in world.client.list_campaigns()}

    assert listed[SEEDED_ID].total_messages_sent == 137
    assert listed[SEEDED_ID].dialing_strategy is None


async def test_voice_campaigns_have_their_own_list(world: World) -> None:
    listed = [campaign async for campaign in world.client.list_campaigns("voice")]

    assert len(listed) == 3
    assert all(campaign.is_voice for campaign in listed)


async def test_campaign_is_listed_until_deleted(world: World) -> None:
    assert await world.client.is_listed(SEEDED_ID)

    await world.client.delete_campaign(SEEDED_ID)

    assert not await world.client.is_listed(SEEDED_ID)


async def test_contact_list_sizes_take_one_call(world: World) -> None:
    sizes = {found.name: found.total_record_count for found in await world.client.get_contact_lists()}

    assert sizes["Renewal Due - May/June 2025"] == 1204
    assert sizes["Renewal Due - July 2025"] == 0
    assert "Archived Leads 2023" not in sizes
    assert world.calls("contact_lists") == 1


async def test_documented_contact_lists_are_read(answering: Answering) -> None:
    client, _ = answering(httpx.Response(200, json=CONTACT_LISTS))

    assert [found.raw for found in await client.get_contact_lists()] == CONTACT_LISTS["data"]


@pytest.mark.parametrize("results", [None, {}, "x", [None], [{"name": "no id"}], [LISTED_SMS, "x"]], ids=str)
async def test_list_with_an_unreadable_item_is_an_error(answering: Answering, results: object) -> None:
    answer = {"status": "success", "message": "", "data": {"results": results, "hasMore": False}}
    client, _ = answering(httpx.Response(200, json=answer))

    with pytest.raises(errors.KoreServerError):
        await client.is_listed(SEEDED_ID)


@pytest.mark.parametrize("kind", ["reset", "status", "html", "lost_answer"])
async def test_read_survives_two_faults_but_not_three(world: World, kind: str) -> None:
    world.fault("get", kind, times=2)  # type: ignore[arg-type]  # the parameters are kinds
    await world.client.get_campaign(SEEDED_ID)

    world.fault("get", kind, times=3)  # type: ignore[arg-type]  # the parameters are kinds
    with pytest.raises(errors.KoreError) as caught:
        await world.client.get_campaign(SEEDED_ID)

    assert caught.value.worth_retrying
    assert world.calls("get") == 3 + 3


@pytest.mark.parametrize("status", [429, 200, 403])
async def test_rate_limit_is_raised_at_once_for_any_status(world: World, status: int) -> None:
    world.fault("get", "rate_limit", status=status, retry_after_seconds=9)

    with pytest.raises(errors.KoreRateLimitError) as caught:
        await world.client.get_campaign(SEEDED_ID)

    assert "per-minute rate limit" in caught.value.kore_message
    assert world.rate_limit.reported == [None if status == 200 else 9]
    assert caught.value.retry_after_seconds == (DEFAULT_PAUSE_SECONDS if status == 200 else 9)
    assert world.calls("get") == 1


async def test_each_try_takes_and_releases_its_own_slot(world: World) -> None:
    world.fault("get", "reset", times=2)

    await world.client.reserving(4).get_campaign(SEEDED_ID)
    with pytest.raises(errors.CampaignNotFoundError):
        await world.client.get_campaign(sms_id(999))

    assert world.rate_limit.reserves == [4, 4, 4, 0]
    assert world.rate_limit.held == 0
    assert world.rate_limit.reported == []


async def test_nothing_is_sent_or_retried_without_a_slot(world: World) -> None:
    world.rate_limit.closed_for_seconds = 30

    for call in (world.client.get_campaign, world.client.delete_campaign):
        with pytest.raises(errors.KoreThrottledError) as caught:
            await call(SEEDED_ID)
        assert caught.value.retry_after_seconds == 30

    assert world.traffic.after() == []
    assert world.rate_limit.reserves == [0, 0]
    assert world.rate_limit.reported == []


async def test_closed_port_means_not_sent() -> None:
    account = KoreAccount(base_url=f"http://127.0.0.1:{unused_port()}", app_id=APP_ID, account_id=ACCOUNT_ID)
    async with open_client(account, AUTH) as http:
        with pytest.raises(errors.KoreUnreachableError):
            await KoreClient(account, http, FakeRateLimit()).delete_campaign(SEEDED_ID)


async def test_late_answer_counts_as_no_answer(world: World) -> None:
    world.fault("delete", "delay", delay_ms=500)
    async with open_client(world.account, AUTH, read_timeout_seconds=0.05) as http:
        with pytest.raises(errors.KoreNoAnswerError):
            await KoreClient(world.account, http, FakeRateLimit()).delete_campaign(SEEDED_ID)

    async with asyncio.timeout(60):
        while not world.kore.memory.deletes:  # noqa: ASYNC110 - a list sets no event
            await asyncio.sleep(0.01)
    assert len(world.kore.memory.deletes) == 1


async def test_other_account_is_denied(world: World) -> None:
    other = world.account.model_copy(update={"account_id": "67777ce93e25326494e90002"})
    async with open_client(other, AUTH) as http:
        with pytest.raises(errors.KoreAuthError):
            await KoreClient(other, http, FakeRateLimit()).get_campaign(SEEDED_ID)


async def test_ssl_cert_file_is_trusted_for_localhost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, context = certificate(tmp_path)
    kore = web.Application()
    kore.add_routes(KoreSandbox(Faults(latency_ms=0), Traffic()).routes())
    server = TestServer(kore, scheme="https")
    await server.start_server(ssl=context)
    async with server:
        account = KoreAccount(base_url=str(server.make_url("/")), app_id=APP_ID, account_id=ACCOUNT_ID)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        async with open_client(account, AUTH) as http:
            read = await KoreClient(account, http, FakeRateLimit()).get_campaign(SEEDED_ID)
        monkeypatch.delenv("SSL_CERT_FILE")
        async with open_client(account, AUTH) as http:
            with pytest.raises(errors.KoreUnreachableError):
                await KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none()).get_campaign(SEEDED_ID)

    assert read.id == SEEDED_ID


async def test_time_of_a_campaign_is_that_of_its_answer_and_not_of_the_slots_release(world: World) -> None:
    began_at = elapsed_seconds()
    campaign, answered_at = await world.client.get_campaign_with_time(SEEDED_ID)
    assert campaign.id == SEEDED_ID
    assert began_at <= answered_at <= world.rate_limit.released_at
