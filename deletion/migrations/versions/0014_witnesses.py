"""The sources that showed a campaign before its delete, and the messages sent in the cached campaign list."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("previews", "requests"):
        op.add_column(table, sa.Column("witnesses", sa.JSON(none_as_null=True)))
    op.add_column("catalogue", sa.Column("messages_sent", sa.BigInteger))
    op.add_column("catalogue", sa.Column("seen_at", UtcTime))
