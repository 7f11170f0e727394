"""Absence takes two sources that showed the campaign before (positive control), at a constant number of calls."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tenacity import wait_none

from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.witnesses import RECENT, Source, Witnesses
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.kore.reading import Reading
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.errors import CampaignNotFoundError, KoreRateLimitError
from sandbox.faults import Fault, Faults
from sandbox.kore.api import KoreSandbox
from sandbox.kore.campaign_state import DateFilter
from sandbox.kore.factories import sms_id
from sandbox.kore.seed import BULK_FROM
from sandbox.traffic import Traffic
from tests.kore_api.conftest import AUTH, FakeRateLimit
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID

OLDEST = sms_id(BULK_FROM)
UNSUPPORTED = Fault("kore", "status", "status", status=404, error="Cannot POST /status", times=None)


@dataclass
class Account:
    """The sandbox's Kore.ai, and a gateway that talks to it over HTTP."""

    kore: KoreSandbox
    faults: Faults
    traffic: Traffic
    gateway: CampaignGateway

    def calls(self) -> list[str]:
        return [exchange["what"] for exchange in self.traffic.after()]

    async def look(self, campaign_id: str) -> Witnesses:
        reading = await self.gateway.look(campaign_id)
        assert isinstance(reading, Reading)
        assert reading.campaign.id == campaign_id
        return reading.witnesses

    def delete(self, campaign_id: str) -> None:
        self.kore.memory.campaigns[campaign_id]["deleted"] = True
        self.traffic.clear()

    async def observe(self, campaign_id: str, witnesses: Witnesses | None) -> Observation | KoreRateLimitError:
        return await self.gateway.observe(campaign_id, witnesses, patient=False)


@pytest.fixture(params=["v1", "v2"])
async def account(request: pytest.FixtureRequest) -> AsyncIterator[Account]:
    faults, traffic = Faults(latency_ms=0), Traffic()
    kore = KoreSandbox(faults, traffic)
    kore.limit.set(10_000, 60)
    app = web.Application()
    app.add_routes(kore.routes())
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        address = KoreAccount(base_url=url, app_id=APP_ID, account_id=ACCOUNT_ID, api_version=request.param)
        async with open_client(address, AUTH) as http:
            gateway = CampaignGateway(KoreClient(address, http, FakeRateLimit(), retry_wait=wait_none()), wait_none())
            yield Account(kore, faults, traffic, gateway)


@pytest.mark.parametrize("size", [33, 6_000])
async def test_absence_takes_two_calls_before_and_two_after_at_any_size(account: Account, size: int) -> None:
    account.kore.memory.fill(size)
    campaign_id = SEEDED_ID if size == 33 else OLDEST

    witnesses = await account.look(campaign_id)
    assert sorted(account.calls()) == ["get", "status"]
    assert witnesses.sources == (Source.GET, Source.STATUS)
    account.delete(campaign_id)

    assert await account.observe(campaign_id, witnesses) is Observation.ABSENT
    assert sorted(account.calls()) == ["get", "status"]


async def test_list_narrowed_by_dates_is_second_witness_without_a_status_endpoint(account: Account) -> None:
    account.kore.memory.fill(6_000)
    account.faults.add(UNSUPPORTED)

    witnesses = await account.look(OLDEST)
    assert account.calls()[2:] == ["list"]
    assert witnesses.sources == (Source.GET, Source.LIST_BY_DATE)
    account.delete(OLDEST)

    assert await account.observe(OLDEST, witnesses) is Observation.ABSENT
    assert sorted(account.calls()) == ["get", "list"]


@pytest.mark.parametrize("field", [DateFilter.UPDATED, DateFilter.IGNORED])
async def test_list_that_reads_dates_otherwise_is_no_witness(account: Account, field: DateFilter) -> None:
    account.kore.memory.fill(500)  # more than the pages of a narrowed list
    account.kore.memory.date_filter = field
    account.faults.add(UNSUPPORTED)

    witnesses = await account.look(OLDEST)
    assert witnesses.sources == (Source.GET, Source.LIST)
    account.delete(OLDEST)

    assert await account.observe(OLDEST, witnesses) is Observation.ABSENT


async def test_campaign_that_get_alone_showed_is_never_called_absent(account: Account) -> None:
    account.faults.add(UNSUPPORTED)
    account.faults.add(Fault("kore", "list", "status", status=500, times=None))
    witnesses = await account.look(SEEDED_ID)
    assert witnesses.sources == (Source.GET,)
    account.delete(SEEDED_ID)
    account.faults.clear()

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


