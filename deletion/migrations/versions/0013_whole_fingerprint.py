"""Fingerprints of whole campaigns, the Kore.ai account of a request, and when a deleted campaign is looked at again."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("previews", "requests"):
        op.add_column(table, sa.Column("other_fields", sa.JSON(none_as_null=True)))
        op.add_column(table, sa.Column("kore_account", sa.Text))
    op.add_column("requests", sa.Column("recheck_at", UtcTime))
    op.add_column("requests", sa.Column("reappeared_at", UtcTime))
    is_set = sa.text("recheck_at IS NOT NULL")
    op.create_index("requests_to_recheck", "requests", ["recheck_at"], sqlite_where=is_set, postgresql_where=is_set)
