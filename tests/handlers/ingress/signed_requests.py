"""Sign a request as Slack does, and send it."""

import time

from aiohttp import web
from aiohttp.test_utils import TestClient
from slack_sdk.signature import SignatureVerifier

from handlers.ingress.http import FORM

SECRET = "a-signing-secret"
BODY = "command=%2Fcampaign-delete&text=help&team_id=T0&user_id=U0ALICE&channel_id=C0&trigger_id=1.2"
Client = TestClient[web.Request, web.Application]


def signed(body: str | bytes, age_seconds: int = 0, content_type: str = FORM) -> dict[str, str]:
    timestamp = str(int(time.time()) - age_seconds)
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature), "Content-Type": content_type}


async def post(client: Client, body: str | bytes, headers: dict[str, str]) -> int:
    return (await client.post("/slack/events", data=body, headers=headers)).status
