"""The lease that lets one replica send a request to Kore.ai."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("lease", sa.JSON(none_as_null=True)))
