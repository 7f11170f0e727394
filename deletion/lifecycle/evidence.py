"""The evidence of one request: who asked, who approved, what was deleted, and hashes that prove each part offline."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deletion.domain.canonical_json import canonical_json, sha256_hex
from deletion.domain.models import Request
from deletion.domain.records import Snapshot
from deletion.journal.hash_chain import BrokenChainError, Recorded, fields, is_intact
from deletion.lifecycle.archive import Raw, Unopened

FORMAT = "campaign-delete evidence, version 1"
UNREADABLE = "The file is no evidence that this version can read."


def evidence(
    request: Request, snapshots: Iterable[tuple[Snapshot, Raw | Unopened]], entries: Sequence[Recorded]
) -> dict[str, Any]:
    """Return one JSON object. A snapshot that cannot be opened has the reason in place of its campaign."""
    return {
        "format": FORMAT,
        "request": request.model_dump(mode="json"),
        "archive": [
            {
                "kind": str(snapshot.kind),
                "taken_at": snapshot.taken_at.isoformat(),
                "sha256": snapshot.sha256,
                **({"unopened": str(found)} if isinstance(found, Unopened) else {"campaign": found}),
            }
            for snapshot, found in snapshots
        ],
        "journal": [fields(entry) for entry in entries],
    }


def verify(read: Mapping[str, Any]) -> tuple[int, int, int]:
    """Return how many campaigns and how many journal entries are what they were when they were recorded.

    The third number is of the campaigns that were archived by the journal, and are not in the object.

    Raises BrokenChainError for the first that is not, if the request names other people or another campaign than the
    entries do, or if the object is no evidence.
    """
    if read.get("format") != FORMAT:
        raise BrokenChainError(UNREADABLE)
    try:
        entries = [Recorded.model_validate(entry) for entry in read["journal"]]
        archived = [(part["kind"], part["sha256"], part.get("campaign")) for part in read["archive"]]
        request = Request.model_validate(read["request"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenChainError(UNREADABLE) from error
    for entry in entries:
        if not is_intact(entry):
            raise BrokenChainError(f"Journal entry {entry.seq} was changed: its hash is not that of what it says.")
    _compare(request, entries)
    recorded = {entry.details.get("archive") for entry in entries}
    for kind, sha256, campaign in archived:
        if sha256 not in recorded:
            raise BrokenChainError(f'No journal entry has the hash of the campaign "{kind}".')
        if campaign is not None and sha256_hex(canonical_json(campaign)) != sha256:
            raise BrokenChainError(f'The campaign "{kind}" was changed: its hash is not the one in the journal.')
    shown = [sha256 for _, sha256, campaign in archived if campaign is not None]
    return len(shown), len(entries), len(recorded - {None, *shown})


def _compare(request: Request, entries: Sequence[Recorded]) -> None:
    """Raise BrokenChainError if the entries are of another request, or do not have its requester and decisions."""
    of = {(entry.request_id, entry.campaign_id) for entry in entries}
    if of != {(request.id, request.campaign.campaign_id)}:
        raise BrokenChainError("The journal entries are of another request or campaign than the request is.")
    acted = {(entry.event, entry.actor_id) for entry in entries}
    decided = [each.person_id for each in request.decisions if (each.verdict, each.person_id) not in acted]
    asked = [] if request.requester_id == entries[0].actor_id else [request.requester_id]
    for person_id in (*asked, *decided):
        raise BrokenChainError(f"What {person_id} did by the request is in no journal entry.")
