"""The sandbox Kore.ai: it must be as strict as the documentation, so that the other tests prove something."""

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from kore_api.campaign_id import parse_campaign_id
from sandbox.faults import Faults
from sandbox.kore.api import KoreSandbox
from sandbox.traffic import Traffic
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID

SECRET = "sandbox-client-secret-of-32-bytes-and-more"
V1 = f"/agentassist/api/v1/public/{APP_ID}/campaign"
V2 = f"/campaign/api/v2/public/{APP_ID}/campaign"
Fake = TestClient[web.Request, web.Application]


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture
def kore(traffic: Traffic) -> KoreSandbox:
    return KoreSandbox(Faults(latency_ms=0), traffic)


@pytest.fixture
async def fake(kore: KoreSandbox) -> AsyncIterator[Fake]:
    app = web.Application()
    app.add_routes(kore.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


def headers(secret: str = SECRET, **claims: Any) -> dict[str, str]:
    whole = {"appId": "cs-sandbox", "sub": "x", "exp": time.time() + 300, "jti": str(time.perf_counter_ns())}
    kept = {name: value for name, value in (whole | claims).items() if value is not None}
    return {"auth": jwt.encode(kept, secret), "iid": APP_ID, "accountId": ACCOUNT_ID}


WRONG: dict[str, Callable[[], dict[str, str]]] = {
    "no token": lambda: headers() | {"auth": ""},
    "a bearer": lambda: headers() | {"auth": f"Bearer {headers()['auth']}"},
    "another secret": lambda: headers(secret="another-secret-of-at-least-32-bytes!"),
    "another client": lambda: headers(appId="cs-other"),
    "no client": lambda: headers(appId=None, appid="cs-sandbox"),
    "no end": lambda: headers(exp=None),
    "no jti": lambda: headers(jti=None),
    "too old": lambda: headers(exp=1),
    "too long": lambda: headers(exp=time.time() + 86_400),
    "another application": lambda: headers() | {"iid": "st-other"},
    "another account": lambda: headers() | {"accountId": "0"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_invalid_credentials_are_rejected_in_the_documented_form(
    fake: Fake, wrong: Callable[[], dict[str, str]]
) -> None:
    answer = await fake.get(f"{V1}/{SEEDED_ID}", headers=wrong())

    assert answer.status == 401
    assert [set(error) for error in (await answer.json())["errors"]] == [{"msg", "code"}]


async def test_token_is_accepted_once(fake: Fake) -> None:
    same = headers()

    assert (await fake.get(f"{V1}/{SEEDED_ID}", headers=same)).status == 200
    again = await fake.get(f"{V1}/{SEEDED_ID}", headers=same)

    assert again.status == 401
    assert "possibly a replay" in await again.text()


async def test_v2_requires_the_account_in_the_query(fake: Fake) -> None:
    assert (await fake.get(f"{V2}/{SEEDED_ID}", headers=headers())).status == 401
    with_account = await fake.get(f"{V2}/{SEEDED_ID}?accountId={ACCOUNT_ID}", headers=headers())
    assert with_account.status == 200


@pytest.mark.parametrize("segment", ["sms", "", "contactList"])
async def test_path_without_an_id_finds_no_campaign(fake: Fake, kore: KoreSandbox, segment: str) -> None:
    answer = await fake.delete(f"{V1}/{segment}?campaignType=sms", headers=headers())

    assert answer.status == 404
    assert not any(raw["deleted"] for raw in kore.memory.campaigns.values())


@pytest.mark.parametrize("query", ["", "?campaignType=voice"])
async def test_delete_of_another_type_is_refused(fake: Fake, kore: KoreSandbox, query: str) -> None:
    answer = await fake.delete(f"{V1}/{SEEDED_ID}{query}", headers=headers())

    assert answer.status == 400
    assert kore.memory.living(SEEDED_ID) is not None


async def test_received_deletes_are_recorded_until_reset(fake: Fake, kore: KoreSandbox) -> None:
    await fake.delete(f"{V1}/{SEEDED_ID}?campaignType=sms", headers={})
    await fake.delete(f"{V1}/{SEEDED_ID}?campaignType=sms", headers=headers())
    kept = await (await fake.get("/sandbox/kore/deletes")).json()

    assert [(note["campaign_id"], note["answered"]) for note in kept] == [(SEEDED_ID, 401), (SEEDED_ID, 200)]
    kore.reset()
    assert await (await fake.get("/sandbox/kore/deletes")).json() == []
    assert kore.memory.living(SEEDED_ID) is not None


async def test_list_returns_at_most_100_and_requires_a_type(fake: Fake, kore: KoreSandbox) -> None:
    for n in range(150):
        kore.memory.put(f"cd-{n}", {})

    answer = await fake.post(f"{V1}/getAllCampaignDetails", json={"type": "sms", "limit": 500}, headers=headers())
    data = (await answer.json())["data"]

    assert (len(data["results"]), data["limit"], data["hasMore"]) == (100, 100, True)
    assert data["totalResults"] > 150
    assert (await fake.post(f"{V1}/getAllCampaignDetails", json={}, headers=headers())).status == 400


@pytest.mark.parametrize(("field", "listed"), [("createdAt", True), ("updatedAt", False), ("ignored", True)])
async def test_dates_of_the_list_filter_on_the_date_that_was_set(fake: Fake, field: str, listed: bool) -> None:
    await fake.post("/sandbox/kore/date-filter", json={"field": field})
    created = "2025-06-27T09:25:53.320Z"  # of the seeded campaign, which was updated six minutes later
    body = {"type": "sms", "limit": 100, "startDate": created, "endDate": created}

    answer = await fake.post(f"{V1}/getAllCampaignDetails", json=body, headers=headers())
    data = (await answer.json())["data"]

    assert any(item["id"] == SEEDED_ID for item in data["results"]) is listed
    assert data["totalResults"] == len(data["results"])
    assert (len(data["results"]) > 3) is (field == "ignored")


async def test_account_is_filled_with_valid_campaigns_older_than_the_seeded_ones(fake: Fake) -> None:
    assert await (await fake.post("/sandbox/kore/fill", json={"count": 20_000})).json() == {"count": 20_000}
    body = {"type": "sms", "limit": 100, "skip": 0}

    answer = await fake.post(f"{V1}/getAllCampaignDetails", json=body, headers=headers())
    data = (await answer.json())["data"]

    assert data["totalResults"] == 20_000 - 3  # of voice
    assert data["results"][-1]["createdAt"] < "2025"
    assert parse_campaign_id(data["results"][-1]["id"])
    assert (await fake.post("/sandbox/kore/fill", json={})).status == 400
    assert (await fake.post("/sandbox/kore/date-filter", json={"field": "x"})).status == 400


@pytest.mark.parametrize(("kind", "key", "other"), [("sms", "id", "_id"), ("voice", "_id", "id")])
async def test_sms_and_voice_items_name_their_id_differently(fake: Fake, kind: str, key: str, other: str) -> None:
    answer = await fake.post(f"{V1}/getAllCampaignDetails", json={"type": kind}, headers=headers())

    for item in (await answer.json())["data"]["results"]:
        assert key in item
        assert not {other, "dialingStrategy", "campaignType", "deleted"} & set(item)


async def test_status_response_has_id_without_underscore(fake: Fake) -> None:
    answer = await fake.post(f"{V1}/{SEEDED_ID}/status?view=status", json={}, headers=headers())

    assert (await answer.json())["data"] == {
        "id": SEEDED_ID,
        "status": "Stopped",
        "name": "Interactive Support SMS Campaign",
    }


async def test_control_interface_sets_and_removes_campaigns(fake: Fake) -> None:
    new = "cd-00000001-0000-5000-8000-000000000001"
    made = await fake.put(f"/sandbox/kore/campaigns/{new}", json={"name": "Mine", "status": "Active"})
    assert (await made.json())["name"] == "Mine"
    shown = await fake.get(f"{V1}/{new}", headers=headers())
    assert (await shown.json())["data"]["status"] == "Active"

    await fake.delete(f"/sandbox/kore/campaigns/{new}")

    assert (await fake.get(f"{V1}/{new}", headers=headers())).status == 404
    stored = {raw["_id"]: raw for raw in await (await fake.get("/sandbox/kore/campaigns")).json()}
    assert stored[new]["deleted"] is True
    assert (await fake.delete(f"/sandbox/kore/campaigns/{new}")).status == 400
    assert (await fake.put(f"/sandbox/kore/campaigns/{new}", data="x")).status == 400


async def test_traffic_shows_everything_but_the_token(fake: Fake, traffic: Traffic) -> None:
    sent = headers()

    await fake.get(f"{V1}/{SEEDED_ID}", headers=sent)

    exchange = traffic.after()[0]
    assert (exchange["direction"], exchange["what"], exchange["status"]) == ("to_kore", "get", 200)
    assert exchange["response"]["data"]["_id"] == SEEDED_ID
    assert sent["auth"] not in json.dumps(exchange)


def test_seed_covers_statuses_and_similar_names(kore: KoreSandbox) -> None:
    stored = list(kore.memory.campaigns.values())
    names = [raw["name"] for raw in stored]

    assert stored[0]["_id"] == SEEDED_ID
    assert {"Ready", "Stopped", "Completed", "Active", "Paused", "Preparing", "Scheduled"} <= {
        raw.get("status") for raw in stored
    }
    assert names.count("Customer Welcome") == 2
    assert max(map(len, names)) <= 48
    assert {"Spring Sale Reminder", "Spring Sale Reminder ", "Spring Sale Remlnder"} <= set(names)
