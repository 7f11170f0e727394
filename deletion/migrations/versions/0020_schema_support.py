"""The oldest revision whose bot still works on this schema, so that an update can be rolled back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    support = op.create_table(
        "schema_support",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("oldest_revision", sa.String(32), nullable=False),
    )
    op.execute(support.insert().values(id=1, oldest_revision=revision))
