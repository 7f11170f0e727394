"""What the bot has stored, read by the simulation on a connection of its own."""

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from deletion.journal.hash_chain import Recorded
from tests.simulation.clock import EPOCH

Row = dict[str, Any]
# An approved request that its list keeps from beginning: it waits for a person, or expires.
IS_PAUSED = """(state = 'approved' AND COALESCE(list_id, '') IN
    (SELECT id FROM request_lists WHERE paused_on IS NOT NULL))"""


def rows(database: sqlite3.Connection, query: str, *values: Any) -> list[Row]:
    return [dict(row) for row in database.execute(query, values)]


def recorded(row: Row) -> Recorded:
    at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
    return Recorded.model_validate({**row, "at": at, "details": json.loads(row["details"])})


def seconds(stored: str) -> float:
    """Return a stored time as a time of the simulation."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp() - EPOCH
