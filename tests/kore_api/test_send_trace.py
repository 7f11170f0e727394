"""Whether a request can have left: over real proxies, TLS and sockets, and by the libraries' exception classes."""

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import httpcore
import httpx
import pytest

from kore_api.causes import Cause
from kore_api.errors import KoreNoAnswerError, KoreUnreachableError
from kore_api.send_trace import CAN_HAVE_LEFT, SendTrace, send_always
from tests.kore_api.conftest import Answering, World
from tests.kore_api.raw_server import (
    Behaviour,
    RawServer,
    answering,
    deaf,
    greeting,
    resetting,
    serve,
)
from tests.kore_api.send_steps import PROXIES, REFUSING, client_of, failure_of_delete
from tests.tls import certificate


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


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


@pytest.mark.parametrize("behaviour", PROXIES.values(), ids=PROXIES)
async def test_request_that_a_proxy_does_not_tunnel_was_not_sent(behaviour: Callable[[RawServer], Behaviour]) -> None:
    async with serve(behaviour) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        async with client_of("https://kore.example", proxy=address) as client:
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


@pytest.mark.parametrize("behaviour", [resetting, answering(b"HTTP/1.1 nonsense\r\n\r\n")])
async def test_failure_after_the_request_was_read_may_have_happened(
    behaviour: Callable[[RawServer], Behaviour],
) -> None:
    async with serve(behaviour) as server, client_of(f"http://127.0.0.1:{server.port}") as client:
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


async def test_payload_that_cannot_be_encoded_is_not_sent(world: World) -> None:
    with pytest.raises(KoreUnreachableError) as caught:
        await world.client.create_campaign({"name": "\ud83d"})

    assert caught.value.cause is Cause.UNEXPECTED
    assert world.traffic.after() == []


async def test_unknown_step_of_the_transport_counts_as_sending() -> None:
    trace = SendTrace(send_always)

    await trace.hand_over()
    await trace("connection.connect_tcp.started", {})
    assert not trace.can_have_left(httpx.ReadError("x"))
    await trace("http12.open_stream.started", {})

    assert trace.can_have_left(httpx.ConnectError("x"))
