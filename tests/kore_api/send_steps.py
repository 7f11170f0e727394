"""Clients of raw servers and proxies, and the failure of their DELETE."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.client import KoreClient, open_client
from kore_api.errors import KoreError
from tests.kore_api.conftest import AUTH, FakeRateLimit
from tests.kore_api.raw_server import Behaviour, RawServer, answering, resetting
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID
from tests.time_limits import HANGS_AFTER_SECONDS


@asynccontextmanager
async def client_of(
    base_url: str, *, connect_seconds: float = HANGS_AFTER_SECONDS, proxy: str | None = None
) -> AsyncIterator[KoreClient]:
    account = KoreAccount(base_url=base_url, app_id=APP_ID, account_id=ACCOUNT_ID)
    async with open_client(account, AUTH, connect_timeout_seconds=connect_seconds, proxy=proxy) as http:
        yield KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none())


async def failure_of_delete(client: KoreClient) -> KoreError:
    with pytest.raises(KoreError) as caught:
        await client.delete_campaign(SEEDED_ID)
    return caught.value


REFUSING = b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"
PROXIES: dict[str, Callable[[RawServer], Behaviour]] = {
    "403": answering(REFUSING % b"403 Forbidden"),
    "407": answering(REFUSING % b"407 Proxy Authentication Required"),
    "502": answering(REFUSING % b"502 Bad Gateway"),
    "not HTTP": answering(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "reset": resetting,
}
