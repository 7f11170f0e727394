"""Whether a preview's form asks for the end of the id too."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("previews", sa.Column("ask_for_id", sa.Boolean, nullable=False, server_default=sa.false()))
