"""The address that the bot listens on."""

import socket

import httpx
import pytest

from deletion.domain.errors import StartError
from handlers.connection.health import Health
from handlers.ingress.server import Server
from tests.postgres import free_port


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="NOT RUN: this machine has no IPv6")
async def test_double_colon_serves_both_families() -> None:
    port = free_port()
    async with Server(Health(), serves_slack=False).serving("::", port), httpx.AsyncClient() as http:
        for host in ("127.0.0.1", "[::1]"):
            assert (await http.get(f"http://{host}:{port}/healthz")).status_code == httpx.codes.OK


@pytest.mark.parametrize("host", ["nonsense.invalid", "999.1.1.1", "a..b", "http://127.0.0.1"])
async def test_host_that_is_no_address_is_one_line_that_names_host(host: str) -> None:
    with pytest.raises(StartError) as caught:
        async with Server(Health(), serves_slack=False).serving(host, 1):
            pass
    assert str(caught.value) == "HOST: expected an address of this machine, such as 127.0.0.1, 0.0.0.0 or ::."


async def test_address_of_another_machine_is_one_line_that_names_host() -> None:
    with pytest.raises(StartError) as caught:
        async with Server(Health(), serves_slack=False).serving("192.0.2.1", free_port()):
            pass
    assert str(caught.value).startswith("HOST: 192.0.2.1:")
    assert str(caught.value).endswith("cannot be used (Cannot assign requested address).")


async def test_port_in_use_is_one_line_that_names_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(StartError) as caught:
        async with Server(Health(), serves_slack=False).serving("127.0.0.1", taken.getsockname()[1]):
            pass
    assert str(caught.value).startswith("PORT: 127.0.0.1:")
    assert str(caught.value).endswith("cannot be used (Address already in use).")
