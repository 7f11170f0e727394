"""Find canary secrets in a text: verbatim, quoted, in Base64 or in hex."""

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote


def found(canaries: Mapping[str, str], text: str | bytes) -> set[str]:
    """Return the names of the canaries that this text contains."""
    said = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return {name for name, value in canaries.items() if any(form.encode() in said for form in _forms(value))}


def _forms(value: str) -> Iterable[str]:
    yield value
    yield quote(value, safe="")
    yield json.dumps(value)[1:-1]
    yield value.encode().hex()
    for shift in range(3):
        # Base64 encodes three bytes at a time: preceding bytes shift the text, following ones change its end.
        body = base64.b64encode(b"\0" * shift + value.encode()).decode().rstrip("=")[:-1]
        yield from {body[shift and shift + 1 :], body[shift and shift + 1 :].translate(str.maketrans("+/", "-_"))}
