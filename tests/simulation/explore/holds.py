"""Whether freezes and holds are kept, and each hold is released by another person than its holder."""

import json
import sqlite3

from sandbox.server import Sandbox
from tests.simulation.explore.ledger import Ledger, Sent
from tests.simulation.explore.stored import Row, rows, seconds

# The steps that a freeze or a hold forbids, and those that they come after: any other was taken before.
COMES_AFTER = {
    "approved": (None,),
    "deleting": (None, "approved"),
    "deleting, sent": (None, "approved", "deleting"),
    "stopping": (None, "approved"),
    "stopping, sent": (None, "approved", "stopping"),
}
HELD_FOR_SECONDS = 1.0  # a DELETE that left that long after a hold was recorded


class Begun:
    """What has been approved, begun and sent so far. A freeze or hold that was committed before forbids each."""

    def __init__(self, ledger: Ledger, database: sqlite3.Connection) -> None:
        self._ledger = ledger
        self._database = database
        self._steps: dict[str, str] = {}  # by request id

    def check(self, at: float, row: Row) -> None:
        """Check a row right after the commit that wrote it, or a later one."""
        lease = json.loads(row["lease"] or "{}")
        step, before = f"{row['state']}{', sent' if lease.get('sending_at') else ''}", self._steps.get(row["id"])
        self._steps[row["id"]] = step
        if row["rebuilds"] or before not in COMES_AFTER.get(step, ()):
            return
        if rows(self._database, "SELECT 1 FROM freezes WHERE lifted_at IS NULL"):
            self._ledger.fail(at, f"{row['campaign_id']} comes to be {step} during a freeze")
        if _holds_of(row["campaign_id"], self._database):
            self._ledger.fail(at, f"{row['campaign_id']} comes to be {step} while it is on hold")


def check_held(sent: Sent, ledger: Ledger, database: sqlite3.Connection) -> None:
    """Check a DELETE at the moment when it leaves."""
    for hold in _holds_of(sent.campaign_id, database):
        if sent.at - seconds(hold["held_at"]) > HELD_FOR_SECONDS and not ledger.hung_lately(sent):
            ledger.fail(sent.at, f"DELETE of {sent.campaign_id}, which is on hold")


def check_holds(at: float, ledger: Ledger, database: sqlite3.Connection, sandbox: Sandbox) -> None:
    """Check at the end that the journal knows each hold and release, and that no person released their own."""
    holds = rows(database, "SELECT * FROM holds")
    released = [hold for hold in holds if hold["released_at"]]
    for event, expected in (("campaign held", holds), ("campaign released", released)):
        told = rows(database, "SELECT 1 FROM journal WHERE event = ?", event)
        if len(told) != len(expected):
            ledger.fail(at, f"{len(told)} journal entries '{event}' for {len(expected)}")
    email = {user_id: user["profile"]["email"] for user_id, user in sandbox.slack.workspace.users.items()}
    for hold in released:
        if email[hold["held_by"]] == email[hold["released_by"]]:
            ledger.fail(at, f"{hold['released_by']} released the hold of {hold['held_by']}, the same person")


def _holds_of(campaign_id: str, database: sqlite3.Connection) -> list[Row]:
    query = "SELECT * FROM holds WHERE campaign_id = ? AND released_at IS NULL"
    return rows(database, query, campaign_id.lower())
