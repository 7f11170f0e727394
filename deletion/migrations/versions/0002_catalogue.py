"""The shared copy of Kore.ai's campaign list, and the one row that says who reads it and how far."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("is_sms", sa.Boolean, nullable=False),
        sa.Column("is_voice", sa.Boolean, nullable=False),
        sa.Column("updated_at", UtcTime),
        sa.Column("sweep", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("catalogue_by_version", "catalogue", ["version", "id"])
    state = op.create_table(
        "catalogue_state",
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
    )
    nothing_yet = {"version": 0, "sweep": 0, "sweeper": "", "campaign_type": "sms", "skip": 0, "whole_sweep": 0}
    op.bulk_insert(state, [{"id": 1, **nothing_yet}])
