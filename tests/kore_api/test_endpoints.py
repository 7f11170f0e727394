"""The requests of both API versions as they are sent."""

from datetime import datetime, timedelta, timezone
from typing import Literal

import httpx
import pytest

from kore_api.account import KoreAccount
from kore_api.endpoints import Endpoint, Endpoints
from kore_api.errors import KoreServerError
from tests.kore_api.conftest import Answering
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SAMPLE_ID

V1 = f"/agentassist/api/v1/public/{APP_ID}/campaign"
V2 = f"/campaign/api/v2/public/{APP_ID}/campaign"
IN_QUERY = {"accountId": ACCOUNT_ID}


def endpoints(version: Literal["v1", "v2"]) -> Endpoints:
    account = KoreAccount(base_url="platform.kore.ai", app_id=APP_ID, account_id=ACCOUNT_ID, api_version=version)
    return Endpoints(account)


def parts(endpoint: Endpoint) -> tuple[str, str, dict[str, str]]:
    return endpoint.method, endpoint.path, endpoint.params


def test_v1_sends_the_account_in_the_header_only() -> None:
    v1 = endpoints("v1")

    assert parts(v1.get_campaign(SAMPLE_ID)) == ("GET", f"{V1}/{SAMPLE_ID}", {})
    assert parts(v1.list_campaigns("sms", skip=0, limit=1)) == ("POST", f"{V1}/getAllCampaignDetails", {})
    assert parts(v1.contact_lists()) == ("POST", f"{V1}/contactList/getAllListDetails", {"type": "call"})
    assert parts(v1.delete_campaign(SAMPLE_ID)) == ("DELETE", f"{V1}/{SAMPLE_ID}", {"campaignType": "sms"})


def test_v2_sends_the_account_in_the_query_too() -> None:
    v2 = endpoints("v2")

    assert parts(v2.get_campaign(SAMPLE_ID)) == ("GET", f"{V2}/{SAMPLE_ID}", IN_QUERY)
    assert parts(v2.list_campaigns("sms", skip=0, limit=1)) == (
        "POST",
        f"{V2}/getAllCampaignDetails",
        IN_QUERY,
    )
    assert parts(v2.contact_lists()) == (
        "POST",
        f"{V2}/contactList/getAllListDetails",
        IN_QUERY | {"type": "call"},
    )
    assert parts(v2.delete_campaign(SAMPLE_ID)) == (
        "DELETE",
        f"{V2}/{SAMPLE_ID}",
        IN_QUERY | {"campaignType": "sms"},
    )


async def test_delete_path_ends_with_the_id_not_the_campaign_type(answering: Answering) -> None:
    """The delete-sms-campaign page prints ``/campaign/{{campaignType}}?campaignType=sms``.

    Its own path parameters list ``campaignId`` and no ``campaignType``; GET and PUT of the same resource, and the
    delete page of v2, have the id there. Sent as printed, the request would name no campaign at all.
    """
    client, sent = answering(httpx.Response(503))

    with pytest.raises(KoreServerError):
        await client.delete_campaign(SAMPLE_ID)

    assert sent[0].method == "DELETE"
    assert sent[0].url.path.endswith(f"/campaign/{SAMPLE_ID}")
    assert sent[0].url.params["campaignType"] == "sms"
    assert sent[0].url.host == "platform.kore.ai"
    assert sent[0].content == b""


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_status_is_posted_with_its_view_in_the_query(version: Literal["v1", "v2"]) -> None:
    endpoint = endpoints(version).campaign_status(SAMPLE_ID)

    root, account = (V1, {}) if version == "v1" else (V2, IN_QUERY)
    assert parts(endpoint) == ("POST", f"{root}/{SAMPLE_ID}/status", account | {"view": "status"})
    assert (endpoint.body, endpoint.campaign_id) == ({}, SAMPLE_ID)


def test_dates_of_a_list_are_sent_in_utc_with_milliseconds() -> None:
    at = datetime(2025, 6, 27, 11, 25, 53, 320_000, tzinfo=timezone(timedelta(hours=2)))
    body = endpoints("v1").list_campaigns("sms", skip=0, limit=100, dates=(at, at + timedelta(minutes=1))).body

    assert body is not None
    assert (body["startDate"], body["endDate"]) == ("2025-06-27T09:25:53.320Z", "2025-06-27T09:26:53.320Z")


def test_list_is_requested_without_dates_by_default() -> None:
    body = endpoints("v1").list_campaigns("voice", skip=100, limit=50).body

    assert body == {"type": "voice", "limit": 50, "skip": 100, "sortBy": {"createdAt": "desc"}}
