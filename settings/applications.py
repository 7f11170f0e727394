"""The Kore.ai applications: one of the environment, or those of ``KORE_APPS_FILE``, each a table of the file.

A table has the names of environment variables in lower case. It sets them for its application alone; what it does not
set comes from the environment, and is the same for all. Only the ids and the secret never come from there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from config import Settings
from deletion.domain.check import CheckResult, passed
from deletion.domain.policy import Policy
from deletion.domain.text.application_name import is_practice_name, practice_name
from settings.checks import check_environment
from settings.environment import SECRETS, Environment, SettingsError, bare
from settings.toml_file import read_toml

FILE = "KORE_APPS_FILE"
PER_APPLICATION = (
    "KORE_BASE_URL", "KORE_APP_ID", "KORE_ACCOUNT_ID", "KORE_CLIENT_ID", "KORE_CLIENT_SECRET", "KORE_API_VERSION",
    "KORE_JWT_ALGORITHM", "KORE_JWT_SUBJECT", "KORE_JWT_TTL", "KORE_CALLS_PER_MINUTE", "APPROVALS_REQUIRED",
    "APPROVALS_CHANNEL", "OPS_ROOMS", "OPS_ROOMS_EVENTS", "UNDO_WINDOW", "DELETES_PER_HOUR",
    "DELETES_PER_PERSON_PER_HOUR", "DELETABLE_STATUSES", "STOPPABLE_STATUSES", "STOP_APPROVALS_REQUIRED", "ARCHIVE_KEY",
)  # fmt: skip
# A table that forgets one must not act in the application of the environment.
OWN = ("KORE_APP_ID", "KORE_ACCOUNT_ID", "KORE_CLIENT_ID", "KORE_CLIENT_SECRET")
CHANNELS, CONFIRM = "channels", "confirm_with_name"
LONGEST_NAME = 32
NAME, CHANNEL = re.compile(rf"[a-z][a-z0-9-]{{0,{LONGEST_NAME - 1}}}"), re.compile(r"[CG][A-Z0-9]{2,}")
MOST_APPLICATIONS = 8  # the Home shows each
Table = dict[str, Any]
E = TypeVar("E", bound=Environment)


@dataclass(frozen=True)
class ApplicationSettings:
    """One application: its settings, and where it is used. A single one has no name, and is used everywhere.

    In practice each has another name, so that it does not act on real requests, nor a real bot on those of practice.
    """

    settings: Settings
    name: str = ""
    channels: tuple[str, ...] = ()
    confirm_with_name: bool = False
    referenced: frozenset[str] = frozenset()  # the environment variables that hold its secrets

    def policy(self) -> Policy:
        """Return the settings that decide which deletes are allowed."""
        own = {"application": self.name, "channels": self.channels, "confirm_with_name": self.confirm_with_name}
        return self.settings.policy().model_copy(update=own)


def read_applications(environ: Mapping[str, str]) -> tuple[ApplicationSettings, ...]:
    """Return the applications. Raises SettingsError, which names every wrong variable, table and key at once."""
    path = environ.get(FILE, "").strip()
    if not path:
        return (_practising(ApplicationSettings(Settings.from_env(environ))),)
    found, wrong = [], []
    for name, table in _tables(path).items():
        try:
            found.append(_practising(_application(name, table, environ, f"{FILE}: {path} [{name}]")))
        except SettingsError as error:
            wrong += str(error).split("\n")
    channels = [(channel, application.name) for application in found for channel in application.channels]
    # Whatever its host and account: one app by two names of a host, or with a mistyped account, would have two rules.
    apps = [(application.settings.kore_account().app_id.casefold(), application.name) for application in found]
    wrong += _twice(f"{FILE}: {path}", "channels", channels) + _twice(f"{FILE}: {path}", "kore_app_id", apps)
    if wrong:
        raise SettingsError("\n".join(dict.fromkeys(wrong)))
    return tuple(found)


def read_each(environ: Mapping[str, str], kind: type[E]) -> dict[str, E]:
    """Return a command's settings of each application by name; those of the environment as "" without a file.

    Keys that the command does not use are not read, so it needs no other secret. Raises SettingsError, for the first
    table with a wrong key.
    """
    path = environ.get(FILE, "").strip()
    if not path:
        return {"": kind.from_env(environ)}
    found = {}
    for name, table in _tables(path).items():
        used = {key: table[key] for key in table if key.upper() in kind.model_fields or not _is_known(key)}
        found[name] = _settings(kind, used, environ, f"{FILE}: {path} [{name}]")
    return found


def check_applications(environ: Mapping[str, str], applications: Sequence[ApplicationSettings]) -> list[CheckResult]:
    """Return warnings about the environment and each application: see ``check_environment``."""
    referenced = {name for application in applications for name in application.referenced}
    others = {name: text for name, text in environ.items() if name not in referenced}
    found = [each for application in applications for each in check_environment(others, application.settings)]
    return list(dict.fromkeys(found))


def remarks(applications: Sequence[ApplicationSettings]) -> list[CheckResult]:
    """Return what is no mistake and has consequences that the operator has to know: no archive key, and practice."""
    text = "unset: the text of a deleted campaign cannot be recovered"
    names = [application.name for application in applications if not application.settings.ARCHIVE_KEY]
    found = [passed(f"{name} ARCHIVE_KEY".lstrip(), text) for name in names]
    if applications[0].settings.PRACTICE:
        found.append(passed("PRACTICE", "on: nothing is deleted, and real requests wait"))
    return found


def _tables(path: str) -> dict[str, Table]:
    tables = read_toml(path, FILE)
    wrong = [
        f"{FILE}: {path} {name}: expected a table" for name, table in tables.items() if not isinstance(table, dict)
    ]
    wrong += [
        f"{FILE}: {path} [{name}]: expected a name of a to z, 0 to 9 and -, {LONGEST_NAME} characters at most"
        for name in tables
        if not NAME.fullmatch(name)
    ]
    wrong += [
        f"{FILE}: {path} [{name}]: expected another name, because this one is of practice (PRACTICE)"
        for name in tables
        if is_practice_name(name)
    ]
    if not 1 <= len(tables) <= MOST_APPLICATIONS:
        wrong.append(f"{FILE}: {path}: expected 1 to {MOST_APPLICATIONS} tables, such as [production]")
    if wrong:
        raise SettingsError("\n".join(wrong))
    return tables


def _application(name: str, table: Table, environ: Mapping[str, str], where: str) -> ApplicationSettings:
    """Return the application of one table. Raises SettingsError with a line for each wrong key and variable."""
    settings = _settings(Settings, table, environ, where)
    channels, referenced = tuple(dict.fromkeys(table[CHANNELS])), [_variable(value) for value in table.values()]
    return ApplicationSettings(settings, name, channels, table.get(CONFIRM, False), frozenset(referenced) - {""})


def _settings(kind: type[E], table: Table, environ: Mapping[str, str], where: str) -> E:
    wrong, own = [], {}
    for key, value in table.items():
        try:
            if key in (CHANNELS, CONFIRM):
                _check(key, value)
            else:
                own[key.upper()] = _text(key, value, environ)
        except ValueError as error:
            wrong.append(f"{where} {key}: {error}")
    if CHANNELS not in table:
        wrong.append(f"{where} {CHANNELS}: is required")
    replaced = {*own, *OWN}
    others = {variable: text for variable, text in environ.items() if variable.removesuffix("_FILE") not in replaced}
    try:
        settings = kind.from_env({**others, **own}, is_rate_limit_granted=True)
        if not wrong:
            return settings
    except SettingsError as error:
        wrong += [_located(line, table, environ, where) for line in str(error).split("\n")]
    raise SettingsError("\n".join(line for line in wrong if not _repeats(line, wrong)))


def _practising(application: ApplicationSettings) -> ApplicationSettings:
    """Return the application under its name of practice, if the settings say so. Raises SettingsError."""
    if not application.settings.PRACTICE:
        return application
    name = practice_name(application.name)
    if len(name) > LONGEST_NAME:
        raise SettingsError(f"PRACTICE: [{application.name}] in {FILE} is too long a name to practise: {name}")
    return replace(application, name=name)


def _text(key: str, value: Any, environ: Mapping[str, str]) -> str:
    """Return the value as the environment states it. Raises ValueError, which repeats no value."""
    if not _is_known(key):
        raise ValueError("is no key of an application")
    if key.upper() in SECRETS:
        return _secret(value, environ)
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in items):
        raise ValueError("expected a text, a whole number or a list of texts")
    text = ",".join(map(str, items)).strip()
    if not text and key != "ops_rooms":
        raise ValueError("expected a value")
    return text


def _is_known(key: str) -> bool:
    return key.upper() in PER_APPLICATION and key.islower()


def _secret(value: Any, environ: Mapping[str, str]) -> str:
    text = ""
    match value:
        case {"env": str(variable)} if len(value) == 1:
            text = bare(environ.get(variable, ""))
        case {"file": str(path)} if len(value) == 1:
            with suppress(OSError, ValueError):
                text = bare(Path(path).read_text(encoding="utf-8"))
        case _:
            raise ValueError('expected { env = "VARIABLE" } or { file = "path" }, and never the secret itself')
    if not text:
        raise ValueError("expected a variable that is set, or a text file that this process may read")
    return text


def _variable(value: Any) -> str:
    return str(value.get("env", "")) if isinstance(value, dict) else ""


def _check(key: str, value: Any) -> None:
    """Raise ValueError unless the value is one for this key, which no variable of the environment has."""
    if key == CONFIRM and not isinstance(value, bool):
        raise ValueError("expected true or false")
    listed = value if isinstance(value, list) else []
    if key == CHANNELS and not (listed and all(CHANNEL.fullmatch(str(item)) for item in listed)):
        raise ValueError("expected a list of channel ids, C… or G…")


def _located(line: str, table: Table, environ: Mapping[str, str], where: str) -> str:
    """Return an error line of the settings with its table and key, unless the environment sets the variable."""
    variable, _, said = line.partition(": ")
    is_set = variable in environ or f"{variable}_FILE" in environ
    is_of_environment = variable not in PER_APPLICATION or (
        is_set and variable not in OWN and variable.lower() not in table
    )
    return line if is_of_environment else f"{where} {variable.lower()}: {said}"


def _repeats(line: str, lines: list[str]) -> bool:
    """Return whether this says that a key is required that another line says is wrong."""
    beginning, _, said = line.rpartition(": ")
    return said == "is required" and any(other != line and other.startswith(f"{beginning}: ") for other in lines)


def _twice(where: str, key: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line for each value that two applications have."""
    tables: dict[str, list[str]] = {}
    for value, name in named:
        tables.setdefault(value, []).append(name)
    several = [" and ".join(f"[{name}]" for name in names) for names in tables.values() if len(names) > 1]
    return [f"{where} {names} {key}: expected different ones" for names in dict.fromkeys(several)]
