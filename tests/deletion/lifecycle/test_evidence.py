"""The evidence of a request is one object that holds all of it, and a change of any part of it is found."""

from collections.abc import Callable
from typing import Any

import pytest

from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.records import Entry, Snapshot, SnapshotKind
from deletion.domain.states import State
from deletion.journal.hash_chain import START, BrokenChainError, Recorded, fields, record
from deletion.lifecycle.archive import Archive, Unopened
from deletion.lifecycle.evidence import FORMAT, UNREADABLE, evidence, verify
from tests.deletion.values import CAMPAIGN, NOON, request

ARCHIVE = Archive(None)  # type: ignore[arg-type]  # it only makes snapshots
ASKED = request(
    state=State.DELETED,
    decisions=(Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON),),
)
BEFORE, RETURNED = (
    ARCHIVE.seal(ASKED.id, kind, raw).model_copy(update={"taken_at": NOON})
    for kind, raw in ((SnapshotKind.BEFORE, CAMPAIGN), (SnapshotKind.RETURNED, {**CAMPAIGN, "status": "Deleted"}))
)


def journal(*told: tuple[str, str, dict[str, str]], of: Request = ASKED) -> list[Recorded]:
    entries, head = [], START
    for event, actor_id, details in told:
        entry = Entry(at=NOON, event=event, actor_id=actor_id, surface="test", details=details)
        entries.append(record(entry, head, request_id=of.id, campaign_id=of.campaign.campaign_id))
        head = entries[-1].head
    return entries


ENTRIES = journal(
    ("requested", "U0ALICE", {}),
    ("approved", "U0BOB", {}),
    ("attempting", "engine", {"archive": BEFORE.sha256}),
    ("attempted", "engine", {"archive": RETURNED.sha256}),
)
SNAPSHOTS: list[tuple[Snapshot, Any]] = [(BEFORE, CAMPAIGN), (RETURNED, Unopened.KEY_GONE)]


def test_evidence_holds_all_of_a_request() -> None:
    read = evidence(ASKED, SNAPSHOTS, ENTRIES)

    at = "2026-01-01T12:00:00+00:00"
    assert read == {
        "format": "campaign-delete evidence, version 1",
        "request": ASKED.model_dump(mode="json"),
        "archive": [
            {"kind": "before", "taken_at": at, "sha256": BEFORE.sha256, "campaign": CAMPAIGN},
            {"kind": "returned", "taken_at": at, "sha256": RETURNED.sha256, "unopened": str(Unopened.KEY_GONE)},
        ],
        "journal": [fields(entry) for entry in ENTRIES],
    }
    assert verify(read) == (1, 4, 1)
    assert verify({**read, "archive": []}) == (0, 4, 2)
    assert verify({**read, "archive": read["archive"][:1]}) == (1, 4, 1)


OTHER = "The journal entries are of another request or campaign than the request is."
CHANGED = "Journal entry 2 was changed: its hash is not that of what it says."
NOT_SHOWN = "What {} did by the request is in no journal entry."
NO_HASH = 'No journal entry has the hash of the campaign "returned".'
OTHER_HASH = 'The campaign "before" was changed: its hash is not the one in the journal.'
CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "campaign": (lambda read: read["archive"][0].update(campaign={**CAMPAIGN, "name": "Another"}), OTHER_HASH),
    "hash": (lambda read: read["archive"][1].update(sha256="0"), NO_HASH),
    "entry": (lambda read: read["journal"][1].update(actor_id="U0CAROL"), CHANGED),
    "id": (lambda read: read["request"].update(id="0"), OTHER),
    "campaign id": (lambda read: read["request"]["campaign"].update(campaign_id="cd-2"), OTHER),
    "empty journal": (lambda read: read.update(journal=[]), OTHER),
    "requester": (lambda read: read["request"].update(requester_id="U0EVE"), NOT_SHOWN.format("U0EVE")),
    "approver": (lambda read: decision(read).update(person_id="U0EVE"), NOT_SHOWN.format("U0EVE")),
    "verdict": (lambda read: decision(read).update(verdict="rejected"), NOT_SHOWN.format("U0BOB")),
    "format": (lambda read: read.update(format=f"{FORMAT}1"), UNREADABLE),
    "no format": (lambda read: read.pop("format"), UNREADABLE),
    "no archive": (lambda read: read.pop("archive"), UNREADABLE),
    "no kind": (lambda read: read["archive"][0].pop("kind"), UNREADABLE),
    "no snapshot": (lambda read: read.update(archive=["before"]), UNREADABLE),
    "no request": (lambda read: read.update(request="a request"), UNREADABLE),
    "no entry": (lambda read: read.update(journal=[{"seq": 1}]), UNREADABLE),
}


def decision(read: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = read["request"]["decisions"][0]
    return found


@pytest.mark.parametrize(("change", "broken"), CHANGES.values(), ids=CHANGES)
def test_changed_part_of_the_evidence_is_named(change: Callable[[dict[str, Any]], object], broken: str) -> None:
    read = evidence(ASKED, SNAPSHOTS, ENTRIES)
    change(read)

    with pytest.raises(BrokenChainError) as caught:
        verify(read)

    assert str(caught.value) == broken
