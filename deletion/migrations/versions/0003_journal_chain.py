"""The journal as a chain: each entry carries the hash of the one before, and none is changed or removed."""

import sqlalchemy as sa
from alembic import op

from deletion.db.tables import UtcTime
from deletion.domain.records import Entry
from deletion.journal.hash_chain import START, record

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSED = "the journal is append-only"


def upgrade() -> None:
    op.drop_index("ix_journal_request_id", "journal")
    op.rename_table("journal", "journal_before")
    chained = op.create_table(
        "journal",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("request_id", sa.String(32), sa.ForeignKey("requests.id"), index=True),
        sa.Column("campaign_id", sa.String(64)),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("actor_team_id", sa.String(32), nullable=False),
        sa.Column("surface", sa.String(32), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    _chain(chained)
    op.drop_table("journal_before")
    _refuse_on_postgresql() if op.get_bind().dialect.name == "postgresql" else _refuse_on_sqlite()


def _chain(chained: sa.Table) -> None:
    """Copy what was written before, in its order and without gaps."""
    columns = {"seq": sa.Integer, "request_id": sa.String, "at": UtcTime, "event": sa.String, "actor_id": sa.String}
    columns |= {"surface": sa.String, "details": sa.JSON}
    before = sa.table("journal_before", *(sa.column(name, kind) for name, kind in columns.items()))
    of = sa.table("requests", *(sa.column(name) for name in ("id", "campaign_id", "requester_id", "team_id")))
    # Whose workspace it was had been kept of the requester alone.
    team = sa.case((of.c.requester_id == before.c.actor_id, of.c.team_id), else_="").label("actor_team_id")
    rows = sa.select(before, of.c.campaign_id, team).join(of, of.c.id == before.c.request_id).order_by(before.c.seq)
    head = START
    connection = op.get_bind()
    for row in connection.execute(rows, execution_options={"yield_per": 1000}).mappings():
        entry = Entry.model_validate({name: row[name] for name in Entry.model_fields})
        recorded = record(entry, head, request_id=row["request_id"], campaign_id=row["campaign_id"])
        connection.execute(chained.insert().values(recorded.model_dump()))
        head = recorded.head


def _refuse_on_postgresql() -> None:
    op.execute(
        f"CREATE FUNCTION refuse_to_rewrite_the_journal() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_the_journal()"
    )


def _refuse_on_sqlite() -> None:
    # INSERT OR REPLACE removes a row without asking the trigger for DELETE.
    replacing = "INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)"
    for name, when in {"update": "UPDATE ON journal", "delete": "DELETE ON journal", "replace": replacing}.items():
        op.execute(f"CREATE TRIGGER journal_no_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
