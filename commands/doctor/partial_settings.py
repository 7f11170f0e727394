"""Read the settings, and go on with those that are right, so that one wrong variable hides no other fault."""

from collections.abc import Mapping

from config import Settings
from deletion.domain.check import CheckResult, failed
from env_parsing import SettingsError

TRIES = 5  # each removes the variables that the validation found wrong
# What stands in for a wrong variable. Nothing is sent with it: services with a wrong variable are not checked.
STAND_INS = {
    "SLACK_BOT_TOKEN": {"SLACK_BOT_TOKEN": "xoxb-sandbox"},
    "SLACK_SIGNING_SECRET": {"SLACK_SIGNING_SECRET": "unset"},
    "KORE_APP_ID": {"KORE_APP_ID": "st-unset"},
    "KORE_ACCOUNT_ID": {"KORE_ACCOUNT_ID": "unset"},
    "KORE_CLIENT_ID": {"KORE_CLIENT_ID": "unset"},
    "KORE_CLIENT_SECRET": {"KORE_CLIENT_SECRET": "unset"},
    "REQUESTERS": {"REQUESTERS": "U00"},
    "APPROVALS_REQUIRED": {"APPROVALS_REQUIRED": "0"},
    "APPROVALS_CHANNEL": {"APPROVALS_REQUIRED": "0"},
}


def read_settings(environ: Mapping[str, str]) -> tuple[Settings | None, list[CheckResult]]:
    """Return the settings without the wrong ones, and a failure for each of those; None if nothing can be read."""
    given, wrong = dict(environ), dict[str, str]()
    for _ in range(TRIES):
        try:
            settings = Settings.from_env(given)
        except SettingsError as error:
            found = dict(line.split(": ", 1) for line in str(error).splitlines() if ": " in line)
            wrong = found | wrong
            for variable in (name.removesuffix("_FILE") for name in found):
                given = {name: value for name, value in given.items() if name.removesuffix("_FILE") != variable}
                given |= STAND_INS.get(variable, {})
        else:
            without = {"REQUESTERS": ()} if "REQUESTERS" in wrong else {}
            return settings.model_copy(update=without), _failures(wrong)
    return None, _failures(wrong)


def wrong_of(failures: list[CheckResult], prefix: str) -> str:
    """Return the first wrong variable of a service; empty if there is none."""
    return next((result.name for result in failures if result.name.startswith(prefix)), "")


def _failures(wrong: Mapping[str, str]) -> list[CheckResult]:
    return [failed(name, text, "docs/settings.md describes it.") for name, text in wrong.items()]
