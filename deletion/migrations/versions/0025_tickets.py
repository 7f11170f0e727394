"""The ticket under which a deletion was requested."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("ticket", sa.String(64), nullable=False, server_default=""))
    has_ticket = sa.text("ticket <> ''")
    op.create_index("requests_by_ticket", "requests", ["ticket"], sqlite_where=has_ticket, postgresql_where=has_ticket)
