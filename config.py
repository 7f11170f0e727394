"""The settings: each environment variable with its type and default, validated together into one frozen object."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator

from deletion.db.connection_limit import LEAST_CONNECTIONS
from deletion.db.database_name import sqlite_file
from deletion.domain.approval_rule import MOST, ApprovalRule
from deletion.domain.approvals.quorum import most_approvals
from deletion.domain.policy import OpsRoomsEvents, Policy
from kore_api.account import KoreAccount, parse_base_url
from kore_api.auth import KoreAuth
from settings.defaults import DELETES_PER_PERSON, LONGEST_REMINDER, LONGEST_TTL, REMINDER, TTL, fitting_defaults
from settings.environment import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    SLACK_API,
    Duration,
    Environment,
    comma_list,
    is_loopback,
    matching,
    slack_api_url,
    ticket_pattern,
    webhook_url,
    within,
)
from settings.field_types import (
    DATABASE_FILE,
    ArchiveKeys,
    Channel,
    Channels,
    DatabaseUrl,
    Hours,
    People,
    Reminders,
    Requesters,
    Rule,
)

PYPROJECT = Path(__file__).parent / "pyproject.toml"
KORE_RATE_LIMIT = 60  # calls per minute and account: docs.kore.ai/…/rate-limit-ccai
SANDBOX_TOKENS = ("xoxb-sandbox", "xapp-sandbox")


def version() -> str:
    """Return the bot's version, which pyproject.toml states."""
    return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])


