"""When Kore.ai last answered, and since when it is in trouble."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kore_health",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("answered_at", UtcTime),
        sa.Column("trouble", sa.String(16), nullable=False),
        sa.Column("since", UtcTime),
    )
