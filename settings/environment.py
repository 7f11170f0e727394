"""Parse environment variables: text forms, lists, durations, secrets in files, and one error line for each fault."""

import re
import string
from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

import regex
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

SLACK_API = "https://slack.com/api/"
SECRETS = (
    "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "KORE_CLIENT_SECRET", "DATABASE_URL", "ARCHIVE_KEY",
    "WEBHOOK_SECRET",
)  # fmt: skip
EMPTY_IS_A_VALUE = ("APPROVERS_TO_NOTIFY",)  # every other empty variable counts as unset
LONGEST_LABEL = 63  # characters of a host name between two dots
# Not ignored as unknown variables are: the bot would delete what was only to be practised.
PRACTICE, SPELLINGS_OF_PRACTICE = "PRACTICE", ("PRACTICE", "PRACTISE")
QUOTES = ('""', "''", "\u201c\u201d", "\u2018\u2019")
UNREAD = re.compile("[\ud800-\udfff\ufffd]")  # how Python and Docker read bytes that are no UTF-8
UNSEEN = "\u00a0\ufeff\u200b\u2060"  # a space, and marks without a width
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=count) for count in (1, 60, 3600, 86400))
DURATION_UNITS = {"": SECOND, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


class SettingsError(Exception):
    """The environment is not usable. ``str()`` has one line for each wrong variable, and no values."""


def matching(pattern: str, expected: str) -> BeforeValidator:
    """Require the text to match a pattern; ``expected`` describes the pattern to the operator."""

    def check(text: str | None) -> str | None:
        if text is not None and not re.fullmatch(pattern, text):
            raise ValueError(expected)
        return text

    return BeforeValidator(check)


def comma_list(pattern: str, expected: str) -> BeforeValidator:
    """Split at commas, require each item to match a pattern, and drop duplicates."""

    def split(text: str | tuple[str, ...]) -> tuple[str, ...]:
        items = text.split(",") if isinstance(text, str) else text
        found = tuple(item.strip() for item in items if item.strip())
        if not all(re.fullmatch(pattern, item) for item in found):
            raise ValueError(expected)
        return tuple(dict.fromkeys(found))

    return BeforeValidator(split)


def duration(text: str | timedelta) -> timedelta:
    """Return the duration that a text states. Raises ValueError."""
    if isinstance(text, timedelta):
        return text
    if not (found := re.fullmatch(r"(\d{1,9})([smhd]?)", text.strip())):
        raise ValueError("seconds, or a number with s, m, h or d, such as 90, 15m or 24h")
    return int(found[1]) * DURATION_UNITS[found[2]]


def durations(text: str | tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    """Return the durations that a list states, sorted. Raises ValueError."""
    return tuple(sorted({duration(item) for item in text.split(",")})) if isinstance(text, str) else text


def duration_list(low: timedelta, high: timedelta, expected: str) -> BeforeValidator:
    """Split at commas into durations from ``low`` to ``high``, both included, and sort them."""

    def split(text: str | tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        found = durations(text)
        if not all(low <= each <= high for each in found):
            raise ValueError(expected)
        return found

    return BeforeValidator(split)


def within(low: timedelta, high: timedelta, expected: str) -> AfterValidator:
    """Require a duration from ``low`` to ``high``, both included."""

    def check(duration: timedelta) -> timedelta:
        if not low <= duration <= high:
            raise ValueError(expected)
        return duration

    return AfterValidator(check)


Duration = Annotated[timedelta, BeforeValidator(duration)]


def may_have_address(host: str | None) -> bool:
    """Return whether the labels of a host name have a length that the domain name system accepts, or there is none."""
    return all(0 < len(label) <= LONGEST_LABEL for label in (host or "-").removesuffix(".").split("."))


def split_url(text: str) -> SplitResult:
    """Return the parts of a URL, all empty if no client could call it."""
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:  # brackets around something that is not an IPv6 address, or no port number
        return urlsplit("")
    is_usable = text.isprintable() and port != 0 and may_have_address(url.hostname)
    return url if is_usable else urlsplit("")


def slack_api_url(text: str) -> str:
    """Return the address with a slash at its end. Raises ValueError."""
    url = split_url(text)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"an http(s) address such as {SLACK_API}")
    return text if text.endswith("/") else f"{text}/"


def ticket_pattern(text: str) -> str:
    """Return the pattern. Raises ValueError unless it is a regular expression that does not match everything."""
    expected = "a regular expression for tickets, such as [A-Z]+-[0-9]+"
    try:
        pattern = regex.compile(text)
    except (regex.error, RecursionError):  # the second for groups beyond any use
        raise ValueError(expected) from None
    if pattern.fullmatch(""):
        raise ValueError(expected)
    return text


def webhook_url(text: str) -> str:
    """Return the address. Raises ValueError unless it is encrypted, or on this machine."""
    url = split_url(text)
    if not url.hostname or not (url.scheme == "https" or (url.scheme == "http" and is_loopback(text))):
        raise ValueError("an https address, or an http address on this machine")
    return text


def is_loopback(url: str) -> bool:
    """Return whether the URL's host is ``localhost`` or a loopback address."""
    host = split_url(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Environment(BaseModel):
    """A model that is read from the environment: each field is one variable."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, validate_default=True)

    @classmethod
    def from_env(cls, environ: Mapping[str, str], **context: bool) -> Self:
        """Return the settings. An empty variable counts as unset, except those of ``EMPTY_IS_A_VALUE``.

        ``<name>_FILE`` names a file with a secret. ``context`` is for the validators of the fields.

        Raises SettingsError, which names every wrong variable at once.
        """
        stated = {name: bare(environ[name]) for name in cls.model_fields if name in environ}
        given = {name: value for name, value in stated.items() if value or name in EMPTY_IS_A_VALUE}
        from_files, wrong = _secrets_in_files(environ, given, [name for name in SECRETS if name in cls.model_fields])
        wrong += [*_mistyped(given, from_files), *_misspelt(environ)]
        named = {line.partition(":")[0].removesuffix("_FILE") for line in wrong}
        try:
            settings = cls.model_validate(given | from_files, context=context)
        except ValidationError as error:
            wrong += [line for line in _lines(error) if line.partition(":")[0] not in named]
        if wrong:
            raise SettingsError("\n".join(wrong))
        return settings


def _secrets_in_files(
    environ: Mapping[str, str], given: Mapping[str, str], secrets: list[str]
) -> tuple[dict[str, str], list[str]]:
    """Return the secrets read from files by variable, and an error line for each file that is not usable."""
    found, wrong = {}, []
    for name in secrets:
        path = environ.get(f"{name}_FILE", "").strip()
        if path and name in given:
            wrong.append(f"{name}_FILE: expected to be unset, because {name} is set")
        elif path:
            try:
                found[name] = bare(Path(path).read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError):
                wrong.append(f"{name}_FILE: expected the path of a text file that this process may read")
    return found, wrong


def bare(text: str) -> str:
    """Return the text without space and unseen marks around it, such as the byte order mark of some editors."""
    return text.strip(f"{string.whitespace}{UNSEEN}")


def _mistyped(given: Mapping[str, str], from_files: Mapping[str, str]) -> list[str]:
    """Return a line for each value in another encoding, or in quotation marks.

    Shells remove the marks, and Docker's ``--env-file`` keeps them.
    """
    stated = [*given.items(), *((f"{name}_FILE", text) for name, text in from_files.items())]
    unread = [name for name, text in stated if UNREAD.search(text)]
    quoted = [name for name, text in stated if len(text) > 1 and text[0] + text[-1] in QUOTES]
    lines = {name: f"{name}: expected a value without quotation marks around it" for name in quoted}
    return [*(lines | {name: f"{name}: expected text in UTF-8" for name in unread}).values()]


def _misspelt(environ: Mapping[str, str]) -> list[str]:
    named = [name for name in environ if name.upper() in SPELLINGS_OF_PRACTICE and environ[name].strip()]
    return [f"{name}: expected {PRACTICE}, which is the name of this setting" for name in named if name != PRACTICE]


def _lines(error: ValidationError) -> list[str]:
    """Return one line for each wrong variable. Pydantic's own messages are not used, because they can quote a value."""
    words: dict[str, Callable[[dict[str, Any]], str]] = {
        "missing": lambda _: "is required",
        "value_error": lambda context: f"expected {context['error']}",
        "literal_error": lambda context: f"expected one of {context['expected']}",
        "bool_parsing": lambda _: "expected on or off",
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
