"""What must hold: checked when a DELETE leaves, and at the end, from the ledger, the database and Kore.ai's state."""

import json
import sqlite3
from collections import Counter

from deletion.domain.states import State
from deletion.journal.hash_chain import BrokenChainError, verify
from sandbox.server import Sandbox
from tests.simulation.explore.approvers import approvers, is_enough
from tests.simulation.explore.journal import check_journal
from tests.simulation.explore.ledger import Ledger, Sent
from tests.simulation.explore.stored import IS_PAUSED, Row, recorded, rows, seconds
from tests.simulation.explore.versions import content, is_running

MAX_AGE_SECONDS = 2.0 + 0.05
CHECKED_WITHIN_SECONDS = 12.0  # party check 10 s before the send at most, and its answers' way
CLOCKS_DIFFER_SECONDS = 1.0
FROZEN_FOR_SECONDS = 1.0  # a DELETE that left that long after a freeze was recorded
RATE_LIMITED = 429  # then nothing was deleted, and the DELETE may be sent again
GONE = (State.DELETED, State.GONE)
UNDONE = (
    State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED, State.FAILED, State.CAMPAIGN_STOPPED,
)  # fmt: skip
STUCK = (State.APPROVED, State.DELETING, State.REBUILDING, State.STOPPING)


def check_create(sent: Sent, ledger: Ledger, requests: list[Row], sandbox: Sandbox) -> None:
    """Check a create, which makes a deleted campaign again, at the moment when it leaves."""
    running = [row for row in requests if row["state"] == State.REBUILDING]
    if not running:
        ledger.fail(sent.at, "create without a request that is being rebuilt")
    for row in running:
        check_people(sent, row, ledger, sandbox)


def check_delete(sent: Sent, ledger: Ledger, requests: list[Row], freezes: list[Row], sandbox: Sandbox) -> None:
    """Check a DELETE at the moment when it leaves."""
    row = next((row for row in requests if row["campaign_id"] == sent.campaign_id and row["state"] == "deleting"), None)
    if row is None:
        ledger.fail(sent.at, f"DELETE of {sent.campaign_id} without a request that is being deleted")
        return
    sent.request_id = row["id"]
    _check_version(sent, row, ledger)
    check_people(sent, row, ledger, sandbox)
    _check_looks(sent, ledger)
    if not json.loads(row["lease"] or "{}").get("sending_at") and not ledger.hung_lately(sent):
        ledger.fail(sent.at, f"DELETE of {sent.campaign_id}, and its lease does not say that it left")
    if row["execute_after"] and seconds(row["execute_after"]) > sent.at + CLOCKS_DIFFER_SECONDS:
        ledger.fail(sent.at, f"DELETE of {sent.campaign_id} within the undo window")
    frozen = [freeze for freeze in freezes if freeze["lifted_at"] is None]
    hung = ledger.hung_lately(sent)
    if any(sent.at - seconds(freeze["frozen_at"]) > FROZEN_FOR_SECONDS for freeze in frozen) and not hung:
        ledger.fail(sent.at, f"DELETE of {sent.campaign_id} during a freeze")
    ledger.sent.append(sent)


def _check_version(sent: Sent, row: Row, ledger: Ledger) -> None:
    approved = {
        version
        for form in ledger.shown
        if (form.user, form.campaign_id) == (row["requester_id"], sent.campaign_id)
        for version in form.versions
    }
    hung = ledger.hung_lately(sent)
    recent = {v for at, v in ledger.reads[sent.campaign_id] if at >= sent.at - MAX_AGE_SECONDS or hung}
    if row["stops"]:
        approved, recent = set(map(content, approved)), {content(v) for v in recent if not is_running(v)}
        if not row["stop"]:
            ledger.fail(sent.at, f"DELETE of {sent.campaign_id} without a verified stop")
    if not recent & approved:
        why = "not read within 2 s" if not recent else "differs from what was shown"
        ledger.fail(sent.at, f"DELETE of {sent.campaign_id}: {why}")


def check_approved(at: float, row: Row, ledger: Ledger, sandbox: Sandbox) -> None:
    """Check a request that may be executed from now on: enough people must have approved it at any time before."""
    if not is_enough(row, people := approvers(row, ledger, sandbox, entitled_until=0.0)):
        ledger.fail(at, f"{row['campaign_id']} is {row['state']} with approvals of {sorted(people)} only")


def check_people(sent: Sent, row: Row, ledger: Ledger, sandbox: Sandbox) -> None:
    since_entitled = sent.at - CHECKED_WITHIN_SECONDS
    if not is_enough(row, people := approvers(row, ledger, sandbox, entitled_until=since_entitled)):
        ledger.fail(sent.at, f"{sent.method} of {sent.campaign_id} with approvals of {sorted(people)} only")
    if ledger.lost_rights_at.get(row["requester_id"], sent.at) < since_entitled:
        ledger.fail(sent.at, f"{sent.method} of {sent.campaign_id} for a requester without the right")


