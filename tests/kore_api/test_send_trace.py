"""Whether a request can have left: over real proxies, TLS and sockets, and by the libraries' exception classes."""

import asyncio
import inspect
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import httpcore
import httpx
import pytest
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.causes import Cause
from kore_api.client import KoreClient, open_client
from kore_api.errors import KoreError, KoreNoAnswerError, KoreUnreachableError
from kore_api.send_trace import CAN_HAVE_LEFT, SendTrace, send_always
from tests.kore_api.conftest import AUTH, Answering, FakeRateLimit, World
from tests.kore_api.raw_server import (
    Behaviour,
    RawServer,
    answering,
    deaf,
    dripping,
    greeting,
    resetting,
    serve,
    silent,
)
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SEEDED_ID
from tests.tls import certificate


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@asynccontextmanager
async def client_of(
    base_url: str, *, seconds: float = 20, connect_seconds: float = 5, proxy: str | None = None
) -> AsyncIterator[KoreClient]:
    account = KoreAccount(base_url=base_url, app_id=APP_ID, account_id=ACCOUNT_ID)
    async with open_client(account, AUTH, connect_timeout_seconds=connect_seconds, proxy=proxy) as http:
        yield KoreClient(
            account, http, FakeRateLimit(), retry_wait=wait_none(), read_seconds=seconds, call_seconds=seconds
        )


async def failure_of_delete(client: KoreClient) -> KoreError:
    with pytest.raises(KoreError) as caught:
        await client.delete_campaign(SEEDED_ID)
    return caught.value


def exceptions_of(library: ModuleType) -> set[type[BaseException]]:
    """Every exception that the library or one of its modules defines."""
    modules = [library, *(found for _, found in inspect.getmembers(library, inspect.ismodule))]
    classes = {found for module in modules for _, found in inspect.getmembers(module, inspect.isclass)}
    ours = {found for found in classes if found.__module__.partition(".")[0] == library.__name__}
    return {found for found in ours if issubclass(found, BaseException)}


@pytest.mark.parametrize("library", [httpx, httpcore], ids=lambda library: str(library.__name__))
def test_every_exception_of_the_installed_library_is_classified(library: ModuleType) -> None:
    table = {kind for kind in CAN_HAVE_LEFT if kind.__module__.partition(".")[0] == library.__name__}

    assert exceptions_of(library) == table


def test_httpx_classes_are_classified_as_those_they_are_mapped_from() -> None:
    shared = {kind.__name__ for kind in exceptions_of(httpx)} & {kind.__name__ for kind in exceptions_of(httpcore)}

    assert len(shared) > 10
    for name in shared:
        assert CAN_HAVE_LEFT[getattr(httpx, name)] is CAN_HAVE_LEFT[getattr(httpcore, name)], name


