"""The row that a replica writes to see whether it can write."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcTime, nullable=False),
    )
