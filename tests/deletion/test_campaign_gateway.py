"""Absence takes two sources that showed the campaign before (positive control), at a constant number of calls."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tenacity import wait_none

from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.witnesses import RECENT, Source, Witnesses
from deletion.kore import campaign_gateway, read_timeout
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
from tests.kore_api.conftest import AUTH, FakeRateLimit, StreamedReplies
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID

OLDEST = sms_id(BULK_FROM)
UNSUPPORTED = Fault("kore", "status", "status", status=404, error="Cannot POST /status", times=None)
BY_STATUS = Witnesses(sources=(Source.GET, Source.STATUS), at=now())
Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]


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


async def never(_: httpx.Request) -> httpx.Response:
    """Leave a request without a response."""
    await asyncio.Event().wait()
    raise AssertionError


def replying(status: int, body: Any = None) -> Answer:
    async def reply(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json=body) if body is not None else httpx.Response(status)

    return reply


def gateway_of(**answers: Answer) -> CampaignGateway:
    """Return a gateway whose Kore.ai answers each operation by one function."""

    async def answer(request: httpx.Request) -> httpx.Response:
        last = request.url.path.rsplit("/", 1)[-1]
        operation = {"getAllCampaignDetails": "list", "getAllListDetails": "contact_lists"}.get(last, last)
        return await answers[operation if operation in answers else "get"](request)

    address = KoreAccount(base_url="platform.kore.ai", app_id=APP_ID, account_id=ACCOUNT_ID)
    http = open_client(address, AUTH, transport=StreamedReplies(answer))
    return CampaignGateway(KoreClient(address, http, FakeRateLimit(), retry_wait=wait_none()), wait_none())


NOT_FOUND = replying(404, {"status": "failure", "message": "Campaign not found"})
NOT_ABOUT_THE_CAMPAIGN = {
    "an empty 404": replying(404),
    "a gateway's 404": replying(404, {"message": "no Route matched with those values"}),
    "another subject": replying(200, {"status": "failure", "message": "Bot not found"}),
    "no credentials": replying(401, {"errors": [{"msg": "Invalid SDK credentials", "code": 4002}]}),
    "a success without a campaign": replying(200, {"status": "success", "data": {"name": "Spring Sale"}}),
    "a server error": replying(500, {"status": "failure", "message": "Campaign not found"}),
}


@pytest.mark.parametrize("answer", NOT_ABOUT_THE_CAMPAIGN.values(), ids=NOT_ABOUT_THE_CAMPAIGN)
@pytest.mark.parametrize("both", [False, True])
async def test_answer_that_is_not_about_the_campaign_proves_no_absence(answer: Answer, *, both: bool) -> None:
    empty = replying(200, {"status": "success", "data": {"results": [], "hasMore": False, "totalResults": 0}})
    gateway = gateway_of(get=answer, status=answer if both else NOT_FOUND, list=empty)

    assert await gateway.observe(SEEDED_ID, BY_STATUS, patient=False) is Observation.UNCLEAR


@pytest.mark.parametrize(
    "page",
    [
        {"results": [], "hasMore": False, "totalResults": 500},
        {"results": [{"id": sms_id(7)}], "hasMore": False, "totalResults": 2},
        {"results": []} | {"totalResults": 1},
        {"results": [], "hasMore": False},
        {"results": [], "totalResults": 0},
        {"results": []},
    ],
)
async def test_list_that_contradicts_itself_or_lacks_numbers_is_unclear(page: dict[str, Any]) -> None:
    gateway = gateway_of(get=NOT_FOUND, list=replying(200, {"status": "success", "data": page}))

    assert await gateway.observe(SEEDED_ID, patient=False) is Observation.UNCLEAR


async def test_request_of_a_previous_version_is_verified_by_get_and_the_whole_list() -> None:
    empty = {"status": "success", "data": {"results": [], "hasMore": False, "totalResults": 0}}
    gateway = gateway_of(get=NOT_FOUND, list=replying(200, empty))

    assert await gateway.observe(SEEDED_ID, patient=False) is Observation.ABSENT


def rate_limited_after_one_page() -> Answer:
    first = {"results": [{"id": sms_id(7)}], "hasMore": True, "totalResults": 2}
    replies = [replying(200, {"status": "success", "data": first})]

    async def reply(request: httpx.Request) -> httpx.Response:
        answer = replies.pop() if replies else replying(429, {"errors": [{"msg": "Rate limit", "code": 429}]})
        return await answer(request)

    return reply


async def test_rate_limit_in_the_middle_of_the_whole_list_leaves_absence_unclear() -> None:
    gateway = gateway_of(get=NOT_FOUND, list=rate_limited_after_one_page())

    assert await gateway.observe(SEEDED_ID, patient=False) is Observation.UNCLEAR


async def test_rate_limit_in_the_middle_of_the_whole_list_leaves_get_as_only_source() -> None:
    shown = replying(200, {"status": "success", "data": {"_id": SEEDED_ID}})
    reading = await gateway_of(get=shown, status=NOT_FOUND, list=rate_limited_after_one_page()).look(SEEDED_ID)

    assert isinstance(reading, Reading)
    assert reading.witnesses.sources == (Source.GET,)


async def test_reads_without_a_response_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_timeout, "READ_SECONDS", 0.05)
    monkeypatch.setattr(campaign_gateway, "OBSERVE_SECONDS", 0.05)
    gateway = gateway_of(get=never, status=never, list=never, contact_lists=never)
    reading = await gateway_of(get=replying(200, {"status": "success", "data": {"_id": SEEDED_ID}})).look(SEEDED_ID)
    assert isinstance(reading, Reading)
    dated = reading.campaign.model_copy(update={"created_at": datetime(2025, 6, 27, tzinfo=UTC)})

    async with asyncio.timeout(20):
        assert await gateway.observe(SEEDED_ID, BY_STATUS, patient=True) is Observation.UNCLEAR
        assert await gateway.list_sizes(("Renewals",)) == {"Renewals": None}
        assert await gateway.messages_sent(dated.id, dated.created_at) is None
        found = await gateway.find_created({"name": "Spring Sale"}, now() - timedelta(minutes=1))
    assert found == ("", Observation.UNCLEAR)
