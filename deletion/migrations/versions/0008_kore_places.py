"""Places of calls to Kore.ai in the minute, and since when a request waits for one."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kore_places",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
    )
    op.add_column("requests", sa.Column("waiting_since", UtcTime))
