"""Check the token, the application and the account of a request."""

import time
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web
from jwt.types import Options

from sandbox.kore.answers import error

APP_ID = "st-0603182c-7ffb-53c3-b307-47ca14b90001"
ACCOUNT_ID = "67777ce93e25326494e90001"
CLIENT_ID = "cs-sandbox"
CLIENT_SECRET = "sandbox-client-secret-of-32-bytes-and-more"
LONGEST_LIFE_SECONDS = 3600


@dataclass(frozen=True)
class Credentials:
    """What a caller must know of one app of one account."""

    app_id: str = APP_ID
    account_id: str = ACCOUNT_ID
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET


FIRST = Credentials()
SECOND = Credentials(
    "st-0603182c-7ffb-53c3-b307-47ca14b90002",
    "67777ce93e25326494e90002",
    "cs-sandbox-second",
    "second-sandbox-client-secret-of-32-bytes-and-more",
)


class KoreAuth:
    """Accepts each ``jti`` once: docs.kore.ai/ai-for-service/sdk/sdk-security, "Enforce JTI"."""

    def __init__(self, expected: Credentials = FIRST) -> None:
        self._expected = expected
        self._seen: set[str] = set()
        self.tokens: list[str] = []  # every token received, for tests that search for leaked ones

    def refuse(self, request: web.Request) -> web.Response | None:
        """Return a 401, or None if the request may pass. A token counts as used even if the rest is wrong."""
        self.tokens.append(request.headers.get("auth", ""))
        problem = self._token_problem(self.tokens[-1]) or self._address_problem(request)
        return error(problem, 401) if problem else None

    def _token_problem(self, token: str) -> str | None:
        # PyJWT would ask the operating system for the time; _claims_problem asks Python, as everything else here does.
        options: Options = {"require": ["appId", "exp", "jti"], "verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(token, self._expected.client_secret, algorithms=["HS256"], options=options)
        except jwt.PyJWTError as problem:
            return f"error verifying the jwt: {problem}"
        return self._claims_problem(claims)

    def _claims_problem(self, claims: dict[str, Any]) -> str | None:
        if claims["appId"] != self._expected.client_id:
            return "error verifying the jwt: unknown appId"
        if claims["exp"] <= time.time():
            return "error verifying the jwt: Signature has expired"
        if claims["exp"] > time.time() + LONGEST_LIFE_SECONDS:
            return 'error verifying the jwt: if "jti" claim "exp" must be <= 1 hour(s)'
        if claims["jti"] in self._seen:
            return "error verifying the jwt: possibly a replay"
        self._seen.add(claims["jti"])
        return None

    def _address_problem(self, request: web.Request) -> str | None:
        """v2 wants the account in the query too: docs.kore.ai/…/delete-sms-campaign-v2."""
        if {request.match_info["app"], request.headers.get("iid")} != {self._expected.app_id}:
            return "unknown application"
        accounts = {request.headers.get("accountId")}
        if "/api/v2/" in request.path:
            accounts.add(request.query.get("accountId"))
        return None if accounts == {self._expected.account_id} else "unknown account"
