"""Requests that make a deleted campaign again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNIQUE, UNDER_WAY = "one_open_request_per_campaign", "requests_under_way"


def upgrade() -> None:
    op.add_column("previews", sa.Column("rebuilds", sa.String(32)))
    op.add_column("requests", sa.Column("rebuilds", sa.String(32)))
    op.add_column("requests", sa.Column("flow_name", sa.Text, nullable=False, server_default=""))
    op.add_column("requests", sa.Column("created_id", sa.String(64), nullable=False, server_default=""))
    op.create_index("requests_that_rebuild", "requests", ["rebuilds"])
    is_open = sa.text("state IN ('approved', 'awaiting approval', 'deleting', 'rebuilding')")
    for name in (UNIQUE, UNDER_WAY):
        op.drop_index(name, "requests")
    op.create_index(UNIQUE, "requests", ["campaign_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index(UNDER_WAY, "requests", ["requested_at", "id"], sqlite_where=is_open, postgresql_where=is_open)
