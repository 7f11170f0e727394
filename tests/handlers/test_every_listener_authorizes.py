"""No listener acts without a permit: each one gets a payload, and a gate that denies it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pytest_mock import MockerFixture
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from deletion.domain.approvals.denial import Denial
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.domain.text.typed_text import campaign_ids
from handlers.access.gate import sender
from slack_ui.parts.links import Links
from tests.deletion.values import campaign_list, preview, request
from tests.handlers.payloads import ACTING, NOWHERE, OWN, PATIENCE_SECONDS, PAYLOADS, arriving

Answer = Callable[[web.Request], Awaitable[web.Response]]


@pytest.fixture(scope="session")
def mocks(session_mocker: MockerFixture) -> dict[str, Any]:
    """Everything a listener could act with; made once, because making it takes a tenth of a second."""
    return {name: session_mocker.create_autospec(part, instance=True) for name, part in ACTING.items()}


@pytest.fixture
def parts(mocks: dict[str, Any]) -> dict[str, Any]:
    """The mocks as new, and a gate that denies every action."""
    parts = mocks
    for mock in parts.values():
        mock.reset_mock(return_value=True, side_effect=True)
    parts["gate"].admit.return_value = Denial.GUEST
    parts["gate"].was_admitted.return_value = False
    parts["catalogue"].ids_as_listed.side_effect = campaign_ids
    parts["intake"].preview.return_value = preview()
    parts["intake"].freeze.return_value = None
    parts["requests"].request.return_value = request(state=State.AWAITING_APPROVAL)
    parts["requests"].listed.return_value = campaign_list(State.AWAITING_APPROVAL, State.AWAITING_APPROVAL)
    return parts


@pytest.fixture(scope="session")
def app(mocks: dict[str, Any]) -> AsyncApp:
    """Made once, because its listeners keep nothing between payloads."""
    return app_with(mocks, AsyncWebClient(token="xoxb-sandbox", base_url=NOWHERE, retry_handlers=[]))


@asynccontextmanager
async def app_on(parts: dict[str, Any], answer: Answer) -> AsyncIterator[AsyncApp]:
    """Yield a Bolt app with all listeners over these parts, on a Slack that answers each method so."""
    server = web.Application()
    server.add_routes([web.post("/{method}", answer)])
    async with TestServer(server) as running:
        url = str(running.make_url("/"))
        yield app_with(parts, AsyncWebClient(token="xoxb-sandbox", base_url=url, retry_handlers=[]))


def app_with(parts: dict[str, Any], client: AsyncWebClient) -> AsyncApp:
    """A Bolt app with all listeners over these parts."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-sandbox")

    app = AsyncApp(name="test", client=client, authorize=authorize, request_verification_enabled=False)
    policies = Policies([Policy(approvals_channel="C0APPROVALS")])
    own = {name: parts[name] for name in OWN}
    shared = {name: part for name, part in parts.items() if name == "gate" or name not in own}
    application = handlers.Application(policies.shared, **own)
    handlers.register(
        app,
        applications=[application],
        policies=policies,
        rebuilds=parts["rebuilding"],
        links=Links(NOWHERE),
        **shared,
    )
    return app


def listeners(app: AsyncApp) -> set[str]:
    return {listener.ack_function.__qualname__ for listener in app._async_listeners}  # noqa: SLF001 - Bolt has no other list


def test_every_listener_has_a_payload(app: AsyncApp) -> None:
    assert listeners(app) == set(PAYLOADS)


@pytest.mark.parametrize("mode", ["http", "socket_mode"])
@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in PAYLOADS.items() for body in bodies])
async def test_listener_without_a_permit_does_nothing(
    app: AsyncApp, parts: dict[str, Any], name: str, body: dict[str, Any], mode: str
) -> None:
    answer = await app.async_dispatch(arriving(body, mode))

    assert answer.status == 200, name
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not parts["gate"].admit.await_count:  # noqa: ASYNC110 - a mock counts and sets no event
            await asyncio.sleep(0)  # an event is acked before its listener runs
    parts["gate"].admit.assert_awaited_once()
    assert sender(parts["gate"].admit.await_args.args[1]) == ("T0", "U0GUS")
    parts["intake"].record.assert_not_called()
    parts["intake"].look.assert_not_called()
    parts["catalogue"].cached_list.assert_not_called()
    parts["catalogue"].fresh_list.assert_not_called()
    parts["decisions"].record.assert_not_called()
    parts["decisions"].withdraw_approval.assert_not_called()
    parts["decisions"].remind.assert_not_called()
    parts["rebuilding"].look.assert_not_called()
    parts["stopping"].look.assert_not_called()
    parts["decisions"].recheck_campaign.assert_not_called()
    parts["gate"].channel_kind.assert_not_called()
    parts["freezing"].freeze.assert_not_called()
    parts["freezing"].unfreeze.assert_not_called()
    parts["engine"].request_changed.assert_not_called()
    parts["engine"].list_changed.assert_not_called()
    assert parts["list_intake"].method_calls == []
    assert parts["list_decisions"].method_calls == parts["list_approval"].method_calls == []
    assert parts["lookup"].method_calls == []
    parts["engine"].freeze_changed.assert_not_called()
    parts["home_publisher"].open.assert_not_called()