def _check_looks(sent: Sent, ledger: Ledger) -> None:
    before = [other for other in ledger.sent if other.campaign_id == sent.campaign_id]
    if before and not any(at > before[-1].at for at in ledger.looks[sent.campaign_id]):
        ledger.fail(sent.at, f"second DELETE of {sent.campaign_id} without a look in between")
    if any(other.request_id == sent.request_id and other.status != RATE_LIMITED for other in before):
        ledger.fail(sent.at, f"second DELETE of {sent.campaign_id} for one request, after no answer or another one")


def check_end(at: float, ledger: Ledger, database: sqlite3.Connection, sandbox: Sandbox, limit: int) -> None:
    """Check everything that must hold when the faults have ended and the bot has had time."""
    requests = rows(database, "SELECT * FROM requests")
    for row in requests:
        for what in _of_request(row, ledger, database, sandbox):
            ledger.fail(at, f"{row['campaign_id']} ({row['state']}): {what}")
    single = [row for row in requests if not (row["list_id"] or row["rebuilds"])]  # rebuilds have a rule of their own
    asked = Counter((row["requester_id"], row["campaign_id"]) for row in single)
    for user, campaign_id in asked - Counter((form.user, form.campaign_id) for form in ledger.shown):
        ledger.fail(at, f"more requests of {user} for {campaign_id} than forms")
    for user, campaign_id in ledger.requested:
        if not any((row["requester_id"], row["campaign_id"]) == (user, campaign_id) for row in requests):
            ledger.fail(at, f"accepted form of {user} for {campaign_id}, and no request")
    told = Counter((entry["event"], entry["actor_id"]) for entry in rows(database, "SELECT * FROM journal"))
    for verdict, user in Counter((verdict, user) for verdict, user, _ in ledger.decided) - told:
        ledger.fail(at, f"accepted form of {user} ({verdict}), and no journal entry")
    for what in _of_rebuilds(requests, ledger, sandbox):
        ledger.fail(at, what)
    try:
        verify(recorded(row) for row in rows(database, "SELECT * FROM journal ORDER BY seq"))
    except BrokenChainError as error:
        ledger.fail(at, f"journal: {error}")
    if sandbox.kore.limit.most > limit:
        ledger.fail(at, f"{sandbox.kore.limit.most} calls to Kore.ai within a minute")


def _of_request(row: Row, ledger: Ledger, database: sqlite3.Connection, sandbox: Sandbox) -> list[str]:
    campaign_id, state = row["campaign_id"], row["state"]
    is_there = sandbox.kore.memory.living(campaign_id) is not None
    found = []
    approved_by = [each["person_id"] for each in json.loads(row["decisions"]) if each["verdict"] == "approved"]
    if len(approved_by) > len(set(approved_by)):
        found.append(f"{approved_by} approved, one of them twice")
    waits = f"SELECT 1 FROM requests WHERE id = ? AND {IS_PAUSED}"  # noqa: S608 - our own words
    is_held = rows(database, "SELECT 1 FROM freezes WHERE lifted_at IS NULL") or rows(database, waits, row["id"])
    if state in STUCK and not is_held:
        found.append("stuck")
    if state in GONE and is_there and campaign_id not in ledger.recreated:
        found.append("the campaign is there")
    if state in UNDONE and campaign_id in ledger.landed and not _deleted_by_other(row, database):
        found.append("a DELETE of the bot took effect")
    is_known = not is_there and campaign_id not in ledger.recreated and _can_be_verified(row)
    if state == State.UNKNOWN and is_known and not row["rebuilds"]:
        found.append("unknown, although the campaign is readably gone")
    return [*found, *check_journal(row, ledger, database)]


def _of_rebuilds(requests: list[Row], ledger: Ledger, sandbox: Sandbox) -> list[str]:
    """Return what is wrong with the campaigns that were made again: each belongs to one request that says so."""
    made = {
        campaign_id for campaign_id in sandbox.kore.memory.campaigns if campaign_id not in ledger.first_ids.values()
    }
    rebuilt = [row for row in requests if row["state"] == State.REBUILT]
    unknown = [row for row in requests if row["state"] == State.UNKNOWN and row["rebuilds"]]
    found = [
        f"rebuilt as {row['created_id']}, which does not exist" for row in rebuilt if row["created_id"] not in made
    ]
    if len(made) > len(rebuilt) + len(unknown):
        found.append(f"{len(made)} campaigns made, {len(rebuilt)} rebuilt and {len(unknown)} unknown")
    return found


def _deleted_by_other(row: Row, database: sqlite3.Connection) -> bool:
    """Return whether another request of this campaign sent a DELETE."""
    others = rows(
        database,
        "SELECT 1 FROM journal WHERE campaign_id = ? AND request_id != ? AND event = 'attempting'",
        row["campaign_id"],
        row["id"],
    )
    return bool(others)


def _can_be_verified(row: Row) -> bool:
    """Return whether two sources showed the campaign before: what GET alone showed can't be proven absent."""
    return not row["witnesses"] or len(json.loads(row["witnesses"])["sources"]) > 1
