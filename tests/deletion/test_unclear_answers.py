"""Answers that say nothing about the campaign, or never come, prove no absence."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tenacity import wait_none

from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.witnesses import Source, Witnesses
from deletion.kore import campaign_gateway, read_timeout
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.kore.reading import Reading
from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from sandbox.kore.factories import sms_id
from tests.kore_api.conftest import AUTH, FakeRateLimit, StreamedReplies
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID
from tests.time_limits import HANGS_AFTER_SECONDS

BY_STATUS = Witnesses(sources=(Source.GET, Source.STATUS), at=now())
Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]


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
    reading = await gateway_of(get=replying(200, {"status": "success", "data": {"_id": SEEDED_ID}})).look(SEEDED_ID)
    assert isinstance(reading, Reading)
    monkeypatch.setattr(read_timeout, "READ_SECONDS", 0.05)
    monkeypatch.setattr(campaign_gateway, "OBSERVE_SECONDS", 0.05)
    gateway = gateway_of(get=never, status=never, list=never, contact_lists=never)
    dated = reading.campaign.model_copy(update={"created_at": datetime(2025, 6, 27, tzinfo=UTC)})

    async with asyncio.timeout(HANGS_AFTER_SECONDS):
        assert await gateway.observe(SEEDED_ID, BY_STATUS, patient=True) is Observation.UNCLEAR
        assert await gateway.list_sizes(("Renewals",)) == {"Renewals": None}
        assert await gateway.messages_sent(dated.id, dated.created_at) is None
        found = await gateway.find_created({"name": "Spring Sale"}, now() - timedelta(minutes=1))
    assert found == ("", Observation.UNCLEAR)
