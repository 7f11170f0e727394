"""The hash chain of the journal: how an entry is hashed, and how a chain is verified.

``hash`` is the SHA-256, in hex, of the JSON of all other fields: keys sorted, no white space, ASCII, the time in UTC
with six digits. This format must never change, or old entries could not be verified: new facts go into ``details``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NamedTuple

from pydantic import PositiveInt

from deletion.domain.canonical_json import canonical_json, sha256_hex
from deletion.domain.records import Entry


class Head(NamedTuple):
    """The position and hash of an entry. A noted head proves later that the entry is still there."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


START = Head(0, "0" * 64)  # the predecessor of the first entry


class BrokenChainError(Exception):
    """The chain is broken; ``str()`` is one sentence that names the first entry where it is seen."""


class Recorded(Entry):
    """An entry in the chain: ``seq`` counts from 1 without a gap, ``previous`` is the hash of the entry before."""

    seq: PositiveInt
    request_id: str | None
    campaign_id: str | None
    previous: str
    hash: str

    @property
    def head(self) -> Head:
        return Head(self.seq, self.hash)


@dataclass(frozen=True)
class Verified:
    """An intact part of the chain: the head before its first entry, and its last head."""

    after: Head
    head: Head

    @property
    def count(self) -> int:
        return self.head.seq - self.after.seq


def record(entry: Entry, after: Head, *, request_id: str | None = None, campaign_id: str | None = None) -> Recorded:
    """Return the entry as the next one of the chain."""
    told = {name: getattr(entry, name) for name in Entry.model_fields}
    place = {"seq": after.seq + 1, "previous": after.hash, "request_id": request_id, "campaign_id": campaign_id}
    unsealed = Recorded.model_validate({**told, **place, "hash": ""})
    return unsealed.model_copy(update={"hash": _digest(unsealed)})


def fields(entry: Recorded) -> dict[str, Any]:
    """Return the entry as plain JSON values with sorted keys, for export, log and hash (which excludes ``hash``)."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return dict(sorted({**entry.model_dump(), "at": at}.items()))


def verify(entries: Iterable[Recorded], after: Head | None = None, noted: Head | None = None) -> Verified | None:
    """Verify that every entry is unchanged and follows the one before. Return None if there are no entries.

    The first entry must follow ``after``; if that is None, the chain starts wherever the first entry says. The entry at
    the ``noted`` position must have the noted hash. Raises BrokenChainError for the first broken entry.
    """
    start = last = after
    for entry in entries:
        if last is None:
            start = last = START if entry.seq == 1 else Head(entry.seq - 1, entry.previous)
            _compare(last, noted)
        _follow(entry, last)
        _compare(entry.head, noted)
        last = entry.head
    return Verified(start, last) if start and last else None


def is_intact(entry: Recorded) -> bool:
    """Return whether the entry says what it said when it was hashed; its place in the chain is not verified."""
    return entry.hash == _digest(entry)


def _follow(entry: Recorded, last: Head) -> None:
    if entry.seq > last.seq + 1:
        raise BrokenChainError(f"Entry {last.seq + 1} is missing: entry {entry.seq} comes after entry {last.seq}.")
    if entry.seq <= last.seq:
        raise BrokenChainError(f"Entry {entry.seq} is out of place: it comes after entry {last.seq}.")
    if entry.previous != last.hash:
        raise BrokenChainError(f"Entry {entry.seq} does not follow entry {last.seq}: it names another hash before it.")
    if not is_intact(entry):
        raise BrokenChainError(f"Entry {entry.seq} was changed: its hash is not that of what it says.")


def _compare(head: Head, noted: Head | None) -> None:
    if noted and noted.seq == head.seq and noted.hash != head.hash:
        raise BrokenChainError(f"Entry {head.seq} is not the one that was noted: it has another hash.")


def _digest(entry: Recorded) -> str:
    unsealed = {name: value for name, value in fields(entry).items() if name != "hash"}
    return sha256_hex(canonical_json(unsealed))
