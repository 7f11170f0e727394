"""Approvals that no longer count, beside the decisions: the previous version goes on reading and writing those."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("struck", sa.JSON(none_as_null=True)))
