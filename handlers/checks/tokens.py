"""Check the tokens, the granted scopes and the way by which Slack reaches the bot. Nothing is written to Slack."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from deletion.domain.check import CheckResult, clock_result, failed, not_checked, passed, warned
from deletion.domain.policy import Policy
from handlers.connection.identity import OPTIONAL_SCOPES, SCOPES, WHOLE_ORGANISATION, granted_scopes, missing_scopes
from kore_api.responses.http_date import seconds_until
from slack_ui.parts.api_error import SLACK_ERRORS, error_code, is_transient, needed_scope, rejects_token

SIGNATURE_SECONDS = 300  # a request that Slack signed earlier is rejected
ANSWER_WITHIN_SECONDS = 10
UNAVAILABLE = "Check the network, HTTPS_PROXY and NO_PROXY; status.slack.com reports outages."
REINSTALL = "add it under OAuth & Permissions, reinstall the app, and restart the bot."


async def check_token(slack: AsyncWebClient, policy: Policy) -> tuple[list[CheckResult], AsyncSlackResponse | None]:
    """Return the results about the bot token, and Slack's answer if the bot can work with it."""
    name = "SLACK_BOT_TOKEN"
    try:
        answer = await slack.auth_test()
    except SLACK_ERRORS as error:
        cure = "Copy the bot token from the app's OAuth & Permissions; install the app again if it was revoked."
        return [refusal(name, error, cure)], None
    if answer.get("is_enterprise_install") or not answer.get("team_id"):
        return [failed(name, *WHOLE_ORGANISATION)], None
    kind = "a bot token" if answer.get("bot_id") else "a token"
    workspace = f"{answer.get('team')} ({answer.get('team_id')}), {answer.get('url')}"
    results = [
        passed(name, f"{kind}, accepted as @{answer.get('user')}"),
        passed("Workspace", workspace),
        *check_scopes(answer, policy),
        *_check_clock(answer.headers),
    ]
    return results, answer


def check_scopes(answer: AsyncSlackResponse, policy: Policy) -> list[CheckResult]:
    """Compare the granted scopes with those of manifest.yml.

    Those that these settings do not need may be missing, and the optional ones may be granted too.
    """
    granted = granted_scopes(answer)
    if not granted:
        return [not_checked("Scopes", "Slack did not name the granted scopes")]
    missing = missing_scopes(granted, policy)
    results = [failed("Scopes", f"{scope} is missing: {SCOPES[scope]}", f"In Slack, {REINSTALL}") for scope in missing]
    if extra := sorted(granted - set(SCOPES) - set(OPTIONAL_SCOPES)):
        text = f"more than the manifest requests: {', '.join(extra)}"
        results.append(warned("Scopes", text, "Remove them under OAuth & Permissions, and reinstall the app."))
    if not missing:
        unneeded = sorted(set(SCOPES) - granted)
        said = [f"{len(set(SCOPES) & granted)} of the manifest's {len(SCOPES)} granted"]
        said += [f"not needed with these settings: {', '.join(unneeded)}"] if unneeded else []
        said += [f"optional {scope}: {OPTIONAL_SCOPES[scope]}" for scope in sorted(granted & set(OPTIONAL_SCOPES))]
        results.insert(0, passed("Scopes", "; ".join(said)))
    return results


def _check_clock(headers: Mapping[str, Any]) -> list[CheckResult]:
    until = seconds_until(str(headers.get("Date", "")))
    return [] if until is None else [clock_result("Clock", "Slack's", -until, limit_seconds=SIGNATURE_SECONDS)]


async def check_socket(slack: AsyncWebClient, app_token: str) -> list[CheckResult]:
    """Have Slack issue a Socket Mode address, and reach its host without opening the socket.

    Slack spreads payloads over all open sockets, so an open one would take a user's command from the running bot.
    """
    try:
        answer = await slack.apps_connections_open(app_token=app_token)
    except SLACK_ERRORS as error:
        cure = "Copy an app-level token with connections:write from Basic Information, and enable Socket Mode."
        return [refusal("SLACK_APP_TOKEN", error, cure)]
    address = URL(str(answer.get("url")))
    address = address.with_scheme("https" if address.scheme == "wss" else "http")
    issued = passed("SLACK_APP_TOKEN", "an app-level token, accepted; Socket Mode is on")
    try:
        async with slack.session.get(  # type: ignore[union-attr]  # open_client sets one
            address,
            proxy=slack.proxy,
            ssl=slack.ssl or True,
            allow_redirects=False,
            timeout=ClientTimeout(total=ANSWER_WITHIN_SECONDS),
        ):
            return [issued, passed("Socket Mode", f"{address.host} is reachable; no socket was opened")]
    except SLACK_ERRORS as error:
        text = f"{address.host} cannot be reached ({error_code(error)})"
        return [issued, failed("Socket Mode", text, "Allow WebSockets (wss) to *.slack.com, in the proxy too.")]


def refusal(name: str, error: Exception, cure: str) -> CheckResult:
    """Return why a call to Slack failed; ``cure`` is for a rejected token."""
    code = " ".join([error_code(error), *needed_scope(error).split()])
    if rejects_token(error) or not is_transient(error):
        return failed(name, f"Slack refuses it ({code})", cure)
    return failed(name, f"Slack is unavailable ({code})", UNAVAILABLE)
