"""The README and the decisions say what the code does: settings, states, outcomes, targets and links."""

import re
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from deletion.domain.models import TRANSITIONS, AttemptKind, Observation, State
from deletion.domain.outcome import OUTCOMES
from sandbox.kore.seed import campaigns
from tests.test_config import GOOD

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
DECISIONS = (ROOT / "docs" / "decisions.md").read_text()
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
PICTURE_LIMIT_BYTES = 150_000

SETTINGS = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", README, re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def diagram() -> tuple[set[str], list[tuple[str | None, str]]]:
    """The states and the transitions of the Mermaid diagram, in the words of the code."""
    drawn = README.split("stateDiagram-v2")[1].split("```")[0]
    words = {alias: word for word, alias in re.findall(r'state "(.+)" as (\w+)', drawn)}
    arrows = re.findall(r"^ *(\[\*\]|\w+) --> (\w+)", drawn, re.MULTILINE)
    assert len(arrows) == drawn.count("-->"), "an arrow that cannot be read"
    named = [(None if start == "[*]" else words.get(start, start), words.get(end, end)) for start, end in arrows]
    return {word for arrow in named for word in arrow if word}, named


def test_the_table_has_every_setting_once_and_no_other() -> None:
    assert [name for name, _, _ in SETTINGS] == list(Settings.model_fields)


@pytest.mark.parametrize(("name", "written"), [(name, written) for name, _, written in SETTINGS])
def test_the_table_gives_the_default_that_holds(name: str, written: str) -> None:
    field = Settings.model_fields[name]
    spoken: dict[str, Any] = {"unset": None, "empty": ()}
    if written == "required":
        assert field.is_required()
    elif written in spoken:
        assert field.default == spoken[written]
    else:
        assert getattr(Settings.from_env({**GOOD, name: written.strip("`")}), name) == field.default


def test_the_diagram_shows_every_state_in_its_own_word() -> None:
    assert diagram()[0] == {str(state) for state in State}


def test_the_diagram_shows_every_transition_once_and_no_other() -> None:
    known = {(start and str(start), str(end)) for start, ends in TRANSITIONS.items() for end in ends}
    drawn = diagram()[1]
    assert set(drawn) == known
    assert len(drawn) == len(known)


@pytest.mark.parametrize("attempt", AttemptKind)
def test_the_decisions_show_the_outcomes_that_the_code_decides(attempt: AttemptKind) -> None:
    row = next(line for line in DECISIONS.splitlines() if line.startswith(f"| {attempt} |"))
    seen = (Observation.ABSENT, Observation.PRESENT, Observation.UNCLEAR)
    assert row == f"| {attempt} | {' | '.join(OUTCOMES[attempt, observation] for observation in seen)} |"


def test_the_make_targets_that_are_named_exist() -> None:
    commands = re.findall(r"^    make .*|`make .*?`", README, re.MULTILINE)
    named = {command.strip(" `").split()[1] for command in commands}
    assert {"run", "test"} <= named <= TARGETS


def test_the_campaign_to_try_is_the_sandboxs_first() -> None:
    assert f"/campaign-delete {campaigns()[0]['_id']}\n" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", page.read_text())
    broken = [link for link in map("".join, links) if "://" not in link and not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_every_picture_is_shown_and_small(picture: Path) -> None:
    assert f"docs/pictures/{picture.name}" in README
    assert picture.stat().st_size < PICTURE_LIMIT_BYTES
