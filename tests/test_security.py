"""Every file and test that docs/security.md names exists; the policy is immutable, and no button is a link."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from deletion.domain.policy import Policy
from deletion.domain.rebuildable import Rebuildable
from deletion.domain.records import MessageKind
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui.messages import approval_buttons
from tests.deletion.values import request

ROOT = Path(__file__).parents[1]
CONTROLS = [line.split("|")[1:-1] for line in (ROOT / "docs/security.md").read_text().splitlines() if "|" in line][2:]
TESTS = {name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}


def test_controls_are_numbered_without_a_gap() -> None:
    assert [int(number) for number, *_ in CONTROLS] == list(range(1, len(CONTROLS) + 1))


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control[1].strip())
def test_each_control_names_existing_files_and_tests(control: list[str]) -> None:
    *_, files, tests = control
    assert re.findall(r"`(\S+)`", files)
    assert all((ROOT / path).exists() for path in re.findall(r"`(\S+)`", files))
    assert re.findall(r"`(test_\w+)`", tests)
    assert set(re.findall(r"`(test_\w+)`", tests)) <= TESTS


@pytest.mark.parametrize("name", Policy.model_fields)
def test_policy_is_immutable(name: str) -> None:
    policy = Policy()
    with pytest.raises(ValidationError, match="frozen"):
        setattr(policy, name, getattr(policy, name))


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("state", State)
def test_no_button_is_a_link(state: State, kind: MessageKind) -> None:
    waiting = request(state=state)
    blocks = approval_buttons.build(RequestView(waiting, rebuildable=Rebuildable(is_archived=True)), kind, Policy())
    elements = [element for block in blocks for element in block.to_dict()["elements"]]
    assert all(element["value"] == waiting.id and "url" not in element for element in elements)
