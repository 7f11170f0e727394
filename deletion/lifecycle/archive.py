"""Archive whole campaigns, encrypted.

A campaign holds message texts and phone numbers. With a key its snapshot is encrypted; without one, only its hash is
kept.
"""

import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from deletion.domain.canonical_json import canonical_json, sha256_hex
from deletion.domain.clock import now
from deletion.domain.records import Snapshot, SnapshotKind
from deletion.stores.request_store import RequestStore

Raw = dict[str, Any]
KEY = re.compile(r"[A-Za-z0-9_+/-]{43}=")  # 32 bytes in either alphabet of Base64


class Unopened(StrEnum):
    """Why the archive shows no campaign."""

    NOT_THERE = "the archive has no copy of it"
    NO_KEY = "it was archived without a key"
    KEY_GONE = "none of the listed keys opens it"
    OTHER_ACCOUNT = "it is of another Kore.ai account"
    ALTERED = "it is not what was archived"


class Archive:
    """The first key encrypts, every key decrypts: to rotate, put a new key first and keep the old ones listed."""

    def __init__(self, store: RequestStore, keys: Iterable[SecretStr] = ()) -> None:
        self._store = store
        self._keys = _all_of(keys)

    def seal(self, request_id: str, kind: SnapshotKind, raw: Raw) -> Snapshot:
        """Return a snapshot to store. Request id and kind are encrypted with it, so it cannot pass for another."""
        sealed = None
        if self._keys:
            content = {"request_id": request_id, "kind": kind, "campaign": raw}
            sealed = self._keys.encrypt(canonical_json(content).encode())
        return Snapshot(request_id=request_id, kind=kind, taken_at=now(), sha256=_digest(raw), sealed=sealed)

    async def open(self, request_id: str, kind: SnapshotKind = SnapshotKind.BEFORE) -> Raw | Unopened:
        """Return the campaign as Kore.ai sent it, or why it cannot be opened."""
        snapshot = await self._store.snapshot(request_id, kind)
        return Unopened.NOT_THERE if snapshot is None else _opened(snapshot, self._keys)


def open_snapshot(snapshot: Snapshot, keys: Iterable[SecretStr]) -> Raw | Unopened:
    """Return the campaign of one snapshot, or why it cannot be opened with these keys."""
    return _opened(snapshot, _all_of(keys))


def sealed_anew(sealed: bytes, keys: Sequence[SecretStr]) -> bytes | None:
    """Return the part encrypted with the first key, unchanged if it already is. None if no key opens it."""
    if opens(keys[:1], sealed):
        return sealed
    listed = _all_of(keys)
    try:
        return listed.rotate(sealed) if listed else None
    except InvalidToken:
        return None


def opens(keys: Iterable[SecretStr], sealed: bytes) -> bool:
    """Return whether one of the keys decrypts this part of a snapshot."""
    listed = _all_of(keys)
    try:
        return listed is not None and bool(listed.decrypt(sealed))
    except InvalidToken:
        return False


def _opened(snapshot: Snapshot, keys: MultiFernet | None) -> Raw | Unopened:
    if snapshot.sealed is None:
        return Unopened.NO_KEY
    try:
        content = json.loads(keys.decrypt(snapshot.sealed)) if keys else None
    except InvalidToken:
        content = None
    if content is None:
        return Unopened.KEY_GONE
    raw: Raw = content["campaign"]
    stored = (snapshot.request_id, snapshot.kind, snapshot.sha256)
    return raw if (content["request_id"], content["kind"], _digest(raw)) == stored else Unopened.ALTERED


def _all_of(keys: Iterable[SecretStr]) -> MultiFernet | None:
    listed = [Fernet(key.get_secret_value()) for key in keys]
    return MultiFernet(listed) if listed else None


def check_key(text: str) -> None:
    """Raise ValueError for an invalid key. The message does not repeat the text.

    Fernet itself ignores what follows a key, such as a second one after a space.
    """
    if not KEY.fullmatch(text):
        raise ValueError("Fernet keys, separated by commas; docs/operations.md says how to make one")


def _digest(raw: Raw) -> str:
    return sha256_hex(canonical_json(raw))
