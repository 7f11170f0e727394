"""The tables of the cached campaign list."""

import sqlalchemy as sa

from deletion.db.tables import UtcTime, metadata

catalogue = sa.Table(
    "catalogue",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("is_sms", sa.Boolean, nullable=False),
    sa.Column("is_voice", sa.Boolean, nullable=False),
    sa.Column("updated_at", UtcTime),
    sa.Column("messages_sent", sa.BigInteger),
    sa.Column("seen_at", UtcTime),
    sa.Column("sweep", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("catalogue_by_version", "version", "id"),
)

catalogue_state = sa.Table(
    "catalogue_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sweep", sa.Integer, nullable=False),
    sa.Column("sweeper", sa.String(32), nullable=False),
    sa.Column("began_at", UtcTime),
    sa.Column("touched_at", UtcTime),
    sa.Column("campaign_type", sa.String(8), nullable=False),
    sa.Column("skip", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer),
    sa.Column("trouble", sa.String(32)),
    sa.Column("whole_sweep", sa.Integer, nullable=False),
    sa.Column("as_of", UtcTime),
    sa.Column("full_at", UtcTime),
)
