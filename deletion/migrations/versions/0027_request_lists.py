"""Requests for many campaigns: each campaign keeps its own row, and the list what they change together."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_lists",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("paused_on", sa.String(32)),
    )
    op.add_column("requests", sa.Column("list_id", sa.String(32)))
    op.add_column("requests", sa.Column("list_position", sa.Integer))
    is_listed = sa.text("list_id IS NOT NULL")
    op.create_index("requests_by_list", "requests", ["list_id"], sqlite_where=is_listed, postgresql_where=is_listed)
