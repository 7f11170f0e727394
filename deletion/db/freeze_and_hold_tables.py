"""The tables of freezes, which hold every request, and of holds, which each keep one campaign."""

import sqlalchemy as sa

from deletion.db.tables import UtcTime, metadata

freezes = sa.Table(
    "freezes",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("team_id", sa.String(32), nullable=False),
    sa.Column("frozen_by", sa.String(32), nullable=False),
    sa.Column("frozen_at", UtcTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("told_in", sa.String(32), nullable=False, key="frozen_in"),
    sa.Column("lifted_by", sa.String(32), nullable=False),
    sa.Column("lifted_at", UtcTime),
    sa.Column("lifted_because", sa.Text, nullable=False),
    sa.Column("lifted_in", sa.String(32), nullable=False),
    sa.Column("practice", sa.Boolean, nullable=False, server_default=sa.false()),
)

IS_FREEZING = freezes.c.lifted_at.is_(None)

sa.Index("one_open_freeze", freezes.c.team_id, unique=True, sqlite_where=IS_FREEZING, postgresql_where=IS_FREEZING)

holds = sa.Table(
    "holds",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("team_id", sa.String(32), nullable=False),
    sa.Column("campaign_id", sa.String(64), nullable=False),
    sa.Column("campaign_name", sa.Text, nullable=False),
    sa.Column("kore_account", sa.Text),
    sa.Column("application", sa.String(32), nullable=False),
    sa.Column("held_by", sa.String(32), nullable=False),
    sa.Column("held_at", UtcTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("released_by", sa.String(32), nullable=False),
    sa.Column("released_at", UtcTime),
)

IS_HOLDING = holds.c.released_at.is_(None)

sa.Index("holds_by_campaign", holds.c.campaign_id, sqlite_where=IS_HOLDING, postgresql_where=IS_HOLDING)

freeze_notices = sa.Table(
    "freeze_notices",
    metadata,
    sa.Column("freeze_id", sa.ForeignKey("freezes.id"), primary_key=True),
    sa.Column("event", sa.String(16), primary_key=True),
    sa.Column("target_id", sa.String(32), primary_key=True),
    sa.Column("ts", sa.String(32)),
    sa.Column("error", sa.String(64), nullable=False),
    sa.Column("tried_at", UtcTime),
)
