"""Settings: the environment in, one frozen and checked object out. The only reader of the environment."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from deletion.archive import check_key
from kore_api.account import parse_base_url

SLACK_API = "https://slack.com/api/"
SECRETS = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "KORE_CLIENT_SECRET", "DATABASE_URL", "ARCHIVE_KEY",
)  # fmt: skip
KORE_ALLOWS_CALLS = 60  # a minute and account: docs.kore.ai/…/rate-limit-ccai
SANDBOX_TOKENS = ("xoxb-sandbox", "xapp-sandbox")
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=count) for count in (1, 60, 3600, 86400))
DURATION_UNITS = {"": SECOND, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


class SettingsError(Exception):
    """The environment cannot be used. ``str()`` is one line for each wrong variable, without values."""


def _matching(pattern: str, expected: str) -> BeforeValidator:
    def check(text: str | None) -> str | None:
        if text is not None and not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return BeforeValidator(check)


def _comma_list(pattern: str, expected: str) -> BeforeValidator:
    def split(text: str | tuple[str, ...]) -> tuple[str, ...]:
        items = text.split(",") if isinstance(text, str) else text
        found = tuple(item.strip() for item in items if item.strip())
        if not all(re.fullmatch(pattern, item) for item in found):
            raise ValueError(expected)
        return found

    return BeforeValidator(split)


def _duration(text: str | timedelta) -> timedelta:
    if isinstance(text, timedelta):
        return text
    if not (found := re.fullmatch(r"(\d{1,9})([smhd]?)", text.strip())):
        raise ValueError("seconds, or a number with s, m, h or d, such as 90, 15m or 24h")
    return int(found[1]) * DURATION_UNITS[found[2]]


def _from(low: timedelta, high: timedelta, expected: str) -> AfterValidator:
    def check(duration: timedelta) -> timedelta:
        if not low <= duration <= high:
            raise ValueError(expected)
        return duration

    return AfterValidator(check)


def _database_url(given: str | SecretStr) -> str:
    text = given.get_secret_value() if isinstance(given, SecretStr) else given
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        url = None
    if url is None or url.drivername not in ("sqlite", "postgresql") or not url.database:
        raise ValueError("sqlite:///<file> or postgresql://<user>@<host>/<database>")
    if "@" in (url.host or ""):
        raise ValueError("a password with each @ written as %40")
    return text


def _archive_keys(given: str | tuple[SecretStr, ...]) -> tuple[str | SecretStr, ...]:
    if not isinstance(given, str):
        return given
    keys = tuple(key.strip() for key in given.split(",") if key.strip())
    for key in keys:
        check_key(key)
    return keys


def _slack_api_url(text: str) -> str:
    try:
        url = urlsplit(text)
    except ValueError:  # brackets around what is no IPv6 address
        url = urlsplit("")
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"an http(s) address such as {SLACK_API}")
    return text if text.endswith("/") else f"{text}/"


def is_loopback(url: str) -> bool:
    """Whether a URL names this computer itself: ``localhost`` or a loopback address."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


People = Annotated[
    tuple[str, ...],
    _comma_list(r"[UWS][A-Z0-9]{2,}", "user ids (U… or W…) and user group ids (S…), separated by commas"),
]
Channels = Annotated[tuple[str, ...], _comma_list(r"[CG][A-Z0-9]{2,}", "channel ids (C… or G…), separated by commas")]
Channel = Annotated[str, _matching(r"[CG][A-Z0-9]{2,}", "one channel id, C… or G…")]
Duration = Annotated[timedelta, BeforeValidator(_duration)]


DatabaseUrl = Annotated[SecretStr, BeforeValidator(_database_url)]
DATABASE_FILE = SecretStr("sqlite:///campaign-delete.sqlite3")


