"""Campaigns that may not be deleted until another approver releases them."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holds",
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
    is_holding = sa.text("released_at IS NULL")
    op.create_index("holds_by_campaign", "holds", ["campaign_id"], sqlite_where=is_holding, postgresql_where=is_holding)
