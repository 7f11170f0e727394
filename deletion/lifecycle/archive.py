"""Whole campaigns, sealed before they are kept. The only place that seals and opens them.

A campaign holds message texts and phone numbers. With a key its snapshot is encrypted; without one, only its hash is
kept.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from deletion.domain.canonical_json import canonical_json, sha256_hex
from deletion.domain.clock import now
from deletion.domain.models import Snapshot, SnapshotKind
from deletion.stores.request_store import RequestStore

Raw = dict[str, Any]


class Unopened(StrEnum):
    """Why the archive shows no campaign."""

    NOT_THERE = "nothing was archived"
    NO_KEY = "it was archived without a key"
    KEY_GONE = "none of the listed keys opens it"
    OTHER_ACCOUNT = "it is of another Kore.ai account"
    ALTERED = "it is not what was archived"


class Archive:
    """The first key seals, all of them open: a new one is put in front, and the old ones stay listed."""

    def __init__(self, store: RequestStore, keys: Iterable[SecretStr] = ()) -> None:
        self._store = store
        listed = [Fernet(key.get_secret_value()) for key in keys]
        self._keys = MultiFernet(listed) if listed else None

    def seal(self, request_id: str, kind: SnapshotKind, raw: Raw) -> Snapshot:
        """A snapshot to be kept. Request and kind are sealed in, so that it cannot pass for another one."""
        sealed = None
        if self._keys:
            content = {"request_id": request_id, "kind": kind, "campaign": raw}
            sealed = self._keys.encrypt(canonical_json(content).encode())
        return Snapshot(request_id=request_id, kind=kind, taken_at=now(), sha256=_digest(raw), sealed=sealed)

    async def open(self, request_id: str, kind: SnapshotKind = SnapshotKind.BEFORE) -> Raw | Unopened:
        """The campaign as Kore.ai sent it, or why it cannot be shown."""
        snapshot = await self._store.snapshot(request_id, kind)
        if snapshot is None:
            return Unopened.NOT_THERE
        if snapshot.sealed is None:
            return Unopened.NO_KEY
        try:
            content = json.loads(self._keys.decrypt(snapshot.sealed)) if self._keys else None
        except InvalidToken:
            content = None
        if content is None:
            return Unopened.KEY_GONE
        raw: Raw = content["campaign"]
        is_ours = (content["request_id"], content["kind"], _digest(raw)) == (request_id, kind, snapshot.sha256)
        return raw if is_ours else Unopened.ALTERED


def check_key(text: str) -> None:
    """Raises ValueError for what is no key; the text is not repeated."""
    try:
        Fernet(text)
    except ValueError:
        raise ValueError("Fernet keys, separated by commas; the README says how to make one") from None


def _digest(raw: Raw) -> str:
    return sha256_hex(canonical_json(raw))
