"""Store the extent that the requester was shown, and the campaign's request before this one."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("previews", sa.Column("extent", sa.JSON(none_as_null=True)))
    op.add_column("requests", sa.Column("extent", sa.JSON(none_as_null=True)))
    op.add_column("requests", sa.Column("earlier", sa.JSON(none_as_null=True)))
