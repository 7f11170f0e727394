"""Approvals by user group, escalation, and when a request began to wait; empty in rows of the previous version."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("approval_quotas", sa.JSON(none_as_null=True)))
    op.add_column("requests", sa.Column("missing_approvals", sa.JSON(none_as_null=True)))
    op.add_column("requests", sa.Column("awaiting_since", sa.DateTime(timezone=True)))
    op.add_column("requests", sa.Column("escalated_at", sa.DateTime(timezone=True)))
