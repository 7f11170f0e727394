"""Post each outcome to the operator's URL, signed, so that the receiver can tell it from a forgery."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from deletion.domain.canonical_json import canonical_json
from deletion.stores.webhook_store import OutcomeEvent

TIMEOUT_SECONDS = 10.0
TIMESTAMP, SIGNATURE = "X-Campaign-Delete-Timestamp", "X-Campaign-Delete-Signature"


@dataclass(frozen=True)
class Webhook:
    """One URL, and the secret that signs ``<timestamp>.<body>`` with HMAC-SHA256."""

    http: httpx.AsyncClient
    url: str
    secret: str

    async def post(self, event: OutcomeEvent) -> str:
        """Return nothing if the receiver answered 2xx, else why it does not have the event."""
        body, timestamp = canonical_json(event.model_dump(mode="json")), str(int(time.time()))
        headers = {"Content-Type": "application/json", TIMESTAMP: timestamp, SIGNATURE: self.sign(timestamp, body)}
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),  # that of httpx is for each part of the call
                self.http.stream("POST", self.url, content=body, headers=headers) as answer,
            ):
                return "" if answer.is_success else f"HTTP {answer.status_code}"  # its body is not read
        except (httpx.HTTPError, TimeoutError) as error:
            return type(error).__name__

    def sign(self, timestamp: str, body: str) -> str:
        return hmac.new(self.secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


@asynccontextmanager
async def open_webhook(url: str, secret: str, proxy: str | None = None) -> AsyncIterator[Webhook]:
    """Open a connection pool for the duration of the block. It follows no redirect: the URL is the operator's."""
    verify = httpx.create_ssl_context()  # reads SSL_CERT_FILE even where trust_env is off
    client = httpx.AsyncClient(
        timeout=TIMEOUT_SECONDS, follow_redirects=False, proxy=proxy, trust_env=False, verify=verify
    )
    async with client as http:
        yield Webhook(http, url, secret)