@pytest.mark.parametrize("kind", CAN_HAVE_LEFT, ids=lambda kind: f"{kind.__module__.partition('.')[0]}-{kind.__name__}")
async def test_class_decides_where_the_transport_reports_nothing(answering: Answering, kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    client, _ = answering(error)

    failure = await failure_of_delete(client)

    assert failure.may_have_happened is CAN_HAVE_LEFT[kind]
    assert failure.__cause__ is error


@pytest.mark.parametrize(
    "error", [RecursionError(), UnicodeError(), OSError(), MemoryError(), RuntimeError()], ids=repr
)
async def test_unknown_exception_may_have_happened(answering: Answering, error: Exception) -> None:
    client, _ = answering(error)

    assert (await failure_of_delete(client)).may_have_happened


REFUSING = b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"
PROXIES: dict[str, Callable[[RawServer], Behaviour]] = {
    "403": answering(REFUSING % b"403 Forbidden"),
    "407": answering(REFUSING % b"407 Proxy Authentication Required"),
    "502": answering(REFUSING % b"502 Bad Gateway"),
    "not HTTP": answering(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "reset": resetting,
    "silent": silent,
}


@pytest.mark.parametrize("behaviour", PROXIES.values(), ids=PROXIES)
async def test_request_that_a_proxy_does_not_tunnel_was_not_sent(behaviour: Callable[[RawServer], Behaviour]) -> None:
    async with serve(behaviour) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        async with client_of("https://kore.example", seconds=1, proxy=address) as client:
            failure = await failure_of_delete(client)

    assert [head.partition(b"\r\n")[0] for head in proxy.heads] == [b"CONNECT kore.example:443 HTTP/1.1"]
    assert type(failure) is KoreUnreachableError
    assert failure.cause is Cause.PROXY
    assert not failure.may_have_happened
    assert str(failure) == "Kore.ai was not asked to delete the campaign: the proxy refused the connection."


async def test_tunnel_that_ends_before_tls_means_not_sent() -> None:
    async with serve(answering(REFUSING % b"200 OK")) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        async with client_of("https://kore.example", proxy=address) as client:
            failure = await failure_of_delete(client)

    assert (type(failure), failure.cause) == (KoreUnreachableError, Cause.TLS)


async def test_untrusted_certificate_means_not_sent(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    async with serve(resetting, tls=context) as server, client_of(f"https://127.0.0.1:{server.port}") as client:
        failure = await failure_of_delete(client)

    assert (type(failure), failure.cause, server.heads) == (KoreUnreachableError, Cause.TLS, [])


async def test_server_that_speaks_no_tls_means_not_sent() -> None:
    async with serve(greeting) as server, client_of(f"https://127.0.0.1:{server.port}") as client:
        failure = await failure_of_delete(client)

    assert (type(failure), failure.cause) == (KoreUnreachableError, Cause.TLS)


async def test_time_out_during_the_tls_handshake_means_not_sent() -> None:
    async with serve(deaf) as server, client_of(f"https://127.0.0.1:{server.port}", connect_seconds=0.2) as client:
        failure = await failure_of_delete(client)

    assert (type(failure), failure.cause) == (KoreUnreachableError, Cause.CONNECTION)


async def test_host_that_does_not_exist_means_not_sent() -> None:
    async with client_of("https://kore.invalid") as client:
        failure = await failure_of_delete(client)

    assert (type(failure), failure.cause) == (KoreUnreachableError, Cause.CONNECTION)


@pytest.mark.parametrize("behaviour", [resetting, silent, dripping, answering(b"HTTP/1.1 nonsense\r\n\r\n")])
async def test_failure_after_the_request_was_read_may_have_happened(
    behaviour: Callable[[RawServer], Behaviour],
) -> None:
    async with serve(behaviour) as server, client_of(f"http://127.0.0.1:{server.port}", seconds=2) as client:
        failure = await failure_of_delete(client)

    assert [head.startswith(b"DELETE ") for head in server.heads] == [True]
    assert (type(failure), failure.cause) == (KoreNoAnswerError, Cause.NO_ANSWER)


async def test_failure_after_the_request_was_read_over_tls_may_have_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with serve(resetting, tls=context) as server, client_of(f"https://127.0.0.1:{server.port}") as client:
        failure = await failure_of_delete(client)

    assert len(server.heads) == 1
    assert type(failure) is KoreNoAnswerError


@pytest.mark.parametrize("behaviour", [silent, dripping])
async def test_read_with_its_retries_ends_within_its_total_time(behaviour: Callable[[RawServer], Behaviour]) -> None:
    async with serve(behaviour) as server, client_of(f"http://127.0.0.1:{server.port}", seconds=0.3) as client:
        for read in (client.get_campaign(SEEDED_ID), client.get_contact_lists(), client.is_listed(SEEDED_ID)):
            started = time.monotonic()
            with pytest.raises(KoreNoAnswerError):
                await read
            assert time.monotonic() - started < 10


async def test_payload_that_cannot_be_encoded_is_not_sent(world: World) -> None:
    with pytest.raises(KoreUnreachableError) as caught:
        await world.client.create_campaign({"name": "\ud83d"})

    assert caught.value.cause is Cause.UNEXPECTED
    assert world.traffic.after() == []


async def test_rate_limiter_that_fails_means_not_sent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.rate_limit, "acquire", fail)

    failure = await failure_of_delete(world.client)

    assert (type(failure), failure.cause) == (KoreUnreachableError, Cause.UNEXPECTED)
    assert world.traffic.after() == []


async def test_callback_that_fails_does_not_hide_the_result(world: World) -> None:
    async def fail(_: KoreError | None) -> None:
        raise ZeroDivisionError

    async with open_client(world.account, AUTH) as http:
        client = KoreClient(world.account, http, FakeRateLimit(), on_result=fail)
        assert (await client.delete_campaign(SEEDED_ID)).message


class StoppedError(Exception):
    pass


@pytest.mark.parametrize("allowed", [0, 1])
async def test_before_send_stops_the_request_when_slot_is_held_and_again_when_connection_is_open(
    world: World, allowed: int
) -> None:
    held: list[int] = []

    async def stop() -> None:
        held.append(world.rate_limit.held)
        if len(held) > allowed:
            raise StoppedError

    with pytest.raises(StoppedError):
        await world.client.delete_campaign(SEEDED_ID, before_send=stop)

    assert held == [1] * (allowed + 1)
    assert world.rate_limit.held == 0
    assert world.traffic.after() == []
    assert (await world.client.delete_campaign(SEEDED_ID)).message


async def test_before_send_runs_after_the_tunnel_is_open() -> None:
    calls = 0

    async def count() -> None:
        nonlocal calls
        calls += 1

    async with serve(PROXIES["403"]) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        async with client_of("https://kore.example", proxy=address) as client:
            with pytest.raises(KoreUnreachableError):
                await client.delete_campaign(SEEDED_ID, before_send=count)

    assert calls == 1


async def test_request_that_is_cancelled_reports_no_result() -> None:
    results: list[KoreError | None] = []

    async def record(error: KoreError | None) -> None:
        results.append(error)

    async with serve(silent) as server:
        account = KoreAccount(base_url=f"http://127.0.0.1:{server.port}", app_id=APP_ID, account_id=ACCOUNT_ID)
        async with open_client(account, AUTH) as http:
            client = KoreClient(account, http, FakeRateLimit(), on_result=record)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.delete_campaign(SEEDED_ID), 0.2)

    assert results == []


async def test_unknown_step_of_the_transport_counts_as_sending() -> None:
    trace = SendTrace(send_always)

    await trace.hand_over()
    await trace("connection.connect_tcp.started", {})
    assert not trace.can_have_left(httpx.ReadError("x"))
    await trace("http12.open_stream.started", {})

    assert trace.can_have_left(httpx.ConnectError("x"))