async def test_source_that_did_not_show_the_campaign_before_is_no_witness(account: Account) -> None:
    """The status endpoint says "not found" of a campaign that is there, and GET joins in later."""
    account.faults.add(Fault("kore", "status", "error", error="Campaign not found", times=None))
    witnesses = await account.look(SEEDED_ID)
    assert witnesses.sources == (Source.GET, Source.LIST_BY_DATE)
    account.faults.add(Fault("kore", "get", "error", error="Campaign not found", times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


@pytest.mark.parametrize("lying", ["get", "status"])
async def test_witnesses_that_contradict_each_other_are_unclear(account: Account, lying: str) -> None:
    witnesses = await account.look(SEEDED_ID)
    account.faults.add(Fault("kore", lying, "error", error="Campaign not found", times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


@pytest.mark.parametrize("failing", ["get", "status"])
async def test_one_witness_that_cannot_answer_leaves_absence_unclear(account: Account, failing: str) -> None:
    witnesses = await account.look(SEEDED_ID)
    account.delete(SEEDED_ID)
    account.faults.add(Fault("kore", failing, "status", status=500, times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


async def test_absence_does_not_depend_on_the_wording_of_refusals(account: Account) -> None:
    witnesses = await account.look(SEEDED_ID)
    account.delete(SEEDED_ID)
    for operation in ("get", "status"):
        account.faults.add(Fault("kore", operation, "error", error="Kampagne unbekannt", text=SEEDED_ID, times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.ABSENT


async def test_endpoints_that_refuse_every_campaign_prove_no_absence(account: Account) -> None:
    """The list is answered, but GET and the status endpoint fail for all, in an answer with HTTP status 200."""
    witnesses = await account.look(SEEDED_ID)
    for operation in ("get", "status"):
        account.faults.add(Fault("kore", operation, "error", error="Something went wrong", times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR

    account.delete(SEEDED_ID)
    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


async def test_campaign_that_is_refused_but_listed_is_not_absent(account: Account) -> None:
    """GET and the status endpoint refuse this one campaign, for another reason than its absence."""
    witnesses = await account.look(SEEDED_ID)
    for operation in ("get", "status"):
        account.faults.add(Fault("kore", operation, "error", error="Campaign is locked", text=SEEDED_ID, times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


async def test_refusals_of_every_read_prove_no_absence(account: Account) -> None:
    witnesses = await account.look(SEEDED_ID)
    account.faults.add(Fault("kore", "*", "error", error="Something went wrong", times=None))

    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


@pytest.mark.parametrize("refusing", ["get", "status"])
async def test_one_refusal_proves_absence_only_while_other_reads_are_answered(account: Account, refusing: str) -> None:
    witnesses = await account.look(SEEDED_ID)
    account.delete(SEEDED_ID)
    account.faults.add(Fault("kore", refusing, "error", error="Something went wrong", text=SEEDED_ID, times=None))
    assert await account.observe(SEEDED_ID, witnesses) is Observation.ABSENT

    account.faults.add(Fault("kore", "list", "error", error="Something went wrong", times=None))
    assert await account.observe(SEEDED_ID, witnesses) is Observation.UNCLEAR


async def test_recently_known_sources_are_not_asked_again(account: Account) -> None:
    recent = Witnesses(sources=(Source.GET, Source.STATUS), at=now())
    old = recent.model_copy(update={"at": now() - RECENT})

    assert await account.gateway.look(SEEDED_ID, recent)
    assert account.calls() == ["get"]
    assert await account.gateway.look(SEEDED_ID, old)
    assert sorted(account.calls()) == ["get", "get", "status"]


async def test_missing_campaign_is_an_error_of_the_look(account: Account) -> None:
    account.delete(SEEDED_ID)

    assert isinstance(await account.gateway.look(SEEDED_ID), CampaignNotFoundError)


@pytest.mark.parametrize("operation", ["get", "status"])
async def test_rate_limit_is_returned_and_never_taken_for_absence(account: Account, operation: str) -> None:
    witnesses = await account.look(SEEDED_ID)
    account.delete(SEEDED_ID)
    account.faults.add(Fault("kore", operation, "rate_limit"))

    assert isinstance(await account.observe(SEEDED_ID, witnesses), KoreRateLimitError)


@pytest.mark.parametrize("size", [33, 6_000])
async def test_messages_sent_take_one_call_at_any_size(account: Account, size: int) -> None:
    account.kore.memory.fill(size)
    reading = await account.gateway.look(SEEDED_ID)
    assert isinstance(reading, Reading)
    account.traffic.clear()

    assert await account.gateway.messages_sent(reading.campaign.id, reading.campaign.created_at) == 137
    assert account.calls() == ["list"]
