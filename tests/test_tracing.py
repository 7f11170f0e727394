"""Traces: the calls for a request, on any replica, are in the trace that has the request's id."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from deletion.domain import log_context
from deletion.domain.errors import StartError
from handlers.access.slack_client import client_on
from settings.traces import RECEIVERS, import_tracing, is_traced
from tests.deletion.values import request
from tests.simulation.stories.steps import approve, request_deletion
from tests.stories.conftest import open_world
from tracing import Tracing, opened


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
async def tracing(spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tracing]:
    tracing = Tracing(spans)
    monkeypatch.setattr(log_context, "_tracer", tracing)
    yield tracing
    tracing.provider.shutdown()


@pytest.fixture
async def vendor() -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    server_app = web.Application()
    server_app.add_routes([web.route("*", "/{path:.*}", answer)])
    async with TestServer(server_app) as server:
        yield str(server.make_url("/"))


async def test_calls_of_two_replicas_are_in_the_trace_of_the_request(
    tracing: Tracing, spans: InMemorySpanExporter, vendor: str
) -> None:
    asked, other = request(), request()
    for _ in range(2):  # each replica knows only the request's row
        async with (
            httpx.AsyncClient(base_url=vendor) as kore,
            aiohttp.ClientSession(trace_configs=tracing.of_slack()) as session,
        ):
            tracing.follow_kore(kore)
            with log_context.enter(asked, "execute"):
                await kore.get("/campaign/cd-1", params={"accountId": "67777"})
                await client_on(session, "xoxb-sandbox", f"{vendor}api/").users_info(user="U0ALICE")
            with log_context.enter(other, "execute"):
                await kore.delete("/campaign/cd-2")
    tracing.provider.force_flush()

    found = spans.get_finished_spans()
    by_trace = [f"{span.context.trace_id:032x}" for span in found if span.context]
    assert (by_trace.count(asked.id), by_trace.count(other.id), len(found)) == (6, 4, 10)
    told = " ".join(str(value) for span in found for value in (span.attributes or {}).values())
    assert "/campaign/cd-1" in told
    assert "users.info" in told
    assert "U0ALICE" not in told
    assert "67777" not in told


@pytest.mark.parametrize("path", ["upload/v1/5ecre7", "commands/T0/137/5ecre7", "actions/T0/137/5ecre7?x=1"])
async def test_addresses_that_need_no_token_are_not_in_a_trace(
    tracing: Tracing, spans: InMemorySpanExporter, vendor: str, path: str
) -> None:
    async with aiohttp.ClientSession(trace_configs=tracing.of_slack()) as session, session.post(f"{vendor}{path}"):
        pass
    tracing.provider.force_flush()

    (span,) = spans.get_finished_spans()

    assert vendor.rstrip("/") in (span.attributes or {}).values()
    assert "5ecre7" not in span.to_json()


async def test_later_calls_of_a_listener_are_in_the_trace(
    tracing: Tracing, spans: InMemorySpanExporter, vendor: str
) -> None:
    asked = request()
    async with httpx.AsyncClient(base_url=vendor) as kore:
        tracing.follow_kore(kore)
        log_context.begin(asked)
        await kore.get("/")
    tracing.provider.force_flush()
    (span,) = spans.get_finished_spans()
    assert span.context
    assert f"{span.context.trace_id:032x}" == asked.id


@pytest.mark.parametrize(
    "environ", [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}]
)
def test_traces_are_off_unless_a_receiver_is_named(environ: dict[str, str]) -> None:
    assert not is_traced(environ)
    assert is_traced({**environ, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": ""})


def test_missing_packages_are_one_line_that_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tracing")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(StartError, match=r"^OTEL_EXPORTER_OTLP_ENDPOINT: traces need pip install .*otel\.txt"):
        import_tracing({})


@pytest.mark.long
async def test_bot_traces_a_request_from_the_click_to_the_outcome(tmp_path: Path) -> None:
    received: list[bytes] = []

    async def receive(sent: web.Request) -> web.Response:
        received.append(await sent.read())
        return web.Response()

    server_app = web.Application()
    server_app.add_routes([web.post("/v1/traces", receive)])
    settings = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "0"}
    async with TestServer(server_app) as server:
        otel = {"OTEL_EXPORTER_OTLP_ENDPOINT": str(server.make_url("/")), "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
        async with open_world(tmp_path, "http", "v1", **settings, **otel) as world:
            campaign, bob = await world.fresh_campaign(), world.person("U0BOB")
            assert not await approve(bob, await request_deletion(world, campaign))
            await bob.reads("was deleted.", "C0APPROVALS")
        sent = b"".join(received)
    assert campaign.encode() in sent
    assert b"chat.update" in sent
    assert b"U0BOB" not in sent


@pytest.mark.parametrize("address", ["collector:4318", '"http://collector:4318"', "ftp://collector", "http://"])
@pytest.mark.parametrize("name", RECEIVERS)
def test_address_that_no_trace_can_be_sent_to_stops_the_start(name: str, address: str) -> None:
    with pytest.raises(StartError) as caught:
        import_tracing({name: address})
    assert str(caught.value) == f"{name}: expected an http(s) address such as http://collector:4318"


@pytest.mark.parametrize(
    ("name", "value"), [("OTEL_BSP_MAX_QUEUE_SIZE", "-1"), ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many")]
)
async def test_setting_that_opentelemetry_refuses_is_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StartError, match=r"^OTEL_\*: traces cannot be set up \([^\n]+\)\.$"):
        async with opened():
            pass
