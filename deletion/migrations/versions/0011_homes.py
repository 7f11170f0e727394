"""Store which users have the App Home open, and at which page of its lists."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "homes",
        sa.Column("user_id", sa.String(32), primary_key=True),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("cursors", sa.JSON, nullable=False),
        sa.Column("shown", sa.String(64), nullable=False),
        sa.Column("shown_at", UtcTime),
    )
