"""Requests that stop a campaign, alone or before its deletion."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

UNIQUE, UNDER_WAY = "one_open_request_per_account", "requests_under_way"


def upgrade() -> None:
    op.add_column("previews", sa.Column("stops", sa.String(16)))
    op.add_column("requests", sa.Column("stops", sa.String(16)))
    op.add_column("requests", sa.Column("stop", sa.JSON(none_as_null=True)))
    is_open = sa.text("state IN ('approved', 'awaiting approval', 'deleting', 'rebuilding', 'stopping')")
    for name in (UNIQUE, UNDER_WAY):
        op.drop_index(name, "requests")
    of_campaign = (sa.text("coalesce(kore_account, '')"), sa.text("campaign_id"))
    is_stop = sa.text("(coalesce(stops, '') = 'stop')")
    op.create_index(
        UNIQUE, "requests", [*of_campaign, is_stop], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index(UNDER_WAY, "requests", ["requested_at", "id"], sqlite_where=is_open, postgresql_where=is_open)
