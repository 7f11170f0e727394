"""Ask Slack for the bot's identity, and retry while Slack cannot be reached."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from deletion.domain.errors import StartError
from deletion.domain.policy import Policy
from handlers.connection.health import Health
from slack_ui.parts.api_error import SLACK_ERRORS, error_code, is_transient, needed_scope, rejects_token

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]
LONGEST_PAUSE_SECONDS = 10.0
# The scopes of manifest.yml, and what does not work without each.
SCOPES = {
    "commands": "no command arrives",
    "chat:write": "no message can be sent",
    "channels:read": "no request in a public channel",
    "groups:read": "no request in a private channel",
    "usergroups:read": "no member of a user group has a right",
    "users:read": "no user has a right",
    "users:read.email": "no approval counts (REQUIRE_VERIFIED_EMAIL)",
}
# Scopes that the manifest does not request, and what works with each.
FILES_WRITE = "files:write"
OPTIONAL_SCOPES = {FILES_WRITE: "the result of a list is attached as a CSV file"}
WHOLE_ORGANISATION = (
    "the app is installed for a whole organization, and this bot serves one workspace",
    "Install it in one workspace, and use the token of that installation.",
)
log = logging.getLogger(__name__)


async def until_answered(
    setting: str, call: Callable[[], Awaitable[T]], health: Health, sleep: Sleep = asyncio.sleep
) -> T:
    """Repeat the call until Slack answers it, and return the answer. Meanwhile the phase of the start names the reason.

    Raises StartError if Slack rejects the token in ``setting``.
    """

    def note(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, Exception):
            return
        code = " ".join([error_code(error), *needed_scope(error).split()])
        what = "Slack is unavailable" if is_transient(error) else "Slack refuses the call"
        health.phase = f"{setting}: {what} ({code})"
        pause = round(state.upcoming_sleep, 1)
        log.warning(what, extra={"error": code, "for": setting, "retry_in_seconds": pause})

    pauses = wait_random_exponential(max=LONGEST_PAUSE_SECONDS)
    is_temporary = retry_if_exception(lambda error: isinstance(error, SLACK_ERRORS) and not rejects_token(error))
    patiently = AsyncRetrying(retry=is_temporary, wait=pauses, sleep=sleep, before_sleep=note, reraise=True)
    try:
        return await patiently(call)
    except SlackApiError as error:
        raise StartError(f"{setting}: Slack refuses it ({error_code(error)}).") from None


async def identify(client: AsyncWebClient, policy: Policy, health: Health) -> AuthorizeResult:
    """Return the bot's identity (``auth.test``) with its scopes, and log those that it lacks.

    Raises StartError if Slack rejects the token, or the app is installed for a whole organization: there a token has no
    workspace, and payloads name none.
    """
    answer = await until_answered("SLACK_BOT_TOKEN", client.auth_test, health)
    if answer.get("is_enterprise_install") or not answer.get("team_id"):
        raise StartError(f"SLACK_BOT_TOKEN: {'. '.join(WHOLE_ORGANISATION)}")
    granted = granted_scopes(answer)
    for scope in missing_scopes(granted, policy) if granted else ():
        log.warning("Slack scope missing: %s", SCOPES[scope], extra={"scope": scope})
    return AuthorizeResult.from_auth_test_response(
        bot_token=client.token, bot_scopes=sorted(granted), auth_test_response=answer
    )


def granted_scopes(answer: AsyncSlackResponse) -> set[str]:
    """Return the scopes that Slack names in the headers of an answer; empty if it names none."""
    return {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}


def missing_scopes(granted: set[str], policy: Policy) -> list[str]:
    """Return the scopes that these settings need and Slack did not grant, sorted."""
    unneeded = {
        "users:read.email": not policy.require_verified_email,
        "usergroups:read": not policy.user_groups,
    }
    return sorted(scope for scope in SCOPES if not unneeded.get(scope) and scope not in granted)
