"""With several Kore.ai applications, each payload reaches the listeners of its own application, and no other's."""

import asyncio
import json
import re
from typing import Any

import pytest
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
from handlers.access.gate import Gate
from handlers.listeners import unserved
from slack_ui import strings
from slack_ui.messages.approval_buttons import SHOWN_UNTIL
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.views.picker_modal import Picking
from tests.deletion.values import campaign_list, preview, request
from tests.handlers.payloads import ACTING, NOWHERE, PATIENCE_SECONDS, PAYLOADS, arriving, click, click_at_home, form
from tests.handlers.payloads import OWN as OWN_WITH_GATE

REQUEST_ID = "0123456789abcdef0123456789abcdef"
WITHDRAWAL = f"{REQUEST_ID}{SHOWN_UNTIL}2026-01-01T12:00:00+00:00"
OWN = tuple(name for name in OWN_WITH_GATE if name != "gate")
SHARED = ("HomeTab", "StatusAndHistory", "ReportCommand", "FreezeCommand", "UnknownInteraction")
NAMES = ("production", "staging", "")
# Payloads that name their application differently from those of a single one.
OTHERWISE: dict[str, list[dict[str, Any]]] = {
    "Picker.on_find": [{**click_at_home(ids.HOME_FIND_BUTTON), "actions": [
        {"type": "button", "action_id": ids.HOME_FIND_BUTTON, "block_id": "b", "value": "production"}
    ]}],
    "Picker.on_keystroke": [{**PAYLOADS["Picker.on_keystroke"][0], "view": form(
        ids.PICKER_VIEW, private_metadata=Picking(application="production").model_dump_json()
    )["view"]}],
    "ApprovalButtons.on_withdraw_approval": [{**click(ids.WITHDRAW_APPROVAL_BUTTON), "actions": [
        {"type": "button", "action_id": ids.WITHDRAW_APPROVAL_BUTTON, "block_id": "b", "value": WITHDRAWAL}
    ]}],
    "Picker.on_search": PAYLOADS["Picker.on_search"][:2],  # a message is in a channel
}  # fmt: skip


@pytest.fixture(scope="session")
def mocks(session_mocker: MockerFixture) -> dict[str, Any]:
    made = {name: session_mocker.create_autospec(part, instance=True) for name, part in ACTING.items()}
    gates = {f"gate of {name}": session_mocker.create_autospec(Gate, instance=True) for name in NAMES}
    return {**made, **gates}


@pytest.fixture
def gates(mocks: dict[str, Any]) -> dict[str, Any]:
    """The gates by application; "" is the shared one."""
    for mock in mocks.values():
        mock.reset_mock(return_value=True, side_effect=True)
    mocks["catalogue"].ids_as_listed.side_effect = campaign_ids
    found = {name: mocks[f"gate of {name}"] for name in NAMES}
    for gate in found.values():
        gate.admit.return_value = Denial.GUEST
        gate.was_admitted.return_value = False
    mocks["intake"].preview.return_value = preview()
    mocks["intake"].freeze.return_value = None
    mocks["requests"].request.return_value = request(state=State.AWAITING_APPROVAL, application="production")
    waiting = campaign_list(State.AWAITING_APPROVAL, application="production")
    mocks["requests"].listed.return_value = waiting
    return found


@pytest.fixture(scope="session")
def app(mocks: dict[str, Any]) -> AsyncApp:
    """A Bolt app with the listeners of two applications; made once, because they keep nothing between payloads."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-sandbox")

    client = AsyncWebClient(token="xoxb-sandbox", base_url=NOWHERE, retry_handlers=[])
    app = AsyncApp(name="test", client=client, authorize=authorize, request_verification_enabled=False)
    named = [
        Policy(application="production", channels=("C0",), approvals_channel="C0APPROVALS"),
        Policy(application="staging", channels=("C1",), approvals_channel="C0APPROVALS"),
    ]
    parts = {name: mocks[name] for name in OWN}
    handlers.register(
        app,
        applications=[
            handlers.Application(policy, mocks[f"gate of {policy.application}"], **parts) for policy in named
        ],
        policies=Policies(named),
        gate=mocks["gate of "],
        rebuilds=mocks["rebuilding"],
        links=Links(NOWHERE),
        **{name: mocks[name] for name in ACTING if name not in (*OWN, "gate")},
    )
    return app


def with_id(body: dict[str, Any]) -> dict[str, Any]:
    """Return the payload with a real request's id."""
    text = json.dumps(body).replace('"r1"', f'"{REQUEST_ID}"')
    made: dict[str, Any] = json.loads(text)
    return made


async def asked(app: AsyncApp, gates: dict[str, Any], body: dict[str, Any]) -> list[str]:
    """Return the applications whose gate the payload's listener asked."""
    answer = await app.async_dispatch(arriving(with_id(body), "socket_mode"))
    assert answer.status == 200
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(gate.admit.await_count for gate in gates.values()):  # noqa: ASYNC110 - a mock sets no event
            await asyncio.sleep(0)
    return [name for name, gate in gates.items() if gate.admit.await_count]


@pytest.mark.parametrize(
    ("name", "body"), [(name, body) for name in PAYLOADS for body in OTHERWISE.get(name, PAYLOADS[name])]
)
async def test_payload_reaches_its_own_application_alone(
    app: AsyncApp, gates: dict[str, Any], name: str, body: dict[str, Any]
) -> None:
    is_shared = name.startswith(SHARED)
    assert await asked(app, gates, body) == ["" if is_shared else "production"]


async def test_words_to_search_that_look_like_an_id_do_not_route(
    app: AsyncApp, gates: dict[str, Any], mocks: dict[str, Any]
) -> None:
    mocks["requests"].request.return_value = request(application="staging")
    body = click(ids.SEARCH_WORDS_BUTTON)  # with the id in the place of the words, in production's channel
    assert await asked(app, gates, body) == ["production"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (name, body)
        for name in PAYLOADS
        for body in OTHERWISE.get(name, PAYLOADS[name])
        if name != "Picker.on_keystroke"
    ],
)
async def test_payload_of_no_application_is_refused_by_the_shared_gate(
    app: AsyncApp, gates: dict[str, Any], mocks: dict[str, Any], name: str, body: dict[str, Any]
) -> None:
    """The request is of an application that left the settings, and the channel of none."""
    mocks["requests"].request.return_value = request(application="former")
    text = re.sub(r'C0(?=\\*")', "C9", json.dumps(body)).replace("production", "former")
    assert await asked(app, gates, json.loads(text)) == [""], name


async def test_button_of_a_request_that_the_database_does_not_have_says_so(
    app: AsyncApp, gates: dict[str, Any], mocks: dict[str, Any], mocker: MockerFixture
) -> None:
    """As after a restore from a backup of an earlier time, see docs/backup.md."""
    mocks["requests"].request.return_value = mocks["previews"].preview.return_value = None
    gates[""].admit.return_value = mocker.sentinel.permit
    said = asyncio.get_running_loop().create_future()
    mocker.patch.object(unserved, "reply_to_click", side_effect=lambda *args: said.set_result(args[-1]))

    await app.async_dispatch(arriving(with_id(click(ids.APPROVE_BUTTON)), "socket_mode"))

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await said == strings.modals.NO_SUCH_REQUEST[1]
