"""One open request, one list, one count of calls and one state of Kore.ai for each Kore.ai account.

The previous version goes on with ``catalogue``, ``catalogue_state`` and ``kore_health``, which a later one drops.
"""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("previews", "requests"):
        op.add_column(name, sa.Column("application", sa.String(32), nullable=False, server_default=""))
    op.drop_index("one_open_request_per_campaign", "requests")
    is_open = sa.text("state IN ('approved', 'awaiting approval', 'deleting', 'rebuilding')")
    op.create_index(
        "one_open_request_per_account",
        "requests",
        [sa.text("coalesce(kore_account, '')"), "campaign_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.add_column("kore_places", sa.Column("account", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "kore_states",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("answered_at", UtcTime),
        sa.Column("trouble", sa.String(16), nullable=False),
        sa.Column("since", UtcTime),
    )
    _create_list()


def _create_list() -> None:
    op.create_table(
        "listed_campaigns",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("is_sms", sa.Boolean, nullable=False),
        sa.Column("is_voice", sa.Boolean, nullable=False),
        sa.Column("updated_at", UtcTime),
        sa.Column("messages_sent", sa.BigInteger),
        sa.Column("seen_at", UtcTime),
        sa.Column("sweep", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("listed_campaigns_by_version", "listed_campaigns", ["account", "version", "id"])
    op.create_table(
        "list_syncs",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sweep", sa.Integer, nullable=False),
        sa.Column("sweeper", sa.String(32), nullable=False),
        sa.Column("began_at", UtcTime),
        sa.Column("touched_at", UtcTime),
        sa.Column("campaign_type", sa.String(8), nullable=False),
        sa.Column("skip", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("trouble", sa.String(32)),
        sa.Column("whole_sweep", sa.Integer, nullable=False),
        sa.Column("as_of", UtcTime),
        sa.Column("full_at", UtcTime),
    )
