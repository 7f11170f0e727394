"""Rows for statements that are built once have the columns of their table: SQLAlchemy ignores unknown parameters."""

import pytest
import sqlalchemy as sa

from deletion.catalogue.cache_store import FACTS
from deletion.db.catalogue_tables import listed_campaigns
from deletion.db.tables import messages, requests
from deletion.domain.recipients import card
from deletion.stores.row_mapping import message_row, row_of
from tests.deletion.values import request


@pytest.mark.parametrize(
    ("row", "table"),
    [
        (row_of(request()), requests),
        (message_row(card("a-request", "C0APPROVALS")), messages),
        (dict.fromkeys((*FACTS, "account", "version")), listed_campaigns),
    ],
    ids=["requests", "messages", "listed campaigns"],
)
def test_row_has_every_column_of_its_table_and_no_other(row: dict[str, object], table: sa.Table) -> None:
    assert row.keys() == set(table.c.keys())
