"""Read the settings, and go on with those that are right, so that one wrong variable hides no other fault."""

from collections.abc import Mapping, Sequence
from typing import Any

from config import Settings
from deletion.domain.check import CheckResult, failed
from settings.applications import FILE, PER_APPLICATION, ApplicationSettings, read_applications
from settings.environment import SettingsError

PEOPLE = ("REQUESTERS", "APPROVERS")  # their stand-ins are no users
TRIES = 5  # each removes the variables that the validation found wrong
CURE = "docs/settings.md describes it."
NO_APPROVALS = {"APPROVALS_REQUIRED": "0", "STOP_APPROVALS_REQUIRED": "0"}
# What stands in for a wrong variable. Nothing is sent with it: services with a wrong variable are not checked.
STAND_INS = {
    "SLACK_BOT_TOKEN": {"SLACK_BOT_TOKEN": "xoxb-sandbox"},
    "SLACK_SIGNING_SECRET": {"SLACK_SIGNING_SECRET": "unset"},
    "KORE_APP_ID": {"KORE_APP_ID": "st-unset"},
    "KORE_ACCOUNT_ID": {"KORE_ACCOUNT_ID": "unset"},
    "KORE_CLIENT_ID": {"KORE_CLIENT_ID": "unset"},
    "KORE_CLIENT_SECRET": {"KORE_CLIENT_SECRET": "unset"},
    "REQUESTERS": {"REQUESTERS": "U00"},
    "APPROVERS": {"APPROVERS": "S00", **NO_APPROVALS},
    "APPROVALS_REQUIRED": {"APPROVALS_REQUIRED": "0"},
    "APPROVALS_CHANNEL": NO_APPROVALS,
    # Others depend on these, and would be blamed for what is right.
    "SLACK_APP_TOKEN": {"SLACK_APP_TOKEN": "xapp-sandbox"},
    "WEBHOOK_URL": {"WEBHOOK_URL": "https://unset.invalid/"},
    "ESCALATE_AFTER": {"ESCALATE_AFTER": "1s"},
    "APPROVAL_TTL": {"APPROVAL_TTL": "30d"},
    "KORE_BASE_URL": {"KORE_BASE_URL": "http://localhost"},
}
Read = tuple[Sequence[ApplicationSettings], list[CheckResult]]


def read_settings(environ: Mapping[str, str]) -> Read:
    """Return the applications without their wrong settings, and a failure for each of those.

    No application is returned if nothing can be read. A wrong file of applications counts as none.
    """
    try:
        return read_applications(environ), []
    except SettingsError as error:
        lines = str(error).splitlines()
    of_file = [failed(FILE, line.removeprefix(f"{FILE}: "), CURE) for line in lines if line.startswith(FILE)]
    given = {name: value for name, value in environ.items() if name != FILE}
    applications, wrong = _read_environment(given)
    if environ.get(FILE, "").strip():
        wrong = [result for result in wrong if result.name.removesuffix("_FILE") not in PER_APPLICATION]
    return applications, of_file + wrong


def _read_environment(environ: Mapping[str, str]) -> Read:
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
            without: dict[str, Any] = {name: () for name in PEOPLE if name in wrong}
            return (ApplicationSettings(settings.model_copy(update=without)),), _failures(wrong)
    return (), _failures(wrong)


def wrong_of(failures: Sequence[CheckResult], *prefixes: str) -> str:
    """Return the first wrong variable of a service; empty if there is none."""
    return next((result.name for result in failures if result.name.startswith(prefixes)), "")


def _failures(wrong: Mapping[str, str]) -> list[CheckResult]:
    return [failed(name, text, CURE) for name, text in wrong.items()]
