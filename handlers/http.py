"""The HTTP surface: Slack's requests, verified before Bolt sees them, and the health of this process."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

BODY_LIMIT_BYTES = 1_000_000
TIMESTAMP_DIGITS = 12


def health_routes(is_ready: Callable[[], Awaitable[str]]) -> list[web.RouteDef]:
    """``/healthz``: this process runs. ``/readyz``: it can work; ``is_ready`` returns why not, or nothing."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        why_not = await is_ready()
        return web.Response(text=f"{why_not or 'ready'}\n", status=503 if why_not else 200)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


def slack_routes(app: AsyncApp, signing_secret: str) -> list[web.RouteDef]:
    """``/slack/events``, for commands, interactivity and events alike.

    We check the signature, because Bolt 1.30 logs the whole body of an unsigned request, and answers a malformed
    timestamp or signature with a 500 (docs.slack.dev/authentication/verifying-requests-from-slack).
    """
    verifier = SignatureVerifier(signing_secret)

    async def events(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not _is_signed(verifier, request, body):
            return web.Response(status=401, text="not signed by Slack\n")
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return [web.post("/slack/events", events)]


def _is_signed(verifier: SignatureVerifier, request: web.Request, body: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    well_formed = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= TIMESTAMP_DIGITS
    return well_formed and signature.isascii() and verifier.is_valid(body, timestamp, signature)
