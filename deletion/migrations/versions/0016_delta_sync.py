"""When the last full sweep of the campaign list began; between two of them the sync reads only what was updated."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("catalogue_state", sa.Column("full_at", UtcTime))
