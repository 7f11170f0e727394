"""Whether the journal tells the same story as the rows, and as what really happened."""

import json
import sqlite3

from deletion.domain.models import Purpose
from deletion.domain.states import State
from tests.simulation.explore.ledger import Ledger
from tests.simulation.explore.stored import Row, rows

OPEN = (State.AWAITING_APPROVAL, State.APPROVED, State.DELETING, State.REBUILDING, State.STOPPING)
STATES = {*map(str, State)} - {*map(str, OPEN)}


def check_journal(row: Row, ledger: Ledger, database: sqlite3.Connection) -> list[str]:
    """Return what a request's entries do not tell, or tell otherwise."""
    entries = rows(database, "SELECT * FROM journal WHERE request_id = ? ORDER BY seq", row["id"])
    found = []
    if len(entries) != row["version"]:
        found.append(f"{len(entries)} journal entries for version {row['version']}")
    asked = (
        "stop requested" if row["stops"] == Purpose.STOP else "rebuild requested" if row["rebuilds"] else "requested"
    )
    first = (asked, row["requester_id"])
    if not entries or (entries[0]["event"], entries[0]["actor_id"]) != first:
        found.append("the journal does not begin with the request")
    ends = [event for entry in entries if (event := entry["event"].partition(",")[0]) in STATES]  # "expired, unused"
    if row["state"] in STATES - {State.UNKNOWN} and ends[-1:] != [row["state"]]:
        found.append(f"the journal ends with {ends}")
    told = {(entry["event"], entry["actor_id"]) for entry in entries}
    decided = {(decision["verdict"], decision["person_id"]) for decision in json.loads(row["decisions"])}
    found += [f"the journal does not know that {person} {verdict}" for verdict, person in sorted(decided - told)]
    begun = rows(
        database,
        "SELECT 1 FROM journal WHERE campaign_id = ? AND event = 'attempting'",
        row["campaign_id"],
    )
    sent = [each for each in ledger.sent if each.campaign_id == row["campaign_id"]]
    if len(sent) > len(begun):
        found.append(f"{len(sent)} DELETEs, and {len(begun)} in the journal")
    return found
