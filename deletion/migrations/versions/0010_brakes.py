"""Freezes, their notices, and the columns that the hourly budget counts."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freezes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("frozen_by", sa.String(32), nullable=False),
        sa.Column("frozen_at", UtcTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("told_in", sa.String(32), nullable=False),
        sa.Column("lifted_by", sa.String(32), nullable=False),
        sa.Column("lifted_at", UtcTime),
        sa.Column("lifted_because", sa.Text, nullable=False),
        sa.Column("lifted_in", sa.String(32), nullable=False),
    )
    is_freezing = sa.text("lifted_at IS NULL")
    op.create_index(
        "one_open_freeze", "freezes", ["team_id"], unique=True, sqlite_where=is_freezing, postgresql_where=is_freezing
    )
    op.create_table(
        "freeze_notices",
        sa.Column("freeze_id", sa.String(32), sa.ForeignKey("freezes.id"), primary_key=True),
        sa.Column("event", sa.String(16), primary_key=True),
        sa.Column("target_id", sa.String(32), primary_key=True),
        sa.Column("ts", sa.String(32)),
        sa.Column("error", sa.String(64), nullable=False),
        sa.Column("tried_at", UtcTime),
    )
    op.add_column("requests", sa.Column("budget", sa.JSON(none_as_null=True)))
    op.add_column("requests", sa.Column("approved_at", UtcTime))
    op.create_index("ix_requests_approved_at", "requests", ["approved_at"])
    op.add_column("messages", sa.Column("shown_turns", sa.Integer, nullable=False, server_default="0"))
