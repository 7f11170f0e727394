"""The settings: each environment variable with its type and default, validated together into one frozen object."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, field_validator, model_validator

from deletion.db.connection_limit import LEAST_CONNECTIONS
from deletion.db.database_name import sqlite_file
from deletion.domain.approval_rule import MOST, ApprovalRule
from deletion.domain.policy import OpsRoomsEvents, Policy
from kore_api.account import ACCOUNT_ID, APP_ID, KoreAccount, parse_base_url
from kore_api.auth import KoreAuth
from settings import rules
from settings.defaults import DELETES_PER_PERSON, LONGEST_REMINDER, LONGEST_TTL, REMINDER, TTL, fitting_defaults
from settings.environment import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    SLACK_API,
    Duration,
    Environment,
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
    NamePatterns,
    People,
    Reminders,
    Requesters,
    Rule,
    Statuses,
    TicketUrl,
)

VISIBLE = "[!-~]+"  # of Slack and Kore.ai: no spaces, no invisible characters
PYPROJECT = Path(__file__).parent / "pyproject.toml"


def version() -> str:
    """Return the bot's version, which pyproject.toml states."""
    return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])


class Settings(Environment):
    """All settings of the bot, in the order of docs/settings.md."""

    SLACK_BOT_TOKEN: Annotated[SecretStr, matching(f"xoxb-{VISIBLE}", "a bot token, xoxb-…")]
    SLACK_APP_TOKEN: Annotated[SecretStr, matching(f"xapp-{VISIBLE}", "an app-level token, xapp-…")] | None = None
    SLACK_SIGNING_SECRET: Annotated[SecretStr, matching(VISIBLE, "the app's signing secret alone")] | None = None
    SLACK_API_URL: Annotated[str, BeforeValidator(slack_api_url)] = SLACK_API
    HOST: str = "127.0.0.1"
    PORT: Annotated[int, Field(ge=1, le=65535)] = 3000
    KORE_BASE_URL: Annotated[str, AfterValidator(parse_base_url)] = "https://platform.kore.ai"
    KORE_APP_ID: Annotated[str, matching(APP_ID, "the id of the Kore.ai app, st-…")]
    KORE_ACCOUNT_ID: Annotated[str, matching(ACCOUNT_ID, "the id of the Kore.ai account")]
    KORE_CLIENT_ID: Annotated[str, matching(VISIBLE, "the client id of the JWT app, cs-…")]
    KORE_CLIENT_SECRET: Annotated[SecretStr, matching(VISIBLE, "the client secret of the JWT app alone")]
    KORE_API_VERSION: Literal["v1", "v2"] = "v1"
    KORE_JWT_ALGORITHM: Literal["HS256", "HS384", "HS512"] = "HS256"
    KORE_JWT_SUBJECT: Annotated[str, Field(min_length=1)] = "campaign-delete"
    KORE_JWT_TTL: Annotated[Duration, within(10 * SECOND, HOUR, "10s to 1h")] = 5 * MINUTE
    KORE_CALLS_PER_MINUTE: Annotated[int, Field(ge=10)] = rules.KORE_RATE_LIMIT
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
    DELETABLE_STATUSES: Statuses = ("Ready", "Stopped", "Completed")
    STOPPABLE_STATUSES: Statuses = ("Active", "Paused", "Preparing", "Scheduled", "Rescheduled")
    STOP_APPROVALS_REQUIRED: Annotated[int, Field(ge=0, le=MOST)] = 0
    TICKET_PATTERN: Annotated[str, AfterValidator(ticket_pattern)] | None = None
    TICKET_URL: TicketUrl | None = None
    PROTECTED_NAMES: NamePatterns = ()
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

    _secret_in_http_mode = field_validator("SLACK_SIGNING_SECRET")(rules.secret_in_http_mode)
    _real_tokens_go_to_slack = field_validator("SLACK_API_URL")(rules.real_tokens_go_to_slack)
    _within_kore_rate_limit = field_validator("KORE_CALLS_PER_MINUTE")(rules.within_kore_rate_limit)
    _enough_people_may_approve = field_validator("APPROVALS_REQUIRED")(rules.enough_people_may_approve)
    _approvals_need_a_channel = field_validator("APPROVALS_CHANNEL")(rules.approvals_need_a_channel)
    _stops_can_be_approved = field_validator("STOP_APPROVALS_REQUIRED")(rules.stops_can_be_approved)
    _before_expiry = field_validator("APPROVAL_REMINDER", "ESCALATE_AFTER")(rules.before_expiry)
    _escalation_has_approvers = field_validator("ESCALATION_APPROVERS")(rules.escalation_has_approvers)
    _webhook_is_signed = field_validator("WEBHOOK_SECRET")(rules.webhook_is_signed)

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
