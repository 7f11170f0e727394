"""An index for each list that people look through, so that its pages are found and never searched for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("state IN ('approved', 'awaiting approval', 'deleting')")
    op.create_index(
        "requests_under_way", "requests", ["requested_at", "id"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("requests_by_time", "requests", ["requested_at", "id"])
    op.create_index("requests_by_requester", "requests", ["requester_id", "requested_at", "id"])
    op.create_index("requests_by_campaign", "requests", ["campaign_id", "requested_at", "id"])
    op.create_index("requests_by_change", "requests", ["changed_at", "id"])
    op.create_index("messages_by_place", "messages", ["channel_id", "ts"])
    op.drop_index("ix_requests_state", "requests")
