"""The proxy of each address, and that every client obeys it."""

import asyncio
import json

import aiohttp
import httpx
import pytest
from slack_bolt.async_app import AsyncAck
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from config import Settings
from handlers.access.slack_client import bolt_app, client_on, without_retries
from handlers.ingress.http import JSON
from kore_api.client import open_client
from settings.environment import SettingsError
from settings.proxies import Proxies
from tests.good_settings import GOOD
from tests.kore_api.conftest import AUTH

PROXY = "http://proxy.example:3128"
KORE = "https://platform.kore.ai"


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("platform.kore.ai", KORE),
        ("localhost,127.0.0.1, .kore.ai", KORE),
        ("*.kore.ai", KORE),
        ("KORE.AI", KORE),
        ("kore.ai:443", KORE),
        ("*", KORE),
        ("10.0.0.0/8", "https://10.1.2.3/api/"),
        ("10.1.2.3", "https://10.1.2.3/api/"),
        ("fd00::/8", "https://[fd00::1]/api/"),
        ("[fd00::/8]", "https://[fd00::1]/api/"),
        ("[fd00::1]:8443", "https://[fd00::1]:8443/api/"),
        ("fd00:0::1", "https://[fd00::1]/api/"),
    ],
)
def test_no_proxy_is_obeyed(no_proxy: str, url: str) -> None:
    assert Proxies({"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}).of(url) is None


@pytest.mark.parametrize(
    "no_proxy",
    [
        "",
        "[::1],fd00::/8,10.0.0.0/8,nonsense/99,[,://",
        "notkore.ai",
        "kore.ai:8443",
        "ai.kore",
        "api.platform.kore.ai",
    ],
)
def test_address_that_no_proxy_does_not_cover_goes_through_the_proxy(no_proxy: str) -> None:
    assert Proxies({"https_proxy": PROXY, "no_proxy": no_proxy}).of(KORE) == PROXY


@pytest.mark.parametrize("url", ["http://127.0.0.1:3100/api/", "http://localhost:3100", "https://[::1]:3100"])
def test_loopback_address_is_called_directly(url: str) -> None:
    assert Proxies({"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY, "ALL_PROXY": "socks5://x"}).of(url) is None


def test_variable_of_the_scheme_precedes_the_one_for_all() -> None:
    assert Proxies({"ALL_PROXY": PROXY}).of(KORE) == PROXY
    assert Proxies({"ALL_PROXY": "socks5://x", "HTTPS_PROXY": "proxy.example:3128"}).of(KORE) == PROXY
    assert Proxies({"HTTP_PROXY": PROXY}).of(KORE) is None
    assert Proxies({"HTTPS_PROXY": " "}).of(KORE) is None


@pytest.mark.parametrize(
    "wrong", ["socks5://me:hunter2@x:1", "socks5h://x", "http://", "http://[x", "http://x:hunter2"]
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_proxy_that_is_not_http_is_one_line_that_names_the_variable(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Proxies({name: wrong}).of(KORE)
    assert str(caught.value) == f"{name}: expected an http:// or https:// proxy, such as http://proxy.example:3128"


@pytest.mark.parametrize("proxy", [None, PROXY])
async def test_slack_client_uses_the_given_proxy_alone(monkeypatch: pytest.MonkeyPatch, proxy: str | None) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ignored.example:3128")
    async with aiohttp.ClientSession() as session:
        client = client_on(session, "xoxb-1", "https://slack.com/api/", proxy)
        assert client.proxy == proxy
        assert without_retries(client).proxy == proxy
        assert await _proxy_in_listener(client) == [proxy]


async def _proxy_in_listener(client: AsyncWebClient) -> list[str | None]:
    """Return the proxy of the client that Bolt gives to a listener."""
    app, found = bolt_app(client, AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U1")), []

    async def listener(ack: AsyncAck, client: AsyncWebClient) -> None:
        await ack()
        found.append(client.proxy)

    app.command("/campaign-delete")(listener)
    body = {"command": "/campaign-delete", "team_id": "T1", "user_id": "U2", "channel_id": "C1"}
    answer = await app.async_dispatch(AsyncBoltRequest(body=json.dumps(body), headers={"Content-Type": JSON}))
    assert answer.status == httpx.codes.OK
    return found


async def _reply_of_proxy(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("no_proxy", ["[::1]", "fd00::/8"])
async def test_kore_client_uses_the_given_proxy_alone(monkeypatch: pytest.MonkeyPatch, no_proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://ignored.example:1080")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    account = Settings.from_env(GOOD).kore_account()
    async with await asyncio.start_server(_reply_of_proxy, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_client(account, AUTH, proxy=f"http://127.0.0.1:{port}") as http:
            with pytest.raises(httpx.ProxyError, match="407"):
                await http.get("/")
        async with open_client(account, AUTH) as http:
            with pytest.raises(httpx.ConnectError):
                await http.get("https://127.0.0.1:1/")
