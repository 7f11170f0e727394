"""A call to a server that never ends its answer ends within its total time."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.causes import Cause
from kore_api.client import KoreClient, open_client
from kore_api.errors import KoreError, KoreNoAnswerError, KoreUnreachableError
from tests.kore_api.conftest import AUTH, FakeRateLimit
from tests.kore_api.raw_server import Behaviour, RawServer, dripping, serve, silent
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID
from tests.stopped_loop import StoppedLoop, with_time_passing

READS: dict[str, Callable[[KoreClient], Any]] = {
    "campaign": lambda client: client.get_campaign(SEEDED_ID),
    "contact lists": lambda client: client.get_contact_lists(),
    "list": lambda client: client.is_listed(SEEDED_ID),
}


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": StoppedLoop}


@dataclass
class Hung:
    """A client of a server that hangs. Time passes while the server has the head of the client's last try."""

    server: RawServer
    client: KoreClient
    rate_limit: FakeRateLimit

    async def failure_of(self, call: Any) -> KoreError:
        with pytest.raises(KoreError) as caught:
            await with_time_passing(call, lambda: len(self.server.heads) == len(self.rate_limit.reserves))
        return caught.value


@asynccontextmanager
async def hung(behaviour: Callable[[RawServer], Behaviour], base_url: str = "") -> AsyncIterator[Hung]:
    async with serve(behaviour) as server:
        address = f"http://127.0.0.1:{server.port}"
        account = KoreAccount(base_url=base_url or address, app_id=APP_ID, account_id=ACCOUNT_ID)
        async with open_client(account, AUTH, proxy=address if base_url else None) as http:
            rate_limit = FakeRateLimit()
            yield Hung(server, KoreClient(account, http, rate_limit, retry_wait=wait_none()), rate_limit)


@pytest.mark.parametrize("behaviour", [silent, dripping])
@pytest.mark.parametrize("read", READS.values(), ids=READS)
async def test_read_with_its_retries_ends(
    behaviour: Callable[[RawServer], Behaviour], read: Callable[[KoreClient], Any]
) -> None:
    async with hung(behaviour) as kore:
        assert type(await kore.failure_of(read(kore.client))) is KoreNoAnswerError


@pytest.mark.parametrize("behaviour", [silent, dripping])
async def test_delete_without_an_answer_may_have_happened(behaviour: Callable[[RawServer], Behaviour]) -> None:
    async with hung(behaviour) as kore:
        failure = await kore.failure_of(kore.client.delete_campaign(SEEDED_ID))

    assert [head.startswith(b"DELETE ") for head in kore.server.heads] == [True]
    assert (type(failure), failure.cause) == (KoreNoAnswerError, Cause.NO_ANSWER)


async def test_request_that_a_silent_proxy_does_not_tunnel_was_not_sent() -> None:
    async with hung(silent, base_url="https://kore.example") as kore:
        failure = await kore.failure_of(kore.client.delete_campaign(SEEDED_ID))

    assert [head.partition(b"\r\n")[0] for head in kore.server.heads] == [b"CONNECT kore.example:443 HTTP/1.1"]
    assert (type(failure), failure.cause, failure.may_have_happened) == (KoreUnreachableError, Cause.PROXY, False)
    assert str(failure) == "Kore.ai was not asked to delete the campaign: the proxy refused the connection."
