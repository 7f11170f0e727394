"""What Slack answers at the start: who the bot is, whether it has the scopes, and whose fault an error is."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.errors import StartError
from deletion.domain.policy import Policy
from handlers.connection.health import Health
from handlers.connection.identity import SCOPES, identify, until_answered
from handlers.connection.token_check import REJECTED, TokenCheck
from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from sandbox.slack.manifest import DEFAULT_PATH
from slack_ui.parts.api_error import TOKEN_ERRORS


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running(latency_ms=0) as sandbox:
        yield sandbox


@pytest.fixture
def slack(sandbox: Sandbox) -> AsyncWebClient:
    return client_of(sandbox)


def client_of(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=f"{sandbox.url}/api/", retry_handlers=[])


async def no_pause(_: float) -> None:
    """Wait no time."""


@pytest.mark.parametrize("code", sorted(TOKEN_ERRORS))
async def test_rejected_token_stops_the_start_and_is_named(sandbox: Sandbox, slack: AsyncWebClient, code: str) -> None:
    sandbox.faults.add(Fault("slack", "auth.test", "error", error=code))
    with pytest.raises(StartError, match=rf"^SLACK_BOT_TOKEN: Slack refuses it \({code}\).$"):
        await identify(slack, Policy(), Health())


@pytest.mark.parametrize(
    ("fault", "phase"),
    [
        (Fault("slack", "auth.test", "status", status=503, error="fatal_error"), "Slack is unavailable (fatal_error)"),
        (Fault("slack", "auth.test", "html", status=503), "Slack is unavailable (HTTP 503)"),
        (Fault("slack", "auth.test", "error", error="internal_error"), "Slack is unavailable (internal_error)"),
        (Fault("slack", "auth.test", "rate_limit"), "Slack is unavailable (ratelimited)"),
        (Fault("slack", "auth.test", "reset"), "Slack is unavailable (ServerDisconnectedError)"),
        (Fault("slack", "auth.test", "error", error="of_tomorrow"), "Slack refuses the call (of_tomorrow)"),
    ],
)
async def test_unavailable_slack_is_asked_again_and_the_token_is_not_blamed(
    sandbox: Sandbox, slack: AsyncWebClient, caplog: pytest.LogCaptureFixture, fault: Fault, phase: str
) -> None:
    sandbox.faults.add(fault)
    health = Health()
    answer = await until_answered("SLACK_BOT_TOKEN", slack.auth_test, health, sleep=no_pause)
    assert answer["team_id"] == "T0SANDBOX"
    assert await health.why_not_ready() == f"SLACK_BOT_TOKEN: {phase}"
    (line,) = caplog.records
    assert f"{line.getMessage()} ({vars(line)['error']})" == phase


async def test_scope_that_the_app_token_lacks_is_named(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("slack", "apps.connections.open", "error", error="missing_scope"))
    slack, health = AsyncWebClient(base_url=f"{sandbox.url}/api/", retry_handlers=[]), Health()
    opening = partial(slack.apps_connections_open, app_token="xapp-sandbox")
    await until_answered("SLACK_APP_TOKEN", opening, health, sleep=no_pause)
    reason = "SLACK_APP_TOKEN: Slack refuses the call (missing_scope connections:write)"
    assert await health.why_not_ready() == reason


async def test_installation_for_an_organisation_stops_the_start(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    sandbox.faults.add(Fault("slack", "auth.test", "org_wide"))
    with pytest.raises(StartError, match="installed for a whole organization"):
        await identify(slack, Policy(), Health())


@pytest.mark.parametrize(
    ("policy", "unneeded"),
    [
        (Policy(approvers=("S0APPROVE",)), set()),
        (Policy(approvers=("U0BOB",)), {"usergroups:read"}),
        (Policy(approvers=("S0APPROVE",), require_verified_email=False), {"users:read.email"}),
    ],
)
async def test_missing_scopes_are_logged_where_they_are_needed(
    policy: Policy, unneeded: set[str], tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    lines = DEFAULT_PATH.read_text().splitlines()
    manifest = tmp_path_factory.mktemp("manifest") / "manifest.yml"
    manifest.write_text("\n".join(line for line in lines if ":read" not in line))
    async with running(latency_ms=0, manifest=manifest) as sandbox:
        await identify(client_of(sandbox), policy, Health())
    missing = {scope for scope in SCOPES if ":read" in scope} - unneeded
    assert {vars(record)["scope"] for record in caplog.records} == missing


async def test_no_scope_is_missing_with_the_manifest(slack: AsyncWebClient, caplog: pytest.LogCaptureFixture) -> None:
    await identify(slack, Policy(approvers=("S0APPROVE",)), Health())
    assert caplog.text == ""


async def test_revoked_token_makes_the_bot_unready_until_slack_accepts_it_again(
    sandbox: Sandbox, slack: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    check = TokenCheck(slack)
    await check.check()
    assert await check.why_not_ready() == ""
    for error in ("token_revoked", "internal_error", "token_revoked"):
        sandbox.faults.add(Fault("slack", "auth.test", "error", error=error))
        await check.check()
        assert await check.why_not_ready() == "Slack rejects the bot token (token_revoked)"
        assert REJECTED._value.get() == 1  # noqa: SLF001 - the client library has no public getter
    (line,) = caplog.records
    assert (line.getMessage(), vars(line)["error"]) == ("Slack rejects the bot token", "token_revoked")
    await check.check()
    assert await check.why_not_ready() == ""
    assert REJECTED._value.get() == 0  # noqa: SLF001 - the same


@pytest.mark.parametrize("more_scopes", ["", "files:write"])
async def test_identity_has_the_scopes_that_slack_granted(more_scopes: str) -> None:
    async with running(latency_ms=0, more_scopes=more_scopes) as sandbox:
        identity = await identify(client_of(sandbox), Policy(), Health())
    assert set(identity.bot_scopes or ()) == {*SCOPES, *filter(None, [more_scopes])}
