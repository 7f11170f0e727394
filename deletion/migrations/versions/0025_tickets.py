"""The ticket under which a deletion was requested."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import HAS_TICKET

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("ticket", sa.String(64), nullable=False, server_default=""))
    op.create_index("requests_by_ticket", "requests", ["ticket"], sqlite_where=HAS_TICKET, postgresql_where=HAS_TICKET)
