"""README and docs agree with the code: settings, states, outcomes, make targets, links and file names."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import Settings, version
from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.outcome import OUTCOMES
from deletion.domain.states import TRANSITIONS, State
from sandbox.kore.seed import campaigns
from settings.environment import SettingsError
from tests.good_settings import GOOD

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
RECORDS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
PICTURE_LIMIT_BYTES = 150_000
README_LIMIT_LINES = 200
RECORD_LIMIT_LINES = 60
FIRST_SCREEN_LINES = 25

SETTINGS = re.findall(r"^\| `([A-Z_]+)` \| (.+) \| (.+) \|$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
LIMITS = re.compile(r"\b(\d+[smhd]?) to (\d+[smhd]?)\b")
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
FILES = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|md|toml|yml|yaml|txt|json|js|mako)|(?:[\w-]+/)+)`")


def diagram() -> tuple[set[str], list[tuple[str | None, str]]]:
    """Return the states and the transitions of the Mermaid diagram, in the words of the code."""
    drawn = README.split("stateDiagram-v2")[1].split("```")[0]
    words = {alias: word for word, alias in re.findall(r'state "(.+)" as (\w+)', drawn)}
    arrows = re.findall(r"^ *(\[\*\]|\w+) --> (\w+)", drawn, re.MULTILINE)
    assert len(arrows) == drawn.count("-->"), "an arrow that cannot be read"
    named = [(None if start == "[*]" else words.get(start, start), words.get(end, end)) for start, end in arrows]
    return {word for arrow in named for word in arrow if word}, named


def test_settings_table_has_every_setting_once_and_no_other() -> None:
    assert [name for name, _, _ in SETTINGS] == list(Settings.model_fields)


@pytest.mark.parametrize(("name", "written"), [(name, written) for name, _, written in SETTINGS])
def test_settings_table_states_the_default(name: str, written: str) -> None:
    field = Settings.model_fields[name]
    spoken: dict[str, Any] = {"unset": None, "empty": ()}
    if written == "required":
        assert field.is_required()
    elif written in spoken:
        assert field.default == spoken[written]
    else:
        assert getattr(Settings.from_env({**GOOD, name: written.strip("`")}), name) == field.default


@pytest.mark.parametrize(
    ("name", "meaning"), [(name, meaning) for name, meaning, _ in SETTINGS if LIMITS.search(meaning)]
)
def test_settings_table_states_the_limits(name: str, meaning: str) -> None:
    """Both limits are accepted, and what is beyond the higher one is refused."""
    low, high = LIMITS.findall(meaning)[0]
    others = {**GOOD, "APPROVERS": "S0APPROVE", "APPROVAL_TTL": "30d"}
    for allowed in (low, high):
        assert getattr(Settings.from_env({**others, name: allowed}), name) is not None
    for wrong in ("-1", f"1{high}"):
        with pytest.raises(SettingsError, match=f"{name}: expected"):
            Settings.from_env({**others, name: wrong})


def test_settings_table_states_the_limits_of_each_setting_that_has_some() -> None:
    assert len([name for name, meaning, _ in SETTINGS if LIMITS.search(meaning)]) >= 7


def test_diagram_shows_every_state() -> None:
    assert diagram()[0] == {str(state) for state in State}


def test_diagram_shows_every_transition_once_and_no_other() -> None:
    known = {(start and str(start), str(end)) for start, ends in TRANSITIONS.items() for end in ends}
    drawn = diagram()[1]
    assert set(drawn) == known
    assert len(drawn) == len(known)


@pytest.mark.parametrize("attempt", AttemptKind)
def test_decision_record_shows_the_outcomes_of_the_code(attempt: AttemptKind) -> None:
    (record,) = (path.read_text() for path in RECORDS if "three-facts" in path.name)
    row = next(line for line in record.splitlines() if line.startswith(f"| {attempt} |"))
    seen = (Observation.ABSENT, Observation.PRESENT, Observation.UNCLEAR)
    assert row == f"| {attempt} | {' | '.join(OUTCOMES[attempt, observation] for observation in seen)} |"


def test_readme_is_short_and_shows_its_two_commands_first() -> None:
    lines = README.splitlines()
    assert len(lines) <= README_LIMIT_LINES
    first_screen = "\n".join(lines[:FIRST_SCREEN_LINES])
    assert re.findall(r"^    make (\w+)", first_screen, re.MULTILINE) == ["run", "test"]


def test_readme_says_that_no_licence_has_been_chosen() -> None:
    assert "No licence has been chosen" in README
    assert not [path for path in ROOT.iterdir() if path.name.upper().startswith(("LICENSE", "LICENCE"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_that_a_page_names_exist(page: Path) -> None:
    commands = re.findall(r"^    make .*|`make [a-z].*?`", page.read_text(), re.MULTILINE)
    assert {command.strip(" `").split()[1] for command in commands} <= TARGETS


def test_campaign_to_try_is_the_first_of_the_sandbox() -> None:
    assert f"/campaign-delete {campaigns()[0]['_id']}\n" in README


def test_buttons_that_the_readme_quotes_exist() -> None:
    section = README.split("## Try it")[1].split("\n## ")[0]
    sources = [*(ROOT / "slack_ui" / "strings").glob("*.py"), ROOT / "sandbox" / "static" / "index.html"]
    shown = "\n".join(path.read_text() for path in sources)
    quoted = re.findall(r'"([^"]+)"', section)
    assert quoted
    assert not [label for label in quoted if f'"{label}"' not in shown and f">{label}<" not in shown]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_resolves(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)|src=\"([^\"]+)\"", page.read_text())
    broken = [link for link in map("".join, links) if "://" not in link and not (page.parent / link).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_anchor_is_a_heading(page: Path) -> None:
    for file, anchor in re.findall(r"\]\(([^):]*)#([^)]+)\)", page.read_text()):
        headings = re.findall(r"^#+ (.+)$", ((page.parent / file) if file else page).read_text(), re.MULTILINE)
        assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = set(FILES.findall(page.read_text()))
    assert not sorted(name for name in named if not (ROOT / name).exists())


def test_architecture_names_files_for_each_path_of_a_request() -> None:
    sections = (ROOT / "docs" / "architecture.md").read_text().split("\n## ")
    paths = {section.splitlines()[0]: FILES.findall(section) for section in sections}
    for title in ("A command: `/campaign-delete <id>`", "An approval click", "An outcome", "A crash recovery"):
        assert len(paths[title]) >= 3
    named = {name.rstrip("/") for name in paths["Layout"]}
    packages = {str(path.parent.relative_to(ROOT)) for path in (ROOT / "deletion").glob("*/__init__.py")}
    assert packages <= named


def test_glossary_defines_each_word_once_in_alphabetical_order() -> None:
    glossary = (ROOT / "docs" / "architecture.md").read_text().split("## Glossary")[1]
    words = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", glossary, re.MULTILINE)[1:]
    assert words == sorted(set(words), key=str.lower)
    assert {"Denial", "Refusal", "Objection"} <= set(words)


def test_decision_records_are_numbered_dated_and_indexed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    rows = re.findall(r"^\| \[(\d{4})\]\((.+)\) \| (\S+) \| (.+) \|$", index, re.MULTILINE)
    assert [name for _, name, _, _ in rows] == [path.name for path in RECORDS]
    assert [int(number) for number, *_ in rows] == list(range(1, len(RECORDS) + 1))
    for (number, _, date, title), path in zip(rows, RECORDS, strict=True):
        lines = path.read_text().splitlines()
        assert lines[:3] == [f"# {number}. {title}", "", f"Date: {date}"]
        assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]
        assert len(lines) <= RECORD_LIMIT_LINES


def test_changelog_has_the_current_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## \[{re.escape(version())}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)


def test_pre_commit_runs_the_same_checks_as_make_test() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local"
    checks = dict(re.findall(r"^(check-format|lint|types): .*\n\t@\$\(BIN\)/(.+)$", MAKEFILE, re.MULTILINE))
    entries = {hook["id"]: hook["entry"] for hook in local["hooks"]}
    assert entries == {name: f".venv/bin/{command.replace(' $(CODE)', ' .')}" for name, command in checks.items()}


def test_python_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == f">={project['tool']['mypy']['python_version']}"
    assert f"Python {project['tool']['mypy']['python_version']} or later" in README


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_every_picture_is_shown_and_small(picture: Path) -> None:
    assert [page for page in PAGES if f"pictures/{picture.name}" in page.read_text()]
    assert picture.stat().st_size < PICTURE_LIMIT_BYTES
