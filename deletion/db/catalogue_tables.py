"""The tables of the cached campaign lists, one list for each Kore.ai account."""

import sqlalchemy as sa

from deletion.db.tables import UtcTime, metadata

listed_campaigns = sa.Table(
    "listed_campaigns",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
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
    sa.Index("listed_campaigns_by_version", "account", "version", "id"),
)

list_syncs = sa.Table(
    "list_syncs",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
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
