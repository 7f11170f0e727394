"""Previews, requests, their messages and their journal."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "previews",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("sighting", sa.JSON, nullable=False),
        sa.Column("taken_at", UtcTime, nullable=False, index=True),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("requester_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("campaign_id", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sighting", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("requested_at", UtcTime, nullable=False),
        sa.Column("changed_at", UtcTime, nullable=False),
        sa.Column("approvals_required", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcTime),
        sa.Column("reminded_at", UtcTime),
        sa.Column("execute_after", UtcTime),
        sa.Column("decisions", sa.JSON, nullable=False),
        sa.Column("attempt", sa.JSON(none_as_null=True)),
        sa.Column("observation", sa.String(16)),
        sa.Column("differences", sa.JSON, nullable=False),
    )
    is_open = sa.text("state IN ('approved', 'awaiting approval', 'deleting')")
    op.create_index(
        "one_open_request_per_campaign",
        "requests",
        ["campaign_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "messages",
        sa.Column("request_id", sa.String(32), sa.ForeignKey("requests.id"), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target_id", sa.String(32), nullable=False),
        sa.Column("entry", sa.JSON(none_as_null=True)),
        sa.Column("ts", sa.String(32)),
        sa.Column("channel_id", sa.String(32)),
        sa.Column("shown_version", sa.Integer, nullable=False),
        sa.Column("shown", sa.String(64), nullable=False),
        sa.Column("error", sa.String(64), nullable=False),
        sa.Column("tried_at", UtcTime),
    )
    op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("request_id", sa.String(32), sa.ForeignKey("requests.id"), nullable=False, index=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("surface", sa.String(32), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
    )
