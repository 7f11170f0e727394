"""How far the webhook has come in the journal."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_positions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("claimed_until", UtcTime),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    )
