"""The gate remembers for a minute who was admitted, so that a read may begin before the permit."""

from collections.abc import AsyncIterator

import pytest
from pytest_mock import MockerFixture

from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from deletion.stores.preview_store import PreviewStore
from handlers.access import gate as gate_module
from handlers.access.gate import Gate
from handlers.access.slack_directory import SlackDirectory
from handlers.access.slack_objects import Workspace
from tests.handlers.fake_slack import answering, user
from tests.handlers.payloads import click

POLICY = Policy(requesters=("U0GUS",))
BODY = click("any")


@pytest.fixture
def slack() -> dict[str, dict[str, object]]:
    return {"U0GUS": user("U0GUS")}


@pytest.fixture
async def gate(slack: dict[str, dict[str, object]], mocker: MockerFixture) -> AsyncIterator[Gate]:
    payloads = mocker.create_autospec(PreviewStore, instance=True)
    async with answering(slack) as client:
        yield Gate(SlackDirectory(client, Workspace("T0")), POLICY, payloads)


async def test_admission_is_remembered_for_a_minute_and_for_its_action(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not gate.was_admitted(Action.FIND, BODY)
    assert isinstance(await gate.admit(Action.FIND, BODY), Permit)
    assert gate.was_admitted(Action.FIND, BODY)
    assert not gate.was_admitted(Action.ASK, BODY)
    monkeypatch.setattr(gate_module, "TRUSTED_SECONDS", 0.0)
    assert isinstance(await gate.admit(Action.FIND, BODY), Permit)
    assert not gate.was_admitted(Action.FIND, BODY)


async def test_denial_ends_the_remembered_admission(gate: Gate, slack: dict[str, dict[str, object]]) -> None:
    assert isinstance(await gate.admit(Action.FIND, BODY), Permit)
    slack["U0GUS"] = user("U0GUS", deleted=True)
    assert await gate.admit(Action.FIND, BODY) is Denial.DEACTIVATED
    assert not gate.was_admitted(Action.FIND, BODY)
    assert not gate._admitted_until, "denied users take no memory"  # noqa: SLF001 - nothing else shows it
