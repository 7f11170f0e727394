"""Slack's command line can use this repository, and the manifest can be printed for any address."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import commands

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
HOOKS: dict[str, Any] = json.loads((ROOT / ".slack" / "hooks.json").read_text())
HTTP = "https://bot.example.com/slack/events"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.run, ["manifest", *arguments])


def addresses(manifest: dict[str, Any]) -> list[str | None]:
    """Return every place of a manifest that names an address."""
    settings = manifest["settings"]
    parts = [(command, "url") for command in manifest["features"]["slash_commands"]]
    parts += [(settings["interactivity"], "request_url"), (settings["event_subscriptions"], "request_url")]
    return [part.get(name) for part, name in parts]


def test_manifest_without_options_is_the_file() -> None:
    assert json.loads(run().output) == MANIFEST


@pytest.mark.parametrize(
    "given", ["https://bot.example.com", "https://bot.example.com/", "https://bot.example.com/slack/events"]
)
def test_manifest_for_http_has_the_address_everywhere(given: str) -> None:
    manifest = json.loads(run("--request-url", given).output)
    assert addresses(manifest) == [HTTP] * len(addresses(MANIFEST))
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["oauth_config"] == MANIFEST["oauth_config"]


def test_manifest_for_socket_mode_has_no_address() -> None:
    result = run("--socket-mode")
    assert set(addresses(json.loads(result.output))) == {None}
    assert json.loads(result.output)["settings"]["socket_mode_enabled"] is True
    assert "example.com" not in result.output


@pytest.mark.parametrize(
    "given",
    [
        ["--request-url", "http://bot.example.com"],
        ["--request-url", "bot.example.com"],
        ["--request-url", "https://"],
        ["--request-url", "https://[::1"],
        ["--request-url", "https://bot.example.com/elsewhere"],
        ["--request-url", "https://bot.example.com?x=1"],
        ["--request-url", HTTP, "--socket-mode"],
    ],
)
def test_wrong_address_is_exit_code_2(given: list[str]) -> None:
    result = run(*given)
    assert (result.exit_code, "{" in result.output) == (2, False)


def test_icon_is_explained_and_no_manifest_is_printed() -> None:
    result = run("--icon")
    assert (result.exit_code, "512" in result.output, "{" in result.output) == (0, True, False)


def test_hooks_start_the_bot_and_print_the_manifest_without_further_arguments() -> None:
    """Slack's command line merges what `get-hooks` prints with hooks.json, which wins.

    With another protocol than the default one, it would add arguments to each command.
    """
    python, *module = HOOKS["hooks"]["get-hooks"].split()
    assert python == "python3"
    printed = subprocess.run([sys.executable, *module], capture_output=True, check=True)  # noqa: S603 - of the repository
    defaults = json.loads(printed.stdout)
    assert defaults["config"]["sdk-managed-connection-enabled"] is True
    assert HOOKS["config"]["protocol-version"] == ["default"]
    assert "default" in defaults["config"]["protocol-version"]
    assert (HOOKS["hooks"]["get-manifest"], HOOKS["hooks"]["start"]) == ("python3 app.py manifest", "python3 app.py")
    assert all((ROOT / path).exists() for path in HOOKS["config"]["watch"]["manifest"]["paths"])


def test_requirements_name_the_hooks_so_that_slacks_command_line_leaves_them_alone() -> None:
    """It would add a line without a hash after every line that names Bolt."""
    assert "slack-cli-hooks" in (ROOT / "requirements.txt").read_text()
