"""The tables, for queries and migrations."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from deletion.domain.states import OPEN_STATES

metadata = sa.MetaData()


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware time in UTC. SQLite stores no zone, and PostgreSQL gives times in the zone of its server."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002 - the same
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


previews = sa.Table(
    "previews",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("team_id", sa.String(32), nullable=False),
    sa.Column("user_id", sa.String(32), nullable=False),
    sa.Column("channel_id", sa.String(32), nullable=False),
    sa.Column("sighting", sa.JSON, nullable=False, key="campaign"),
    sa.Column("taken_at", UtcTime, nullable=False, index=True),
    sa.Column("rebuilds", sa.String(32)),
    sa.Column("stops", sa.String(16)),
    sa.Column("ask_for_id", sa.Boolean, nullable=False),
    sa.Column("other_fields", sa.JSON(none_as_null=True)),
    sa.Column("kore_account", sa.Text),
    sa.Column("application", sa.String(32), nullable=False, server_default=""),
    sa.Column("witnesses", sa.JSON(none_as_null=True)),
    sa.Column("extent", sa.JSON(none_as_null=True)),
)

processed_payloads = sa.Table(
    "seen",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
)

homes = sa.Table(
    "homes",
    metadata,
    sa.Column("user_id", sa.String(32), primary_key=True),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("cursors", sa.JSON, nullable=False),
    sa.Column("shown", sa.String(64), nullable=False),
    sa.Column("shown_at", UtcTime),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("team_id", sa.String(32), nullable=False),
    sa.Column("requester_id", sa.String(32), nullable=False),
    sa.Column("channel_id", sa.String(32), nullable=False),
    sa.Column("campaign_id", sa.String(64), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("sighting", sa.JSON, nullable=False, key="campaign"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.String(32), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("requested_at", UtcTime, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    sa.Column("approvals_required", sa.Integer, nullable=False),
    sa.Column("approval_quotas", sa.JSON(none_as_null=True)),
    sa.Column("missing_approvals", sa.JSON(none_as_null=True)),
    sa.Column("budget", sa.JSON(none_as_null=True)),
    sa.Column("approved_at", UtcTime, index=True),
    sa.Column("expires_at", UtcTime),
    sa.Column("awaiting_since", UtcTime),
    sa.Column("reminded_at", UtcTime),
    sa.Column("escalated_at", UtcTime),
    sa.Column("execute_after", UtcTime),
    sa.Column("waiting_since", UtcTime),
    sa.Column("decisions", sa.JSON, nullable=False),
    sa.Column("struck", sa.JSON(none_as_null=True)),
    sa.Column("attempt", sa.JSON(none_as_null=True)),
    sa.Column("observation", sa.String(16)),
    sa.Column("lease", sa.JSON(none_as_null=True)),
    sa.Column("differences", sa.JSON, nullable=False),
    sa.Column("rebuilds", sa.String(32)),
    sa.Column("stops", sa.String(16)),
    sa.Column("stop", sa.JSON(none_as_null=True)),
    sa.Column("flow_name", sa.Text, nullable=False),
    sa.Column("created_id", sa.String(64), nullable=False),
    # Columns of their own and not part of "sighting": the previous version rewrites that with the fields it knows.
    sa.Column("other_fields", sa.JSON(none_as_null=True)),
    sa.Column("kore_account", sa.Text),
    sa.Column("application", sa.String(32), nullable=False, server_default=""),
    sa.Column("witnesses", sa.JSON(none_as_null=True)),
    sa.Column("recheck_at", UtcTime),
    sa.Column("reappeared_at", UtcTime),
    sa.Column("extent", sa.JSON(none_as_null=True)),
    sa.Column("earlier", sa.JSON(none_as_null=True)),
    sa.Column("ticket", sa.String(64), nullable=False, server_default=""),
    sa.Column("list_id", sa.String(32)),
    sa.Column("list_position", sa.Integer),
)

# An expression, because for IS NULL SQLite uses the index on ``rebuilds``, which matches almost every request.
IS_DELETE = sa.func.coalesce(requests.c.rebuilds, "") == ""

# The values are literals in the statement, because SQLite uses a partial index only for the same expression.
IS_OPEN = requests.c.state.in_(sa.bindparam("open", sorted(OPEN_STATES), expanding=True, literal_execute=True))

IS_STOP_ALONE = sa.func.coalesce(requests.c.stops, sa.literal_column("''")) == sa.literal_column("'stop'")

# The same id in two Kore.ai accounts names two campaigns. A stop need not wait for the end of a request to delete.
sa.Index(
    "one_open_request_per_account",
    sa.func.coalesce(requests.c.kore_account, sa.literal_column("''")),
    requests.c.campaign_id,
    IS_STOP_ALONE,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)

# One index for each list: the columns of its filter, then those of its order.
sa.Index("requests_by_time", requests.c.requested_at, requests.c.id)
sa.Index("requests_by_requester", requests.c.requester_id, requests.c.requested_at, requests.c.id)
sa.Index("requests_by_campaign", requests.c.campaign_id, requests.c.requested_at, requests.c.id)
sa.Index("requests_under_way", requests.c.requested_at, requests.c.id, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
sa.Index("requests_by_change", requests.c.changed_at, requests.c.id)
sa.Index("requests_that_rebuild", requests.c.rebuilds)
HAS_TICKET = sa.text("ticket <> ''")
sa.Index("requests_by_ticket", requests.c.ticket, sqlite_where=HAS_TICKET, postgresql_where=HAS_TICKET)
IS_LISTED = requests.c.list_id.is_not(None)
sa.Index("requests_by_list", requests.c.list_id, sqlite_where=IS_LISTED, postgresql_where=IS_LISTED)
IS_TO_RECHECK = requests.c.recheck_at.is_not(None)
sa.Index("requests_to_recheck", requests.c.recheck_at, sqlite_where=IS_TO_RECHECK, postgresql_where=IS_TO_RECHECK)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("request_id", sa.ForeignKey("requests.id"), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("target_id", sa.String(32), nullable=False),
    sa.Column("entry", sa.JSON(none_as_null=True)),
    sa.Column("ts", sa.String(32)),
    sa.Column("channel_id", sa.String(32)),
    sa.Column("shown_version", sa.Integer, nullable=False),
    sa.Column("shown_turns", sa.Integer, nullable=False, key="shown_freeze_generation"),
    sa.Column("shown", sa.String(64), nullable=False),
    sa.Column("error", sa.String(64), nullable=False),
    sa.Column("tried_at", UtcTime),
)

sa.Index("messages_by_place", messages.c.channel_id, messages.c.ts)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("request_id", sa.ForeignKey("requests.id"), index=True),
    sa.Column("campaign_id", sa.String(64)),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("actor_id", sa.String(32), nullable=False),
    sa.Column("actor_team_id", sa.String(32), nullable=False),
    sa.Column("surface", sa.String(32), nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

archives = sa.Table(
    "archives",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("request_id", sa.ForeignKey("requests.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("taken_at", UtcTime, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("sealed", sa.LargeBinary),
)

kore_states = sa.Table(
    "kore_states",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("answered_at", UtcTime),
    sa.Column("trouble", sa.String(16), nullable=False),
    sa.Column("since", UtcTime),
)

kore_places = sa.Table(
    "kore_places",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account", sa.Text, nullable=False, server_default=""),
    sa.Column("places", sa.Integer, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
)

schema_support = sa.Table(
    "schema_support",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("oldest_revision", sa.String(32), nullable=False),
)

# How far the webhook has come in the journal, in the only row.
webhook_positions = sa.Table(
    "webhook_positions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("claimed_until", UtcTime),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
)

# Written by readiness checks, in the only row.
heartbeat = sa.Table(
    "heartbeat",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
)
