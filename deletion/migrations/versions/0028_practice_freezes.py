"""Whether a freeze was made in practice."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("freezes", sa.Column("practice", sa.Boolean, nullable=False, server_default=sa.false()))
