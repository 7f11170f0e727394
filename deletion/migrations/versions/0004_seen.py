"""Store which payloads Slack sent, so that the same command sent again has no second effect."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("at", UtcTime, nullable=False, index=True),
    )
