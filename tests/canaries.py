"""Secrets that are recognised wherever they come out: as they are, quoted, in Base64 or in hex."""

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote


def found(canaries: Mapping[str, str], text: str | bytes) -> set[str]:
    """The names of the canaries that are somewhere in this text."""
    said = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return {name for name, value in canaries.items() if any(form.encode() in said for form in _forms(value))}


def _forms(value: str) -> Iterable[str]:
    yield value
    yield quote(value, safe="")
    yield json.dumps(value)[1:-1]
    yield value.encode().hex()
    for shift in range(3):
        # Base64 groups bytes by threes: what stands before shifts it, what stands after spoils its last sign.
        body = base64.b64encode(b"\0" * shift + value.encode()).decode().rstrip("=")[:-1]
        yield from {body[shift and shift + 1 :], body[shift and shift + 1 :].translate(str.maketrans("+/", "-_"))}
