"""Requests that make a deleted campaign again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "one_open_request_per_campaign"


def upgrade() -> None:
    op.add_column("previews", sa.Column("rebuilds", sa.String(32)))
    op.add_column("requests", sa.Column("rebuilds", sa.String(32)))
    op.add_column("requests", sa.Column("flow_name", sa.Text, nullable=False, server_default=""))
    op.add_column("requests", sa.Column("created_id", sa.String(64), nullable=False, server_default=""))
    is_open = sa.text("state IN ('approved', 'awaiting approval', 'deleting', 'rebuilding')")
    op.drop_index(INDEX, "requests")
    op.create_index(INDEX, "requests", ["campaign_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
