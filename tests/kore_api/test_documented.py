"""Replay every documented sample: its response to the client, and its request to the sandbox."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.errors import ListTooLongError
from kore_api.models import Campaign, CampaignStatus, ContactList
from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.kore.campaign_state import DateFilter
from sandbox.traffic import Traffic
from tests.kore_api.conftest import AUTH, FakeRateLimit, StreamedReplies
from tests.kore_api.documented import SAMPLES, Json, Sample
from tests.kore_api.samples import ACCOUNT_ID, APP_ID

OF_ONE_ANSWER_ONLY: dict[str, Json] = {
    "get": {"totalMessagesSent": 5},
    "list": {"lname": "x", "dialingStrategy": {}, "isImported": False},
}
# What the seeds have and no sample shows: a schedule's window (enable-voice-or-sms-campaign-schedule-weekly has it);
# in a GET, the connection that the list shows of voice campaigns.
BEYOND_THE_SAMPLES = {"schedule.startDateTime: str", "schedule.endDateTime: str", "connection: str"}
# The one voice sample of a GET is agentless; campaigns that dial for agents have a connection instead of a flow.
NOT_IN_EVERY_ONE = {"experienceFlow: str"}
Fake = TestClient[web.Request, web.Application]


def each(samples: dict[str, Sample]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sample", samples.values(), ids=samples)


def shape(value: Any, path: str = "") -> set[str]:
    """Return every key of a response with the type of its value: ``data.results[].priority: str``."""
    if isinstance(value, dict):
        own = {f"{path}: object"} if path else set()
        return own.union(*(shape(inner, f"{path}.{key}".lstrip(".")) for key, inner in value.items()))
    if isinstance(value, list):
        return {f"{path}: array"}.union(*(shape(inner, f"{path}[]") for inner in value))
    return {f"{path}: {type(value).__name__}"}


@pytest.fixture
def kore() -> KoreSandbox:
    return KoreSandbox(Faults(latency_ms=0), Traffic())


@pytest.fixture
async def fake(kore: KoreSandbox) -> AsyncIterator[Fake]:
    app = web.Application()
    app.add_routes(kore.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def replay(sample: Sample) -> tuple[list[Campaign | CampaignStatus | ContactList], httpx.Request]:
    """Return what the client reads from the documented response, and the request that it sent."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=sample.response)

    account = KoreAccount(
        base_url="platform.kore.ai",
        app_id=sample.headers["iid"],
        account_id=sample.headers["accountId"],
        api_version=sample.version,
    )
    async with open_client(account, AUTH, transport=StreamedReplies(answer)) as http:
        return await read(KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none()), sample), sent[0]


async def read(client: KoreClient, sample: Sample) -> list[Campaign | CampaignStatus | ContactList]:
    match sample.operation:
        case "get":
            return [await client.get_campaign(sample.campaigns[0]["_id"])]
        case "delete":
            deleted = await client.delete_campaign(sample.campaigns[0]["_id"])
            assert deleted.message == sample.response["message"]
            assert deleted.campaign
            return [deleted.campaign]
        case "status":
            return [await client.get_status(sample.campaigns[0]["_id"])]
        case "contact_lists":
            return list(await client.get_contact_lists())
    read: list[Campaign | CampaignStatus | ContactList] = []
    try:
        async for campaign in client.list_campaigns(sample.campaign_type, max_pages=1):
            read.append(campaign)  # noqa: PERF401 - what came before the error counts
    except ListTooLongError:
        assert sample.response["data"]["hasMore"]
    else:
        assert not sample.response["data"]["hasMore"]
    return read


@each(SAMPLES)
async def test_client_sends_the_documented_request(sample: Sample) -> None:
    _, request = await replay(sample)

    expected = httpx.URL(sample.url(sample.headers["iid"], sample.headers["accountId"]))
    assert (request.method, request.url.host, request.url.path) == (sample.method, expected.host, expected.path)
    assert dict(request.url.params) == dict(expected.params)
    assert {name: request.headers[name] for name in ("iid", "accountId")} == {
        name: sample.headers[name] for name in ("iid", "accountId")
    }
    assert jwt.get_unverified_header(request.headers["auth"])["typ"] == "JWT"
    assert "authorization" not in request.headers
    body = json.loads(request.content or b"null")
    assert shape(body) <= shape(sample.body)
    assert (body or {}).get("type") == (sample.body or {}).get("type")