class Environment(BaseModel):
    """Base of what is told from outside: each field is one variable."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, validate_default=True)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables of section "Settings" of the README; an empty one counts as unset.

        A secret may stand in a file instead, which ``<name>_FILE`` names. Raises SettingsError naming every wrong
        variable at once.
        """
        given = {name: environ[name].strip() for name in cls.model_fields if environ.get(name, "").strip()}
        from_files, wrong = _secrets_in_files(environ, given, [name for name in SECRETS if name in cls.model_fields])
        try:
            settings = cls.model_validate(given | from_files)
        except ValidationError as error:
            wrong += [line for line in _lines(error) if f"{line.partition(':')[0]}_FILE" not in "\n".join(wrong)]
        if wrong:
            raise SettingsError("\n".join(wrong))
        return settings


class DatabaseSettings(Environment):
    """All that reading the journal takes: nothing of Slack, nothing of Kore.ai."""

    DATABASE_URL: DatabaseUrl = DATABASE_FILE


class Settings(Environment):
    """Everything the bot is told from outside, in the order of the README's table."""

    SLACK_BOT_TOKEN: Annotated[SecretStr, _matching(r"xoxb-\S+", "a bot token, xoxb-…")]
    SLACK_APP_TOKEN: Annotated[SecretStr, _matching(r"xapp-\S+", "an app-level token, xapp-…")] | None = None
    SLACK_SIGNING_SECRET: SecretStr | None = None
    SLACK_API_URL: Annotated[str, BeforeValidator(_slack_api_url)] = SLACK_API
    HOST: str = "127.0.0.1"
    PORT: Annotated[int, Field(ge=1, le=65535)] = 3000
    KORE_BASE_URL: Annotated[str, AfterValidator(parse_base_url)] = "https://platform.kore.ai"
    KORE_APP_ID: Annotated[str, _matching(r"st-[0-9A-Za-z-]+", "the id of the Kore.ai app, st-…")]
    KORE_ACCOUNT_ID: Annotated[str, _matching(r"[0-9A-Za-z]+", "the id of the Kore.ai account")]
    KORE_CLIENT_ID: Annotated[str, _matching(r"\S+", "the client id of the JWT app, cs-…")]
    KORE_CLIENT_SECRET: Annotated[SecretStr, _matching(r"\S+", "the client secret of the JWT app")]
    KORE_API_VERSION: Literal["v1", "v2"] = "v1"
    KORE_JWT_ALGORITHM: Literal["HS256", "HS384", "HS512"] = "HS256"
    KORE_JWT_SUBJECT: Annotated[str, Field(min_length=1)] = "campaign-delete"
    KORE_JWT_TTL: Annotated[Duration, _from(10 * SECOND, HOUR, "10s to 1h")] = 5 * MINUTE
    KORE_CALLS_PER_MINUTE: Annotated[int, Field(ge=10)] = KORE_ALLOWS_CALLS
    REQUESTERS: People = ()
    APPROVERS: People = ()
    APPROVALS_REQUIRED: Annotated[int, Field(ge=0, le=20)] = 1
    APPROVALS_CHANNEL: Channel | None = None
    OPS_ROOMS: Channels = ()
    APPROVAL_TTL: Annotated[Duration, _from(SECOND, 30 * DAY, "1s to 30d")] = DAY
    APPROVAL_REMINDER: Annotated[Duration, _from(SECOND, 30 * DAY, "1s to 30d")] = 4 * HOUR
    UNDO_WINDOW: Annotated[Duration, _from(0 * SECOND, DAY, "0 to 24h")] = MINUTE
    DELETES_PER_HOUR: Annotated[int, Field(ge=1, le=1000)] = 10
    DELETES_PER_PERSON_PER_HOUR: Annotated[int, Field(ge=1, le=1000)] = 5
    DELETABLE_STATUSES: Annotated[
        tuple[str, ...], _comma_list(r"[^,]+", "Kore.ai campaign statuses, separated by commas")
    ] = ("Ready", "Stopped", "Completed")
    DATABASE_URL: DatabaseUrl = DATABASE_FILE
    ARCHIVE_KEY: Annotated[tuple[SecretStr, ...], BeforeValidator(_archive_keys)] = ()
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    LOG_FORMAT: Literal["text", "json"] = "text"

    @field_validator("SLACK_SIGNING_SECRET")
    @classmethod
    def _secret_in_http_mode(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("SLACK_APP_TOKEN", "wrong") is None:
            raise ValueError("the app's signing secret, because without SLACK_APP_TOKEN Slack calls by HTTP")
        return secret

    @field_validator("SLACK_API_URL")
    @classmethod
    def _real_tokens_go_to_slack(cls, url: str, info: ValidationInfo) -> str:
        tokens = [info.data.get(name) for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")]
        real = any(token and not token.get_secret_value().startswith(SANDBOX_TOKENS) for token in tokens)
        if real and url != SLACK_API and not is_loopback(url):
            raise ValueError(f"{SLACK_API} or an address of this computer, because the tokens look real")
        return url

    @field_validator("KORE_CALLS_PER_MINUTE")
    @classmethod
    def _kore_allows_no_more(cls, calls: int, info: ValidationInfo) -> int:
        if calls > KORE_ALLOWS_CALLS and not is_loopback(info.data.get("KORE_BASE_URL", "")):
            raise ValueError(f"10 to {KORE_ALLOWS_CALLS}, as many as Kore.ai allows")
        return calls

    @field_validator("APPROVALS_CHANNEL")
    @classmethod
    def _approvals_need_a_channel(cls, channel: str | None, info: ValidationInfo) -> str | None:
        if channel is None and info.data.get("APPROVALS_REQUIRED", 0) > 0:
            raise ValueError("a channel id, because APPROVALS_REQUIRED is not 0")
        return channel

    @field_validator("APPROVAL_REMINDER")
    @classmethod
    def _remind_before_the_end(cls, reminder: timedelta, info: ValidationInfo) -> timedelta:
        if reminder >= info.data.get("APPROVAL_TTL", timedelta.max):
            raise ValueError("less than APPROVAL_TTL")
        return reminder

    def database_file(self) -> Path | None:
        """The SQLite file, or None with PostgreSQL."""
        url = make_url(self.DATABASE_URL.get_secret_value())
        return Path(url.database or "") if url.drivername == "sqlite" else None


def _secrets_in_files(
    environ: Mapping[str, str], given: Mapping[str, str], secrets: list[str]
) -> tuple[dict[str, str], list[str]]:
    """What the files hold, by the variable that each stands for, and a line for each that cannot be used."""
    found, wrong = {}, []
    for name in secrets:
        path = environ.get(f"{name}_FILE", "").strip()
        if path and name in given:
            wrong.append(f"{name}_FILE: expected to be unset, because {name} is set")
        elif path:
            try:
                found[name] = Path(path).read_text().strip()
            except (OSError, UnicodeDecodeError):
                wrong.append(f"{name}_FILE: expected the path of a text file that this process may read")
    return found, wrong


def _lines(error: ValidationError) -> list[str]:
    """One line for each wrong variable; pydantic's own words only where they name no value."""
    words: dict[str, Callable[[dict[str, Any]], str]] = {
        "missing": lambda _: "is required",
        "value_error": lambda context: f"expected {context['error']}",
        "literal_error": lambda context: f"expected one of {context['expected']}",
        "int_parsing": lambda _: "expected a whole number",
        "greater_than_equal": lambda context: f"expected {context['ge']} or more",
        "less_than_equal": lambda context: f"expected {context['le']} or less",
    }
    return [
        f"{found['loc'][0]}: {words.get(found['type'], _unreadable)(found.get('ctx', {}))}"
        for found in error.errors(include_url=False, include_input=False)
    ]


def _unreadable(_: dict[str, Any]) -> str:
    return "cannot be used"
