"""In practice nothing that may change something leaves: a real server sees reads, and no connection for the rest."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from pydantic import SecretStr
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.client import KoreClient, open_client
from kore_api.endpoints import Endpoint
from kore_api.errors import KoreError, KorePracticeError, KoreThrottledError
from kore_api.practice import only_reads
from kore_api.transport import Transport
from tests.kore_api.conftest import FakeRateLimit, Version
from tests.kore_api.raw_server import RawServer, answering, serve
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID

AUTH = KoreAuth("cs-sandbox", SecretStr("sandbox-client-secret-of-32-bytes-and-more"))
REFUSING = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PREFIXES = ("/agentassist/api/v1", "/campaign/api/v1", "/campaign/api/v2")


@dataclass
class World:
    """A client in practice, and a real server that would see every connection."""

    client: KoreClient
    http: httpx.AsyncClient
    server: RawServer
    account: KoreAccount
    limit: FakeRateLimit


@pytest.fixture
async def world(version: Version) -> AsyncIterator[World]:
    async with serve(answering(REFUSING)) as server:
        account = KoreAccount(
            base_url=f"http://127.0.0.1:{server.port}",
            app_id=APP_ID,
            account_id=ACCOUNT_ID,
            api_version=version,
            is_practice=True,
        )
        async with open_client(account, AUTH) as http:
            limit = FakeRateLimit()
            client = KoreClient(account, http, limit, retry_wait=wait_none())
            yield World(client, http, server, account, limit)


SENDING: dict[str, Callable[[KoreClient], Awaitable[object]]] = {
    "delete_campaign": lambda client: client.delete_campaign(SEEDED_ID),
    "stop_campaign": lambda client: client.stop_campaign(SEEDED_ID),
    "create_campaign": lambda client: client.create_campaign({"name": "New"}),
}
READING: dict[str, Callable[[KoreClient], Awaitable[object]]] = {
    "get_campaign": lambda client: client.get_campaign(SEEDED_ID),
    "get_campaign_with_time": lambda client: client.get_campaign_with_time(SEEDED_ID),
    "get_status": lambda client: client.get_status(SEEDED_ID),
    "list_page": lambda client: client.list_page("sms", skip=0),
    "is_listed": lambda client: client.is_listed(SEEDED_ID),
    "get_contact_lists": lambda client: client.get_contact_lists(),
}


@pytest.mark.parametrize("method", SENDING)
async def test_method_that_changes_something_opens_no_connection(world: World, method: str) -> None:
    with pytest.raises(KorePracticeError):
        await SENDING[method](world.client)

    assert world.server.connections == 0


@pytest.mark.parametrize("method", READING)
async def test_method_that_reads_is_sent(world: World, method: str) -> None:
    with pytest.raises(KoreError) as found:
        await READING[method](world.client)

    assert not isinstance(found.value, KorePracticeError)
    assert world.server.heads


def test_every_method_of_the_client_is_called_here() -> None:
    calling = {name for name, of in inspect.getmembers(KoreClient, inspect.isfunction) if not name.startswith("_")}
    assert calling - {"reserving", "list_campaigns"} == {*SENDING, *READING}


@pytest.mark.parametrize("verb", ["DELETE", "PUT", "PATCH", "POST"])
async def test_operation_that_is_not_listed_cannot_bypass_the_refusal(world: World, verb: str) -> None:
    """A new operation, whichever way it sends: by the transport, as a read with retries, or by the HTTP client."""
    path = f"/campaign/api/v2/public/{APP_ID}/campaign//trigger/{SEEDED_ID}"
    endpoint = Endpoint("do something new", verb, path, {"campaignType": "sms", "trigger": "stop"}, {})
    calls: Transport = world.client._calls  # noqa: SLF001 - as a new method of the client would

    with pytest.raises(KorePracticeError):
        await calls.once(endpoint, lambda *_: None)
    with pytest.raises(KorePracticeError):
        await calls.read(endpoint, lambda *_: None)
    with pytest.raises(KorePracticeError):
        await world.http.request(verb, path)
    with pytest.raises(KorePracticeError):
        async with world.http.stream(verb, path):
            pass

    assert world.server.connections == 0


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    "rest",
    [
        "",
        f"/{SEEDED_ID}?campaignType=sms&trigger=stop",
        f"//trigger/{SEEDED_ID}?campaignType=sms&trigger=play",
        f"/{SEEDED_ID}/status?view=status&trigger=stop",
        f"/{SEEDED_ID}/status/",
        f"/{SEEDED_ID}/status/..",
        f"/{SEEDED_ID}%2Fstatus",
        "/getAllCampaignDetails/x",
        "/contactList/x/status",
        "/contactList",
    ],
)
def test_post_is_no_read_unless_it_is_a_documented_one(prefix: str, rest: str) -> None:
    assert not only_reads(httpx.Request("POST", f"https://platform.kore.ai{prefix}/public/{APP_ID}/campaign{rest}"))


async def test_time_until_the_refusal_takes_a_slot_and_tells_the_caller_before_sending(world: World) -> None:
    """Everything up to the connection is real: the rate limit admits the call, and ``before_send`` may stop it."""
    told = []

    async def before_send() -> None:
        told.append("before")

    with pytest.raises(KorePracticeError):
        await world.client.delete_campaign(SEEDED_ID, before_send=before_send)

    assert told == ["before"]
    assert len(world.limit.reserves) == 1


async def test_used_up_rate_limit_is_told_as_such(world: World) -> None:
    limit = FakeRateLimit(closed_for_seconds=3)
    async with open_client(world.account, AUTH) as http:
        with pytest.raises(KoreThrottledError):
            await KoreClient(world.account, http, limit).delete_campaign(SEEDED_ID)


async def test_client_of_practice_takes_no_other_http_client(world: World) -> None:
    async with httpx.AsyncClient() as plain:
        with pytest.raises(ValueError, match="in practice"):
            KoreClient(world.account, plain, FakeRateLimit())


async def test_proxy_does_not_lead_around_the_refusal() -> None:
    """Httpx sends by another transport where a proxy is set."""
    async with serve(answering(REFUSING)) as proxy:
        account = KoreAccount(
            base_url="https://platform.kore.ai", app_id=APP_ID, account_id=ACCOUNT_ID, is_practice=True
        )
        async with open_client(account, AUTH, proxy=f"http://127.0.0.1:{proxy.port}") as http:
            client = KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none())
            with pytest.raises(KorePracticeError):
                await client.delete_campaign(SEEDED_ID)
    assert proxy.connections == 0


def test_account_in_practice_is_another_scope_of_ids_with_the_same_rate_limit() -> None:
    real = KoreAccount(base_url="https://platform.kore.ai", app_id=APP_ID, account_id=ACCOUNT_ID)
    practice = real.model_copy(update={"is_practice": True})

    assert practice.key != real.key
    assert practice.rate_limit_key == real.rate_limit_key