@each(SAMPLES)
async def test_client_reads_the_documented_response(sample: Sample) -> None:
    read, _ = await replay(sample)

    shown = sample.response["data"] if sample.operation == "contact_lists" else sample.campaigns
    assert [item.id for item in read] == [item["_id"] for item in shown]
    assert [item.name for item in read] == [item["name"] for item in shown]
    for field, meaning in sample.means.items():
        each_one = meaning if isinstance(meaning, list) else [meaning] * len(read)
        assert [getattr(item, field) for item in read] == each_one, field


def headers() -> dict[str, str]:
    claims = {"appId": "cs-sandbox", "sub": "x", "exp": time.time() + 300, "jti": str(time.perf_counter_ns())}
    token = jwt.encode(claims, "sandbox-client-secret-of-32-bytes-and-more")
    return {"auth": token, "iid": APP_ID, "accountId": ACCOUNT_ID}


async def ask(fake: Fake, sample: Sample, campaign_id: str = "") -> Json:
    """Make the sample's call at the sandbox, for another campaign if one is named."""
    documented_id = sample.campaigns[0]["_id"] if sample.operation != "contact_lists" else ""
    url = httpx.URL(sample.url(APP_ID, ACCOUNT_ID).replace(documented_id or "-", campaign_id or documented_id or "-"))
    answer = await fake.request(sample.method, url.raw_path.decode(), headers=headers(), json=sample.body)
    assert answer.status == 200, await answer.text()
    said: Json = await answer.json()
    return said


def store(kore: KoreSandbox, sample: Sample) -> None:
    """Store only the sample's campaigns, each with additional fields that this operation must not show."""
    hidden = OF_ONE_ANSWER_ONLY["list" if sample.operation == "list" else "get"]
    own = {"campaignType": sample.campaign_type, "deleted": False}
    kore.memory.campaigns = {raw["_id"]: hidden | raw | own for raw in sample.campaigns}
    kore.memory.date_filter = DateFilter.IGNORED  # get-all-campaigns-v2 shows campaigns outside its own dates


@each({name: sample for name, sample in SAMPLES.items() if sample.operation != "contact_lists"})
async def test_sandbox_answers_as_documented(fake: Fake, kore: KoreSandbox, sample: Sample) -> None:
    store(kore, sample)

    said = await ask(fake, sample)

    assert shape(said) == shape(sample.response)
    assert said.get("message") == sample.response.get("message")


@each(SAMPLES)
async def test_seeded_campaigns_have_the_documented_shape(fake: Fake, kore: KoreSandbox, sample: Sample) -> None:
    """A seeded item has every field that all documented items have, and none that no documented item has."""
    alike = [shape(item) for other in SAMPLES.values() if kind(other) == kind(sample) for item in items(other.response)]
    for item in await seeded(fake, kore, sample):
        assert set.intersection(*alike) - NOT_IN_EVERY_ONE <= shape(item), item
        assert shape(item) <= set.union(*alike) | BEYOND_THE_SAMPLES, item


def kind(sample: Sample) -> tuple[str, str]:
    """A DELETE shows a campaign as a GET does."""
    return "get" if sample.operation == "delete" else sample.operation, sample.campaign_type


async def seeded(fake: Fake, kore: KoreSandbox, sample: Sample) -> list[Json]:
    """Return the items of a fresh sandbox as this call shows them, without the one that is seeded almost empty."""
    if sample.operation in ("list", "contact_lists"):
        return [item for item in items(await ask(fake, sample)) if item["name"] != "Untitled"]
    fits = [raw for raw in kore.memory.campaigns.values() if raw["campaignType"] == sample.campaign_type]
    ids = [raw["_id"] for raw in fits if raw["name"] != "Untitled"]
    return [item for campaign_id in ids for item in items(await ask(fake, sample, campaign_id))]


def items(response: Json) -> list[Json]:
    data = response["data"]
    if isinstance(data, list):
        return data
    results: list[Json] = data.get("results", [data])
    return results


def test_only_self_contradicting_pages_are_read_differently() -> None:
    for sample in SAMPLES.values():
        assert sample.page.startswith("https://docs.kore.ai/ai-for-service/apis/contact-center/")
        assert sample.contradicts_itself or not sample.read_as
    assert {name for name, sample in SAMPLES.items() if sample.read_as} == {"delete-sms-campaign"}
