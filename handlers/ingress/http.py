"""The HTTP surface: Slack's requests, checked before Bolt sees them, and the health of this process."""

import asyncio
import json
import time
from contextlib import suppress
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from handlers.connection.health import Health
from handlers.ingress import payload
from handlers.ingress.rejection_log import RejectionLog

SLACK_PATH = "/slack/events"
BODY_LIMIT_BYTES = 1_000_000
SSL_CHECK_LIMIT_BYTES = 256
BODY_WITHIN_SECONDS = 5  # Slack itself gives up after three
MOST_FIELDS = 100
TIMESTAMP_DIGITS = 12
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SIGNED = ("X-Slack-Request-Timestamp", "X-Slack-Signature")
KEPT_HEADERS = (
    *SIGNED,
    "X-Slack-Retry-Num",
    "X-Slack-Retry-Reason",
)  # the others are unsigned, and some change what Bolt does


class RefusedError(Exception):
    """This request is rejected before any listener: a status, and a sentence that quotes nothing of it."""

    def __init__(self, status: int, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.details = details


def health_routes(health: Health) -> list[web.RouteDef]:
    """``/healthz``: this process needs no restart. ``/readyz``: it can serve. Otherwise 503 with the reason.

    ``/metrics``: counters of this process for Prometheus, without names, ids or texts.
    """

    async def healthz(_: web.Request) -> web.Response:
        return _answer(await health.why_restart(), "ok")

    async def readyz(_: web.Request) -> web.Response:
        return _answer(await health.why_not_ready(), "ready")

    async def metrics(_: web.Request) -> web.Response:
        await health.refresh_gauges()
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]


def _answer(wrong: str, right: str) -> web.Response:
    return web.Response(text=f"{wrong or right}\n", status=503 if wrong else 200)


def slack_handler(app: AsyncApp, signing_secret: str) -> Handler:
    """Return the handler of ``/slack/events``, for commands, interactions and events.

    The signature is checked here, because Bolt 1.30 logs the whole body of an unsigned request and answers a malformed
    timestamp or signature with a 500 (docs.slack.dev/authentication/verifying-requests-from-slack). The payload is
    parsed here, because Bolt takes a command with the word "payload" in its text for an interaction without one.
    """
    verifier = SignatureVerifier(signing_secret)
    refusals = RejectionLog()

    async def events(request: web.Request) -> web.StreamResponse:
        if await _is_ssl_check(request):
            return web.Response()
        try:
            _check_headers(request)
            body = _verified(verifier, request, await _body(request))
            found = _payload(body, request.content_type)
        except RefusedError as refused:
            refusals.note(str(refused), status=refused.status, details=refused.details)
            return web.Response(status=refused.status, text=f"{refused}\n")
        headers: dict[str, Any] = {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}
        as_json = AsyncBoltRequest(body=json.dumps(found), headers={**headers, "Content-Type": JSON})
        return await to_aiohttp_response(await app.async_dispatch(as_json))

    return events


async def _is_ssl_check(request: web.Request) -> bool:
    """Return whether this is Slack's check of the certificate, which may come unsigned and asks for nothing but a 200.

    docs.slack.dev/interactivity/implementing-slash-commands. Other bodies are left unread.
    """
    is_signed = any(name in request.headers for name in SIGNED)
    is_short_form = request.content_type == FORM and 0 < (request.content_length or 0) <= SSL_CHECK_LIMIT_BYTES
    if is_signed or not is_short_form or request.headers.get("Content-Encoding"):
        return False
    with suppress(RefusedError, UnicodeDecodeError):
        return ("ssl_check", "1") in parse_qsl((await _body(request)).decode())
    return False


def _check_headers(request: web.Request) -> None:
    """Check the headers before the body is read."""
    if (request.content_length or 0) > BODY_LIMIT_BYTES:
        raise RefusedError(413, "too large")
    timestamp, signature = (request.headers.getall(name, []) for name in SIGNED)
    is_signed = len(timestamp) == len(signature) == 1 and _is_timestamp(timestamp[0]) and signature[0].isascii()
    if not is_signed:
        raise RefusedError(401, "not signed by Slack")
    if request.content_type not in (FORM, JSON) or request.headers.get("Content-Encoding"):
        raise RefusedError(415, "neither a plain form nor plain JSON")


def _is_timestamp(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= TIMESTAMP_DIGITS


async def _body(request: web.Request) -> bytes:
    """Return the body. Limits its size and the time to receive it, with or without a Content-Length."""
    try:
        async with asyncio.timeout(BODY_WITHIN_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError(413, "too large") from None
    except TimeoutError:
        raise RefusedError(408, "too slow") from None
    except (web.RequestPayloadError, HttpProcessingError):
        raise RefusedError(400, "cut off or malformed") from None


def _verified(verifier: SignatureVerifier, request: web.Request, body: bytes) -> str:
    """Return the verified body as text. Slack signs UTF-8 only."""
    timestamp, signature = (request.headers[name] for name in SIGNED)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise RefusedError(401, "not signed by Slack")
    if not verifier.is_valid(text, timestamp, signature):
        if compare_digest(signature, verifier.generate_signature(timestamp=timestamp, body=text) or ""):
            difference = f"clock difference {int(time.time()) - int(timestamp)} s"
            raise RefusedError(401, "signed by Slack, but not within the last five minutes", difference)
        raise RefusedError(401, "not signed by Slack")
    return text


def _payload(body: str, content_type: str) -> dict[str, Any]:
    """Parse JSON, or a form: the fields of a command, or one field ``payload`` that holds JSON."""
    try:
        if content_type == FORM:
            fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
            found = json.loads(fields["payload"]) if "payload" in fields else fields
        else:
            found = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "not readable") from None
    try:
        return payload.read(found)
    except payload.UnexpectedPayloadError as error:
        raise RefusedError(400, "nothing that Slack sends", str(error)) from None
