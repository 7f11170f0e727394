"""JSON texts and digests that are equal for equal values."""

import hashlib
import json
from typing import Any


def canonical_json(value: Any, *, is_ascii: bool = True) -> str:
    """Return JSON with sorted keys and no white space. Stored hashes depend on this form, so it must never change.

    ``is_ascii=False`` leaves characters as they are; only fingerprints use it, because stored ones did from the start.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=is_ascii)


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex. JSON may hold half of a surrogate pair, which is encoded as is."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
