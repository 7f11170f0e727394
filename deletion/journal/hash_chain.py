"""The journal's form: an entry in its place, its hash, and how a chain is verified. The only place that knows it.

``hash`` is the SHA-256, in hex, of the JSON of all other fields: keys sorted, no white space, ASCII, the time in UTC
with six digits. This form can never change, or the past could not be verified any more: what is new to be told goes
into ``details``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NamedTuple

from pydantic import PositiveInt

from deletion.domain.canonical_json import canonical_json, sha256_hex
from deletion.domain.models import Entry


class Head(NamedTuple):
    """An entry by its place and its hash. Whoever has noted one can tell later whether it is still there."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


START = Head(0, "0" * 64)  # what the first entry follows


class BrokenChainError(Exception):
    """The chain is broken; ``str()`` is one sentence that names the first entry where it is seen."""


class Recorded(Entry):
    """An entry in its place: ``seq`` counts without a gap from 1, ``previous`` is the hash of the entry before."""

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
    """A whole piece of the chain: the head that its first entry follows, and its last."""

    after: Head
    head: Head

    @property
    def count(self) -> int:
        return self.head.seq - self.after.seq


def record(entry: Entry, after: Head, *, request_id: str | None = None, campaign_id: str | None = None) -> Recorded:
    """The entry in the place that follows."""
    told = {name: getattr(entry, name) for name in Entry.model_fields}
    place = {"seq": after.seq + 1, "previous": after.hash, "request_id": request_id, "campaign_id": campaign_id}
    unsealed = Recorded.model_validate({**told, **place, "hash": ""})
    return unsealed.model_copy(update={"hash": _digest(unsealed)})


def fields(entry: Recorded) -> dict[str, Any]:
    """The entry as plain JSON values, keys in order: what is exported, logged, and but for ``hash`` hashed."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return dict(sorted({**entry.model_dump(), "at": at}.items()))


def verify(entries: Iterable[Recorded], after: Head | None = None, noted: Head | None = None) -> Verified | None:
    """Whether every entry is as it was written and follows the one before; None if there are no entries.

    The first must follow ``after``, or, where that is None, begins at a place that it names itself. An entry of the
    ``noted`` head's place must have its hash. Raises BrokenChainError for the first entry where it is not so.
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


def _follow(entry: Recorded, last: Head) -> None:
    if entry.seq > last.seq + 1:
        raise BrokenChainError(f"Entry {last.seq + 1} is missing: entry {entry.seq} comes after entry {last.seq}.")
    if entry.seq <= last.seq:
        raise BrokenChainError(f"Entry {entry.seq} is out of place: it comes after entry {last.seq}.")
    if entry.previous != last.hash:
        raise BrokenChainError(f"Entry {entry.seq} does not follow entry {last.seq}: it names another hash before it.")
    if entry.hash != _digest(entry):
        raise BrokenChainError(f"Entry {entry.seq} was changed: its hash is not that of what it says.")


def _compare(head: Head, noted: Head | None) -> None:
    if noted and noted.seq == head.seq and noted.hash != head.hash:
        raise BrokenChainError(f"Entry {head.seq} is not the one that was noted: it has another hash.")


def _digest(entry: Recorded) -> str:
    unsealed = {name: value for name, value in fields(entry).items() if name != "hash"}
    return sha256_hex(canonical_json(unsealed))
