"""The buttons of a request hand it to the engine before they say so, and only if something changed."""

from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.models import Decision, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.engine.workflows import Engine
from deletion.lifecycle.decisions import Decided, Decisions, Rechecked
from deletion.lifecycle.intake import Intake
from deletion.stores.request_store import RequestStore
from handlers.access.gate import Gate
from handlers.listeners import approval_buttons
from handlers.listeners.approval_buttons import ApprovalButtons
from slack_ui import strings
from slack_ui.messages import approval_buttons as buttons
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from tests.deletion.values import person, request
from tests.handlers.slack_mock import client_with

POLICY = Policy(approvers=("U0BOB",), approvals_channel="C0APPROVALS", approvals_required=1)
REQUEST = request(state=State.AWAITING_APPROVAL, approvals_required=1)
BODY: dict[str, Any] = {"channel": {"id": "C0"}, "team": {"id": "T0"}, "user": {"id": "U0BOB"}, "trigger_id": "1.2"}
BUTTON = {"value": REQUEST.id}


@pytest.fixture
def parts(mocker: MockerFixture) -> dict[str, Any]:
    classes = {"gate": Gate, "requests": RequestStore, "decisions": Decisions, "intake": Intake, "engine": Engine}
    parts = {name: mocker.create_autospec(part, instance=True) for name, part in classes.items()}
    parts["requests"].request.return_value = REQUEST
    parts["requests"].current_freeze.return_value = (None, 0)
    parts["decisions"].objection.return_value = None
    return parts


@pytest.fixture
def listener(parts: dict[str, Any]) -> ApprovalButtons:
    return ApprovalButtons(**parts, policy=POLICY, links=Links("https://sandbox.slack.com/"))


async def test_reminder_is_handed_to_the_engine_before_it_is_announced(
    listener: ApprovalButtons, parts: dict[str, Any], mocker: MockerFixture
) -> None:
    parts["gate"].admit.return_value = Permit(Action.REMIND, person("U0ALICE"), REQUEST.id)
    parts["decisions"].remind.return_value = Decided(REQUEST)
    reply = mocker.patch.object(approval_buttons, "reply_to_click", autospec=True)
    parts["engine"].request_changed.side_effect = lambda *_: reply.assert_not_called()
    client = client_with()
    await listener.on_remind(mocker.AsyncMock(), BODY, BUTTON, client)
    parts["engine"].request_changed.assert_awaited_once_with(REQUEST, "U0ALICE")
    said = strings.cards.REMINDED.format(channel="<#C0APPROVALS>")
    reply.assert_awaited_once_with(client, BODY, said)
    assert said == "I'm posting the reminder in <#C0APPROVALS>."


@pytest.mark.parametrize(("version", "calls"), [(REQUEST.version, 0), (REQUEST.version + 1, 1)])
async def test_approver_who_opens_the_form_hands_over_only_a_request_that_the_reread_changed(
    listener: ApprovalButtons, parts: dict[str, Any], mocker: MockerFixture, version: int, calls: int
) -> None:
    reread = REQUEST.model_copy(update={"version": version, "state": State.CHANGED if calls else REQUEST.state})
    parts["gate"].admit.return_value = Permit(Action.APPROVE, person("U0BOB"), REQUEST.id)
    parts["decisions"].recheck_campaign.return_value = Rechecked(reread)
    parts["decisions"].with_budget.return_value = reread
    client = client_with("views_open", "views_update")
    client.views_open.return_value = {"view": {"id": "V0"}}
    await listener.on_approve(mocker.AsyncMock(), BODY, BUTTON, client)
    assert parts["engine"].request_changed.await_count == calls
    client.views_update.assert_awaited()


def test_withdraw_button_names_the_approvals_that_it_was_shown_with() -> None:
    approvals = tuple(Decision(person_id=name, verdict=Verdict.APPROVED, at=now()) for name in ("U0BOB", "U0CAROL"))
    approved = REQUEST.model_copy(update={"decisions": approvals})
    (row,) = buttons.row(approved, [Action.WITHDRAW_APPROVAL], ids.BUTTONS_BLOCK)
    value = row.to_dict()["elements"][0]["value"]
    assert buttons.parse_withdrawal(value) == (REQUEST.id, approvals[1].at)
    assert buttons.parse_withdrawal(REQUEST.id) == (REQUEST.id, None), "a button that an earlier version posted"


@pytest.mark.parametrize("time", ["", "yesterday", "2026-01-01T12:00:00"])
def test_withdraw_button_with_an_unreadable_time_withdraws_nothing(time: str) -> None:
    _, shown_until = buttons.parse_withdrawal(f"{REQUEST.id}@{time}")
    assert shown_until is not None
    assert shown_until < REQUEST.requested_at
