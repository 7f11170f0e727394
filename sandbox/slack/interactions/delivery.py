"""Deliver payloads to the bot: by Socket Mode if connected, else by signed HTTP."""

import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.errors import NotPossible
from sandbox.slack.seed import SIGNING_SECRET
from sandbox.slack.socket_mode import Sockets
from sandbox.traffic import Traffic

ACK_SECONDS = 3.0
_OK = range(200, 300)
_PRIVATE = ("token",)


@dataclass(frozen=True)
class Ack:
    """The bot's answer, or Slack's error name if there is none in time; ``status`` is for HTTP."""

    payload: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    status: int | None = None


Post = Callable[[str, str, dict[str, Any], int], Awaitable[Ack]]  # url, kind, payload, age in seconds


class Delivery:
    """Delivers to ``request_url`` in HTTP mode, signed as in docs.slack.dev/authentication/verifying-requests.

    ``post`` replaces the HTTP request; it raises TimeoutError, or ConnectionError if nothing listens there.
    """

    def __init__(self, sockets: Sockets, traffic: Traffic, post: Post | None = None) -> None:
        self.request_url: str | None = None
        self.ack_timeout_seconds = ACK_SECONDS
        self._sockets = sockets
        self._traffic = traffic
        self._post = post or self._post_by_http
        self._session: aiohttp.ClientSession | None = None
        self._last: tuple[str, dict[str, Any]] | None = None

    @property
    def mode(self) -> str:
        if len(self._sockets):
            return "socket"
        return "http" if self.request_url else "none"

    async def deliver(self, kind: str, payload: dict[str, Any], *, age_seconds: int = 0) -> Ack:
        """Deliver a payload. ``kind`` is an envelope type of Socket Mode: slash_commands, interactive or events_api."""
        self._last = kind, payload
        started = time.monotonic()
        try:
            if self.mode == "socket":
                ack = Ack(await self._sockets.send(kind, payload, self.ack_timeout_seconds))
            elif self.request_url:
                ack = await self._post(self.request_url, kind, payload, age_seconds)
            else:
                ack = Ack(error="dispatch_failed")
        except TimeoutError:
            ack = Ack(error="operation_timeout")
        except (aiohttp.ClientError, ConnectionError):
            ack = Ack(error="dispatch_failed")
        shown = {name: value for name, value in payload.items() if name not in _PRIVATE}
        status = ack.error or ack.status or self.mode
        self._traffic.record(
            "to_bot", what_of(kind, payload), status=status, ms=1000 * (time.monotonic() - started),
            request=shown, response=ack.payload,
        )  # fmt: skip
        return ack

    async def again(self, age_seconds: int = 0) -> Ack:
        """Replay the last delivery, by HTTP as if signed that long ago. Raises NotPossible if there was none."""
        if self._last is None:
            raise NotPossible("Nothing was sent to the bot yet.")
        return await self.deliver(*self._last, age_seconds=age_seconds)

    async def ssl_check(self) -> int:
        """Send the unsigned check of a certificate and return the bot's status. Raises NotPossible in Socket Mode."""
        if self.request_url is None:
            raise NotPossible("The bot has no request URL.")
        fields = {"ssl_check": "1", "token": "sandbox-verification-token"}
        async with self._http().post(self.request_url, data=fields) as answer:
            return answer.status

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _post_by_http(self, url: str, kind: str, payload: dict[str, Any], age_seconds: int) -> Ack:
        content_type, body = encoded(kind, payload)
        headers = {**signed_headers(body, int(time.time()) - age_seconds), "Content-Type": content_type}
        limit = aiohttp.ClientTimeout(total=self.ack_timeout_seconds)
        async with self._http().post(url, data=body, headers=headers, timeout=limit) as answer:
            text = await answer.text()
            if answer.status not in _OK:
                return Ack(error="dispatch_failed", status=answer.status)
            if answer.content_type == "application/json" and text:
                return Ack(json.loads(text), status=answer.status)
            return Ack({"text": text} if text else {}, status=answer.status)


def encoded(kind: str, payload: dict[str, Any]) -> tuple[str, bytes]:
    """Return content type and body, as Slack sends each kind by HTTP."""
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def signed_headers(body: bytes, timestamp: int) -> dict[str, str]:
    digest = hmac.new(SIGNING_SECRET.encode(), b"v0:%d:%s" % (timestamp, body), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": f"v0={digest}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def what_of(kind: str, payload: dict[str, Any]) -> str:
    """Return the name of a delivery in the traffic list."""
    if kind == "events_api" and isinstance(event := payload.get("event"), dict):
        return str(event.get("type"))
    return str(payload.get("command") if kind == "slash_commands" else payload.get("type"))
