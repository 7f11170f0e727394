"""Find what is probably a mistake in the environment, and describe the settings in force without their secrets."""

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from pydantic import SecretStr

from config import Settings
from deletion.domain.approval_rule import ApprovalRule
from deletion.domain.check import CheckResult, warned
from kore_api.models import KNOWN_STATUSES
from settings.environment import DURATION_UNITS, SECRETS, split_url

PREFIXES = (
    "SLACK_", "KORE_", "REQUESTER", "APPROVER", "APPROVAL", "OPS_ROOM", "ESCALAT", "UNDO_", "DELETES_", "DELETABLE_",
    "STOP_", "STOPPABLE_", "ARCHIVE_", "WEBHOOK_", "PRACTICE_",
)  # fmt: skip
OF_OTHERS = ("SLACK_CLI_", "SLACK_APP_PATH")  # of Slack's command line, which starts the bot for `slack run`
SHORT = 5  # PORT and HOST resemble too much
LIKELY, POSSIBLE = 0.87, 0.6  # ratios of difflib


def check_environment(environ: Mapping[str, str], settings: Settings) -> list[CheckResult]:
    """Return a warning for each unknown variable that is meant for this bot, and for each unknown status."""
    return [*unknown_variables(environ), *_unknown_statuses(settings)]


def unknown_variables(environ: Mapping[str, str]) -> list[CheckResult]:
    """Return a warning for each variable that has one of the bot's prefixes or is nearly one of its names."""
    known = [*Settings.model_fields, *(f"{name}_FILE" for name in SECRETS)]
    results = []
    for name in sorted(name for name, value in environ.items() if value and name not in known):
        is_meant = name.upper().startswith(PREFIXES) and not name.startswith(OF_OTHERS)
        nearest = _nearest(name.upper(), known, POSSIBLE if is_meant else LIKELY)
        if is_meant or (nearest and len(name) > SHORT):
            cure = f"Did you mean {nearest}?" if nearest else "Remove it, or correct its name."
            results.append(warned(name, "an unknown variable, which has no effect", cure))
    return results


def _unknown_statuses(settings: Settings) -> list[CheckResult]:
    known = {status.casefold(): status for status in KNOWN_STATUSES}
    given = [("DELETABLE_STATUSES", status) for status in settings.DELETABLE_STATUSES]
    given += [("STOPPABLE_STATUSES", status) for status in settings.STOPPABLE_STATUSES]
    results = []
    for name, status in ((name, status) for name, status in given if status.casefold() not in known):
        nearest = known.get(_nearest(status.casefold(), list(known), POSSIBLE))
        cure = f"Did you mean {nearest}?" if nearest else f"Kore.ai documents {', '.join(KNOWN_STATUSES)}."
        results.append(warned(name, f"{status} is no status that Kore.ai documents", cure))
    return results


def _nearest(name: str, known: list[str], ratio: float) -> str:
    return next(iter(get_close_matches(name, known, 1, ratio)), "")


def in_force(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Return each setting as text: as it was given, else its default. Of a secret, whether it is set."""
    shown = {name: _shown(getattr(settings, name)) for name in Settings.model_fields}
    given = {name: environ[name].strip() for name in shown if environ.get(name, "").strip() and name not in SECRETS}
    addresses = {name: _without_path(given[name]) for name in ("WEBHOOK_URL",) if name in given}  # a path may be secret
    return shown | given | addresses


def _without_path(url: str) -> str:
    address = split_url(url)
    return f"{address.scheme}://{address.hostname}/…"


def given_names(environ: Mapping[str, str]) -> list[str]:
    """Return the settings that are not left at their defaults."""
    return [name for name in Settings.model_fields if environ.get(name) or environ.get(f"{name}_FILE")]


def _shown(value: Any) -> str:
    match value:
        case None | ():
            return "unset"
        case SecretStr():
            return "set"
        case tuple():
            return ",".join(dict.fromkeys(map(_shown, value)))
        case bool():
            return "on" if value else "off"
        case timedelta():
            return next(f"{value // DURATION_UNITS[unit]}{unit}" for unit in "dhms" if not value % DURATION_UNITS[unit])
        case _:
            return str(value.required if isinstance(value, ApprovalRule) else value)
