"""Trace each request with OpenTelemetry: one trace from the click to the outcome, on whichever replicas it ran.

The trace has the request's id, so replicas need not tell each other. Attributes have no query strings, because these
name users. Only settings/traces.py imports this module, if ``OTEL_*`` variables name a receiver
(requirements/otel.txt).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from typing import Any

import aiohttp
import httpx
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.aiohttp_client import create_trace_config
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from yarl import URL

from deletion.db.daemon_thread import in_daemon_thread
from deletion.domain import log_context
from deletion.domain.errors import StartError

SENT_WITHIN_SECONDS = 2.0  # what is left at the stop
URLS = ("http.url", "url.full")  # the attribute's name in the old and in the new semantic conventions


class Tracing:
    """Implements ``log_context.Tracer``."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        resource = Resource.create({"service.name": "campaign-delete"})
        self.provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self.provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self._tracer = self.provider.get_tracer("campaign-delete")

    def begin(self, request_id: str) -> None:
        context.attach(_trace_of(request_id))

    def span(self, request_id: str, task: str) -> AbstractContextManager[object]:
        return self._tracer.start_as_current_span(task, _trace_of(request_id), attributes={"request_id": request_id})

    def of_slack(self) -> list[aiohttp.TraceConfig]:
        """Return what traces the calls of a session to Slack."""
        return [create_trace_config(url_filter=_without_secrets, tracer_provider=self.provider)]

    def follow_kore(self, client: httpx.AsyncClient) -> None:
        """Trace the calls of a client to Kore.ai."""
        HTTPXClientInstrumentor.instrument_client(client, self.provider, request_hook=_without_query)


@asynccontextmanager
async def opened() -> AsyncIterator[Tracing]:
    """Trace for the duration of the block. Raises StartError for what OpenTelemetry does not accept."""
    try:
        tracing = Tracing()
    except ValueError as error:
        raise StartError(f"OTEL_*: traces cannot be set up ({str(error).rstrip('.')}).") from None
    log_context.trace_with(tracing)
    try:
        yield tracing
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(SENT_WITHIN_SECONDS):
                await in_daemon_thread(tracing.provider.shutdown)


def _trace_of(request_id: str) -> context.Context:
    """Return the context of the request's trace; its first span has half of the request's id."""
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)
    first = trace.SpanContext(int(request_id, 16), int(request_id[:16], 16), is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(first))


def _without_secrets(url: URL) -> str:
    """Return the address of a method. Those of response URLs and uploads are secrets, which need no token."""
    return str(url.with_query(None) if "/api/" in url.path else url.origin())


async def _without_query(span: trace.Span, request: Any) -> None:
    url = str(httpx.URL(str(request.url)).copy_with(query=None))
    attributes = getattr(span, "attributes", None) or {}  # a span that is not recorded has none
    for name in URLS:
        if name in attributes:
            span.set_attribute(name, url)
