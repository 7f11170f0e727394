"""Authenticate requests to Kore.ai with a JWT."""

import time
import uuid
from collections.abc import Generator

import httpx
import jwt
from pydantic import SecretStr

ALGORITHMS = ("HS256", "HS384", "HS512")
LONGEST_LIFE_SECONDS = 3600  # with a jti, Kore.ai refuses tokens that live longer
CLOCK_SLACK_SECONDS = 30  # how far this host's clock may be ahead of Kore.ai's


class KoreAuth(httpx.Auth):
    """Sends a new JWT with each request, retries included: Kore.ai rejects a used ``jti`` as "possibly a replay".

    docs.kore.ai/ai-for-service/apis/automation/api-introduction: the claim is spelt ``appId``, the token is signed with
    the client secret, and the header ``auth`` holds it without "Bearer".
    docs.kore.ai/ai-for-service/sdk/sdk-security: ``jti`` and ``exp``.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: SecretStr,
        *,
        algorithm: str = "HS256",
        subject: str = "campaign-delete",
        ttl_seconds: int = 300,
    ) -> None:
        if algorithm not in ALGORITHMS:
            raise ValueError(f"A Kore.ai token is signed with one of {', '.join(ALGORITHMS)}.")
        if not 0 < ttl_seconds <= LONGEST_LIFE_SECONDS:
            raise ValueError(f"A Kore.ai token lives between 1 and {LONGEST_LIFE_SECONDS} seconds.")
        self._client_id = client_id
        self._client_secret = client_secret
        self._algorithm = algorithm
        self._subject = subject
        self._ttl_seconds = ttl_seconds

    def __repr__(self) -> str:
        return f"KoreAuth(client_id={self._client_id!r})"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["auth"] = self._mint()
        yield request

    def _mint(self) -> str:
        now = int(time.time())
        issued_at = now - CLOCK_SLACK_SECONDS
        claims = {
            "appId": self._client_id,
            "sub": self._subject,
            "iat": issued_at,
            "exp": min(now + self._ttl_seconds, issued_at + LONGEST_LIFE_SECONDS),
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(claims, self._client_secret.get_secret_value(), algorithm=self._algorithm)
