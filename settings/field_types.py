"""The types of settings that are more than text or a number, each with its parser."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from deletion.domain.approval_hours import ApprovalHours
from deletion.domain.approval_rule import ApprovalRule
from deletion.lifecycle.archive import check_key
from settings.defaults import LONGEST_REMINDER, SHORTEST_REMINDER
from settings.environment import comma_list, duration_list, matching, may_have_address


def _database_url(given: str | SecretStr) -> str:
    text = given.get_secret_value() if isinstance(given, SecretStr) else given
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        url = None
    if url is None or url.drivername not in ("sqlite", "postgresql") or not url.database:
        raise ValueError("sqlite:///<file> or postgresql://<user>@<host>/<database>")
    if url.database == ":memory:":
        raise ValueError("a file, because each connection to :memory: is another database")
    if url.drivername == "sqlite" and url.query:
        raise ValueError("sqlite:///<file> without options")
    if not may_have_address(url.host):
        raise ValueError("a host name that can have an address")
    if "@" in (url.host or ""):
        raise ValueError("a password with each @ written as %40")
    return text


def _archive_keys(given: str | tuple[SecretStr, ...]) -> tuple[str | SecretStr, ...]:
    if not isinstance(given, str):
        return given
    keys = tuple(dict.fromkeys(key.strip() for key in given.split(",") if key.strip()))
    for key in keys:
        check_key(key)
    return keys


def _not_empty(people: tuple[str, ...]) -> tuple[str, ...]:
    if not people:
        raise ValueError(PEOPLE)
    return people


def _approval_rule(given: str | ApprovalRule) -> ApprovalRule:
    return ApprovalRule.parse(given) if isinstance(given, str) else given


def _approval_hours(given: str | ApprovalHours) -> ApprovalHours:
    return ApprovalHours.parse(given) if isinstance(given, str) else given


PEOPLE = "user ids (U… or W…) and user group ids (S…), separated by commas"
People = Annotated[tuple[str, ...], comma_list(r"[UWS][A-Z0-9]{2,}", PEOPLE)]
Channels = Annotated[tuple[str, ...], comma_list(r"[CG][A-Z0-9]{2,}", "channel ids (C… or G…), separated by commas")]
Channel = Annotated[str, matching(r"[CG][A-Z0-9]{2,}", "one channel id, C… or G…")]
DatabaseUrl = Annotated[SecretStr, BeforeValidator(_database_url)]
DATABASE_FILE = SecretStr("sqlite:///campaign-delete.sqlite3")
ArchiveKeys = Annotated[tuple[SecretStr, ...], BeforeValidator(_archive_keys)]
Requesters = Annotated[People, AfterValidator(_not_empty)]
Rule = Annotated[ApprovalRule, BeforeValidator(_approval_rule)]
Hours = Annotated[ApprovalHours, BeforeValidator(_approval_hours)]
Reminders = Annotated[tuple[timedelta, ...], duration_list(SHORTEST_REMINDER, LONGEST_REMINDER, "1s to less than 30d")]
Statuses = Annotated[tuple[str, ...], comma_list(r"[^,]+", "Kore.ai campaign statuses, separated by commas")]
NamePatterns = Annotated[
    tuple[str, ...], comma_list(r"[^,]+", "patterns of campaign names with * and ?, separated by commas")
]
TicketUrl = Annotated[str, matching(r"https://[^\s<>|]*\{ticket\}[^\s<>|]*", "an https address with {ticket} in it")]
