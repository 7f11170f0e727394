"""The pages of docs/ name commands, log lines, events and settings as the code has them."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import click

import commands
from deletion.stores.webhook_store import OUTCOMES
from handlers.listeners.freeze_command import may_mean_freeze
from handlers.listeners.subcommand import SUBCOMMANDS
from sandbox import environment
from settings.applications import PER_APPLICATION, read_applications
from settings.environment import SECRETS
from slack_ui import strings
from tests.good_settings import GOOD

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BOT = ("commands", "composition", "deletion", "handlers", "kore_api", "settings", "slack_ui")
SOURCES = [*ROOT.glob("*.py"), *(path for folder in BOT for path in (ROOT / folder).rglob("*.py"))]


@cache
def imports_and_texts(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the modules that a file imports, and its string constants."""
    modules, texts = set[str](), set[str]()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.ImportFrom(module=str(module)):
                modules.add(module)
            case ast.Import(names=names):
                modules |= {alias.name for alias in names}
            case ast.Constant(value=str(text)):
                texts.add(text)
    return frozenset(modules), frozenset(texts)


def page(name: str) -> str:
    """Return a page as one line, as its lines are wrapped anywhere."""
    return " ".join((ROOT / name).read_text().split())


def _rows_of_the_layout() -> list[list[str]]:
    """Return the modules of each row of the layout, without the last row: tests import everything."""
    table = (ROOT / "docs/architecture.md").read_text().split("| Folder | Content |")[1].split("\n## ")[0]
    rows = [re.findall(r"`([\w/.]+?)/?`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    return [[name.removesuffix(".py").replace("/", ".") for name in names] for names in rows[:-1]]


def test_imports_point_down_the_layout() -> None:
    rows = {name: number for number, names in enumerate(_rows_of_the_layout()) for name in names}

    def row_of(module: str) -> int | None:
        parts = module.split(".")
        known = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
        return next((rows[name] for name in known if name in rows), None)

    upwards = set()
    for path in (path for path in SOURCES if "migrations" not in path.parts):
        importer = str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        for name in imports_and_texts(path)[0]:
            start, end = row_of(importer), row_of(name)
            if start is not None and end is not None and end < start:
                upwards.add((importer, name))
    assert len(rows) > 20
    assert not upwards


def _options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


def _typed(path: Path) -> list[list[str]]:
    return [found.split() for found in re.findall(r"app\.py((?: +(?!#)[^\s`|;)&]+)+)", path.read_text())]


def test_commands_and_options_on_a_page_exist() -> None:
    typed = [arguments for path in PAGES for arguments in _typed(path)]
    assert len(typed) > 30
    for arguments in typed:
        command: click.Command = commands.run
        while isinstance(command, click.Group) and arguments and arguments[0].isalpha():
            assert arguments[0] in command.commands
            command = command.commands[arguments.pop(0)]
        assert {each.partition("=")[0] for each in arguments if each.startswith("--")} <= _options(command) | {"--help"}


def test_log_lines_on_the_pages_exist() -> None:
    logged = {text for path in SOURCES for text in imports_and_texts(path)[1]}
    named = {
        line
        for name in ("docs/operations.md", "docs/upgrade.md", "docs/installation.md", "README.md")
        for line in re.findall(r"(?:log line|logs|the log has|or|and) `([A-Z][a-z]+(?: [\w ]+)?)`", page(name))
    }
    assert {"Ready", "Starting", "Slack is unavailable", "Slack rejects the bot token"} <= named
    assert not {line for line in named if line not in logged and line.rpartition(" ")[0] + " %s" not in logged}


def test_fields_of_log_lines_on_the_page_exist() -> None:
    table = (ROOT / "docs/operations.md").read_text().split("\n## Log lines\n")[1].split("\n## ")[0]
    fields = {
        field for row in re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE) for field in re.findall(r"`(\w+)`", row)
    }
    text = "\n".join(path.read_text() for path in SOURCES)
    assert len(fields) > 10
    assert not {field for field in fields if f'"{field}":' not in text and f'line["{field}"]' not in text}


def test_webhook_events_are_documented() -> None:
    said = page("docs/operations.md").split("`event` is the state that ended the request:")[1].split("`purpose` is")[0]
    assert {"reappeared", *re.findall(r"`([a-z, ]+)`", said)} == set(OUTCOMES)


def test_example_of_applications_is_accepted_and_each_key_is_named(tmp_path: Path) -> None:
    text = (ROOT / "docs/applications.md").read_text()
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file, secret = tmp_path / "applications.toml", tmp_path / "kore"
    secret.write_text("secret-of-production\n")
    filled = example.replace("/run/secrets/kore-production", str(secret)).replace("st-…", "st-1", 1)
    for name in ("st-", "cs-", ""):
        filled = filled.replace(f'"{name}…"', f'"{name}2"')
    file.write_text(filled)
    given = {"KORE_APPS_FILE": str(file), "KORE_SECRET_STAGING": "secret", "ARCHIVE_KEY_PRODUCTION": 43 * "A" + "="}
    people = {"REQUESTERS": "S0ALL", "APPROVERS": "S0LEGAL,S0OPS"}
    production, staging = read_applications({**GOOD, **people, **given})
    assert (production.name, staging.name) == ("production", "staging")
    assert (production.confirm_with_name, production.settings.KORE_CALLS_PER_MINUTE) == (True, 120)
    named = re.findall(
        r"`([a-z_]+)`", page("docs/applications.md").split("A table may set every `KORE_…`")[1].split(".")[0]
    )
    assert {key for key in PER_APPLICATION if not key.startswith("KORE_")} == {key.upper() for key in named}


def test_usage_and_help_have_every_subcommand() -> None:
    for subcommand in {*SUBCOMMANDS, "stop"}:
        assert f"`/campaign-delete {subcommand}" in page("docs/usage.md")
        assert f"`/campaign-delete {subcommand}" in strings.command.HELP


def test_words_of_an_emergency_on_the_page_ask_for_a_freeze() -> None:
    said = page("docs/usage.md").split("Words such as")[1].split("ask whether to freeze")[0]
    assert [word for word in re.findall(r"`(\w+)`", said) if not may_mean_freeze(word)] == ["freeze"]


def test_secrets_that_a_file_may_hold_are_named() -> None:
    said = page("docs/settings.md").split("| Variable |")[0]
    assert {name for name in SECRETS if name in said} == {name for name in SECRETS if not name.startswith("SLACK_")}
    assert "likewise the tokens, the signing secret" in said


def test_readme_names_the_settings_that_make_run_ignores() -> None:
    given = dict.fromkeys([*GOOD, "HOST", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "KORE_BASE_URL", "UNDO_WINDOW"], "x")
    started = environment.for_bot({**given, "SLACK_APP_TOKEN": "x"}, "http://sandbox", bot_port=1, by_http=False)
    ignored = {name for name in {*given, "SLACK_APP_TOKEN"} if started[name] != "x"} - {"PORT"}
    section = page("README.md").split("always lead to the sandbox:")[1].split("`PORT` is")[0]
    assert set(re.findall(r"`([A-Z_]+)`", section)) == ignored


def test_sums_of_the_simulation_are_those_of_its_record() -> None:
    kept = json.loads((ROOT / "docs/simulation.json").read_text())
    hours, seconds = kept["simulated_seconds"] / 3600, kept["cpu_seconds"]
    text = page("docs/testing.md")
    assert f"The seeds 1 to {kept['last_seed']:,} simulated {hours:,.0f} hours in {seconds:,.0f} s" in text
    least = min(count for *_, count in kept["pairs"])
    assert least >= 100
    assert f"Each of the {len(kept['pairs'])} pairs of state and fault was reached 100 times or more" in text


def test_seeds_of_the_seeded_faults_are_those_of_their_file() -> None:
    mutants = tomllib.loads((ROOT / "tests/simulation/explore/mutants.toml").read_text())["mutant"]
    text = (ROOT / "docs/testing.md").read_text()
    assert f"All {len(mutants)} seeded faults are found" in text
    rows = re.findall(r"^\| ([\d,]+)(?: to ([\d,]+))? \| ", text.split("| Seeds | Seeded faults |")[1], re.MULTILINE)
    ranges = [tuple(int(each.replace(",", "")) for each in (first, last or first)) for first, last in rows]
    seeds = [mutant["seed"] for mutant in mutants]
    for first, last in ranges:
        assert {first, last} <= set(seeds)
    assert all(any(first <= seed <= last for first, last in ranges) for seed in seeds)


def test_shell_reads_the_settings_file_of_the_installation_page_as_it_is_meant(tmp_path: Path) -> None:
    section = (ROOT / "docs/installation.md").read_text().split("\n## 4. Settings\n")[1].split("\n## ")[0]
    lines = re.findall(r"^    ([A-Z_]+=.*)$", section, re.MULTILINE)
    (load,) = re.findall(r"^    (set -a; .*)$", section, re.MULTILINE)
    meant = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
    assert [name for name, value in meant.items() if " " in value]
    assert [name for name, value in meant.items() if "&" in value] == ["DATABASE_URL"]
    (tmp_path / "bot.env").write_text("\n".join(lines))
    show = f'{load}; exec "$0" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    read = subprocess.run(  # noqa: S603 - our own
        ["/bin/sh", "-c", show, sys.executable], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    assert json.loads(read.stdout).items() >= meant.items()