class Settings(Environment):
    """All settings of the bot, in the order of the README's table."""

    SLACK_BOT_TOKEN: Annotated[SecretStr, matching(r"xoxb-\S+", "a bot token, xoxb-…")]
    SLACK_APP_TOKEN: Annotated[SecretStr, matching(r"xapp-\S+", "an app-level token, xapp-…")] | None = None
    SLACK_SIGNING_SECRET: SecretStr | None = None
    SLACK_API_URL: Annotated[str, BeforeValidator(slack_api_url)] = SLACK_API
    HOST: str = "127.0.0.1"
    PORT: Annotated[int, Field(ge=1, le=65535)] = 3000
    KORE_BASE_URL: Annotated[str, AfterValidator(parse_base_url)] = "https://platform.kore.ai"
    KORE_APP_ID: Annotated[str, matching(r"st-[0-9A-Za-z-]+", "the id of the Kore.ai app, st-…")]
    KORE_ACCOUNT_ID: Annotated[str, matching(r"[0-9A-Za-z]+", "the id of the Kore.ai account")]
    KORE_CLIENT_ID: Annotated[str, matching(r"\S+", "the client id of the JWT app, cs-…")]
    KORE_CLIENT_SECRET: Annotated[SecretStr, matching(r"\S+", "the client secret of the JWT app")]
    KORE_API_VERSION: Literal["v1", "v2"] = "v1"
    KORE_JWT_ALGORITHM: Literal["HS256", "HS384", "HS512"] = "HS256"
    KORE_JWT_SUBJECT: Annotated[str, Field(min_length=1)] = "campaign-delete"
    KORE_JWT_TTL: Annotated[Duration, within(10 * SECOND, HOUR, "10s to 1h")] = 5 * MINUTE
    KORE_CALLS_PER_MINUTE: Annotated[int, Field(ge=10)] = KORE_RATE_LIMIT
    KORE_APPS_FILE: str | None = None
    REQUESTERS: Requesters
    APPROVERS: People = ()
    APPROVERS_TO_NOTIFY: People | None = None
    NOTIFY_BY_DM: bool = False
    APPROVALS_REQUIRED: Rule = ApprovalRule(required=1)
    REQUIRE_VERIFIED_EMAIL: bool = True
    APPROVALS_CHANNEL: Channel | None = None
    OPS_ROOMS: Channels = ()
    OPS_ROOMS_EVENTS: Literal["all", "outcomes", "deletions"] = "all"
    APPROVAL_TTL: Annotated[Duration, within(SECOND, LONGEST_TTL, "1s to 30d")] = TTL
    APPROVAL_REMINDER: Reminders = (REMINDER,)
    ESCALATE_AFTER: Annotated[Duration, within(SECOND, LONGEST_REMINDER, "1s to less than 30d")] | None = None
    ESCALATION_APPROVERS: People = ()
    APPROVAL_HOURS: Hours | None = None
    UNDO_WINDOW: Annotated[Duration, within(0 * SECOND, DAY, "0 to 24h")] = MINUTE
    DELETES_PER_HOUR: Annotated[int, Field(ge=1, le=1000)] = 10
    DELETES_PER_PERSON_PER_HOUR: Annotated[int, Field(ge=1, le=1000)] = DELETES_PER_PERSON
    DELETABLE_STATUSES: Annotated[
        tuple[str, ...], comma_list(r"[^,]+", "Kore.ai campaign statuses, separated by commas")
    ] = ("Ready", "Stopped", "Completed")
    STOPPABLE_STATUSES: Annotated[
        tuple[str, ...], comma_list(r"[^,]+", "Kore.ai campaign statuses, separated by commas")
    ] = ("Active", "Paused", "Preparing", "Scheduled", "Rescheduled")
    STOP_APPROVALS_REQUIRED: Annotated[int, Field(ge=0, le=MOST)] = 0
    TICKET_PATTERN: Annotated[str, AfterValidator(ticket_pattern)] | None = None
    TICKET_URL: Annotated[str, matching(r"https://\S*\{ticket\}\S*", "an https address with {ticket} in it")] | None = (
        None
    )
    PROTECTED_NAMES: Annotated[
        tuple[str, ...], comma_list(r"[^,]+", "patterns of campaign names with * and ?, separated by commas")
    ] = ()
    DATABASE_URL: DatabaseUrl = DATABASE_FILE
    DATABASE_CONNECTIONS: Annotated[int, Field(ge=LEAST_CONNECTIONS, le=100)] = 10
    ARCHIVE_KEY: ArchiveKeys = ()
    WEBHOOK_URL: Annotated[str, BeforeValidator(webhook_url)] | None = None
    WEBHOOK_SECRET: Annotated[SecretStr, matching(r"\S{16,}", "at least 16 characters without spaces")] | None = None
    PRACTICE: bool = False
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    LOG_FORMAT: Literal["text", "json"] = "text"

    @model_validator(mode="before")
    @classmethod
    def _only_two_explicit_values_conflict(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {**fitting_defaults(given), **given}

    @field_validator("SLACK_SIGNING_SECRET")
    @classmethod
    def _secret_in_http_mode(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("SLACK_APP_TOKEN", "wrong") is None:
            raise ValueError("the app's signing secret, because without SLACK_APP_TOKEN Slack uses HTTP")
        return secret

    @field_validator("SLACK_API_URL")
    @classmethod
    def _real_tokens_go_to_slack(cls, url: str, info: ValidationInfo) -> str:
        tokens = [info.data.get(name) for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")]
        real = any(token and not token.get_secret_value().startswith(SANDBOX_TOKENS) for token in tokens)
        if real and url != SLACK_API and not is_loopback(url):
            raise ValueError(f"{SLACK_API} or a loopback address, because the tokens look real")
        return url

    @field_validator("KORE_CALLS_PER_MINUTE")
    @classmethod
    def _within_kore_rate_limit(cls, calls: int, info: ValidationInfo) -> int:
        is_granted = (info.context or {}).get("is_rate_limit_granted")
        if calls > KORE_RATE_LIMIT and not is_granted and not is_loopback(info.data.get("KORE_BASE_URL", "")):
            raise ValueError(f"10 to {KORE_RATE_LIMIT}, Kore.ai's own limit")
        return calls

    @field_validator("APPROVALS_REQUIRED")
    @classmethod
    def _enough_people_may_approve(cls, rule: ApprovalRule, info: ValidationInfo) -> ApprovalRule:
        requesters, approvers = info.data.get("REQUESTERS"), info.data.get("APPROVERS")
        if not rule.required or requesters is None or approvers is None:
            return rule
        most = most_approvals(requesters, approvers)
        if not approvers:
            raise ValueError("0, or APPROVERS with the users and user groups who may approve")
        if not set(rule.groups) <= set(approvers):
            raise ValueError("only user groups that APPROVERS names")
        if most is not None and most < rule.required:
            raise ValueError(
                f"{most} or less, because APPROVERS names {most} who can approve another user's request; "
                "add approvers or a user group (S…)"
            )
        return rule

    @field_validator("APPROVALS_CHANNEL")
    @classmethod
    def _approvals_need_a_channel(cls, channel: str | None, info: ValidationInfo) -> str | None:
        rule = info.data.get("APPROVALS_REQUIRED")
        if channel is None and rule and rule.required:
            raise ValueError("a channel id, because APPROVALS_REQUIRED is not 0")
        return channel

    @field_validator("STOP_APPROVALS_REQUIRED")
    @classmethod
    def _stops_can_be_approved(cls, required: int, info: ValidationInfo) -> int:
        given = [info.data.get(name, "wrong") for name in ("REQUESTERS", "APPROVERS", "APPROVALS_CHANNEL")]
        if not required or "wrong" in given:
            return required
        requesters, approvers, channel = given
        most = most_approvals(requesters, approvers)
        if not (approvers and channel) or (most is not None and most < required):
            raise ValueError("0, or APPROVALS_CHANNEL and APPROVERS with as many people who may approve")
        return required

    @field_validator("APPROVAL_REMINDER", "ESCALATE_AFTER")
    @classmethod
    def _before_expiry(cls, after: tuple[timedelta, ...] | timedelta | None, info: ValidationInfo) -> Any:
        moments = after if isinstance(after, tuple) else (after,) if after else ()
        if max(moments, default=timedelta()) >= info.data.get("APPROVAL_TTL", timedelta.max):
            raise ValueError("less than APPROVAL_TTL")
        return after

    @field_validator("ESCALATION_APPROVERS")
    @classmethod
    def _escalation_has_approvers(cls, approvers: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if bool(approvers) is not bool(info.data.get("ESCALATE_AFTER", approvers)):
            raise ValueError("user ids and user group ids if ESCALATE_AFTER is set, else to be unset")
        return approvers

    @field_validator("WEBHOOK_SECRET")
    @classmethod
    def _webhook_is_signed(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if (secret is None) is not (info.data.get("WEBHOOK_URL", secret) is None):
            raise ValueError("a secret that signs what is posted to WEBHOOK_URL, and unset without it")
        return secret

    def database_file(self) -> Path | None:
        """Return the path of the SQLite file, or None for PostgreSQL."""
        return sqlite_file(self.DATABASE_URL.get_secret_value())

    def policy(self) -> Policy:
        """Return the settings that decide which deletes are allowed."""
        return Policy(
            requesters=self.REQUESTERS,
            deletable_statuses=self.DELETABLE_STATUSES,
            stoppable_statuses=self.STOPPABLE_STATUSES,
            stop_approvals_required=self.STOP_APPROVALS_REQUIRED,
            protected_names=self.PROTECTED_NAMES,
            ticket_pattern=self.TICKET_PATTERN or "",
            ticket_url=self.TICKET_URL or "",
            ops_rooms=self.OPS_ROOMS,
            ops_rooms_events=OpsRoomsEvents(self.OPS_ROOMS_EVENTS),
            approvers=self.APPROVERS,
            approvers_to_notify=self.APPROVERS_TO_NOTIFY,
            notify_by_dm=self.NOTIFY_BY_DM,
            approvals_required=self.APPROVALS_REQUIRED.required,
            approval_quotas=self.APPROVALS_REQUIRED.quotas,
            require_verified_email=self.REQUIRE_VERIFIED_EMAIL,
            approvals_channel=self.APPROVALS_CHANNEL,
            approval_ttl=self.APPROVAL_TTL,
            approval_reminders=self.APPROVAL_REMINDER,
            escalate_after=self.ESCALATE_AFTER,
            escalation_approvers=self.ESCALATION_APPROVERS,
            approval_hours=self.APPROVAL_HOURS,
            undo_window=self.UNDO_WINDOW,
            archives=bool(self.ARCHIVE_KEY),
            deletes_per_hour=self.DELETES_PER_HOUR,
            deletes_per_person_per_hour=self.DELETES_PER_PERSON_PER_HOUR,
            kore_account=self.kore_account().key,
            practice=self.PRACTICE,
        )

    def kore_account(self) -> KoreAccount:
        """Return the Kore.ai account and app that this bot serves."""
        return KoreAccount(
            base_url=self.KORE_BASE_URL,
            app_id=self.KORE_APP_ID,
            account_id=self.KORE_ACCOUNT_ID,
            api_version=self.KORE_API_VERSION,
            is_practice=self.PRACTICE,
        )

    def kore_auth(self) -> KoreAuth:
        """Return the authentication that signs a new token for each call to Kore.ai."""
        return KoreAuth(
            self.KORE_CLIENT_ID,
            self.KORE_CLIENT_SECRET,
            algorithm=self.KORE_JWT_ALGORITHM,
            subject=self.KORE_JWT_SUBJECT,
            ttl_seconds=int(self.KORE_JWT_TTL.total_seconds()),
        )
