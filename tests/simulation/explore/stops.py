"""Whether each stop that leaves the bot may leave: for a request that is stopping, once, and with its lease."""

import json
import sqlite3

from sandbox.server import Sandbox
from tests.simulation.explore.invariants import check_people
from tests.simulation.explore.ledger import Ledger, Sent
from tests.simulation.explore.stored import Row, rows


def check_stop(sent: Sent, ledger: Ledger, requests: list[Row], database: sqlite3.Connection, sandbox: Sandbox) -> None:
    """Check a stop at the moment when it leaves. ``requests`` are those of its campaign."""
    ledger.stops.append(sent)
    stopping = [row for row in requests if row["state"] == "stopping"]
    if not stopping:
        ledger.fail(sent.at, f"stop of {sent.campaign_id} without a request that is stopping")
    if not any(json.loads(row["lease"] or "{}").get("sending_at") for row in stopping) and not ledger.hung_lately(sent):
        ledger.fail(sent.at, f"stop of {sent.campaign_id}, and no lease says that it left")
    for row in stopping:
        check_people(sent, row, ledger, sandbox)
    begun = rows(database, "SELECT 1 FROM journal WHERE campaign_id = ? AND event = 'stopping'", sent.campaign_id)
    if sum(other.campaign_id == sent.campaign_id for other in ledger.stops) > len(begun):
        ledger.fail(sent.at, f"stop of {sent.campaign_id} was sent twice")
