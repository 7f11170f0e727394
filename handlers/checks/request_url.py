"""Check that the app's request URL leads to a bot with this signing secret, as Slack does when it verifies the URL."""

import json
import time
from secrets import token_hex

import aiohttp
from slack_sdk.signature import SignatureVerifier

from deletion.domain.check import CheckResult, failed, not_checked, passed

ANSWER_WITHIN_SECONDS = 10
NAME = "Request URL"


async def check_request_url(url: str, signing_secret: str, proxy: str | None = None) -> CheckResult:
    """Send what Slack sends to verify a URL (docs.slack.dev/reference/events/url_verification), signed likewise."""
    if not url:
        cure = "Start the bot, and run again with --request-url https://<your host>/slack/events."
        return not_checked(NAME, "only you and Slack know it", cure)
    challenge = token_hex(16)
    body = json.dumps({"type": "url_verification", "challenge": challenge})
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(signing_secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
    }
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False, proxy=proxy) as answer,
        ):
            said = (await answer.content.read(1000)).decode(errors="replace")
            return _judge(url, answer.status, is_ours=answer.status == 200 and challenge in said)  # noqa: PLR2004
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return failed(NAME, f"{url} cannot be reached ({type(error).__name__})", "Start the bot and its TLS proxy.")


def _judge(url: str, status: int, *, is_ours: bool) -> CheckResult:
    if is_ours:
        return passed(NAME, f"{url} leads to a bot with this signing secret")
    if status == 401:  # noqa: PLR2004 - HTTP
        text = f"{url} rejects this signing secret, or its clock is five minutes off (401)"
        return failed(NAME, text, "Set the app's SLACK_SIGNING_SECRET for that bot, and compare the clocks.")
    text = f"{url} answers {status}, not as this bot"
    return failed(NAME, text, "Start the bot, and let the proxy pass /slack/events with all headers to HOST:PORT.")
