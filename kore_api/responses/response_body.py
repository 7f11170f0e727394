"""Read a response's body within bounds of size and nesting, so that no answer can exhaust memory or the stack."""

import json
import zlib
from typing import Any

import httpx

MAX_BODY_BYTES = 4 * 1024 * 1024  # decompressed; a list page of 100 campaigns has about 0.2 MB
MAX_NESTING = 100
MAX_VALUES = 100_000  # reading a million of them into a campaign would block the event loop for ten seconds
ACCEPT_ENCODING = "gzip"  # httpx would also ask for encodings that it can decode only without a bound
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_DECODED = frozenset({"gzip", "x-gzip", "deflate"})


class UnreadableBodyError(Exception):
    """``args[0]`` completes "Its answer cannot be read: …"."""


async def read_bounded(response: httpx.Response) -> httpx.Response:
    """Return the streamed response with its body read and decompressed.

    Raises:
        UnreadableBodyError: longer than 4 MB, compressed in another way, or not validly compressed.
        httpx.RequestError: the connection failed meanwhile.

    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        content = await _read(response)
    elif encoding in _DECODED:
        content = await _inflate(response)
    else:
        raise UnreadableBodyError("it is compressed in a way that was not asked for")
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() != "content-encoding"]
    return httpx.Response(response.status_code, headers=headers, content=content)


async def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        _require_short(content)
    return bytes(content)


async def _inflate(response: httpx.Response) -> bytes:
    content, inflater = bytearray(), zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        async for chunk in response.aiter_raw():
            content += inflater.decompress(chunk, MAX_BODY_BYTES + 1 - len(content))
            _require_short(content)
            if inflater.eof:
                break
    except zlib.error:
        raise UnreadableBodyError("it is not validly compressed") from None
    if content and not inflater.eof:
        raise UnreadableBodyError("it is cut off")
    return bytes(content)


def _require_short(content: bytearray) -> None:
    if len(content) > MAX_BODY_BYTES:
        raise UnreadableBodyError(f"it is longer than {MAX_BODY_BYTES // 1024**2} MB")


def parse_json(content: bytes) -> Any:
    """Return the JSON value; half of a surrogate pair is replaced, because it can be neither stored nor shown.

    Raises:
        UnreadableBodyError: nested deeper than 100, or more than 100,000 values.
        ValueError: not JSON. NaN and infinity are not.

    """
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
    except RecursionError:
        raise _too_deep() from None
    _require_bounded(value)
    return json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def _require_bounded(value: Any) -> None:
    """Count the values and the levels of containers. Iterative, so that its own depth is constant."""
    layer, count = [value], 0
    for _ in range(MAX_NESTING):
        layer = [child for node in layer for child in _children(node)]
        count += len(layer)
        if count > MAX_VALUES:
            raise UnreadableBodyError(f"its JSON has more than {MAX_VALUES} values")
    if any(isinstance(node, dict | list) for node in layer):
        raise _too_deep()


def _children(node: Any) -> Any:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _too_deep() -> UnreadableBodyError:
    return UnreadableBodyError(f"its JSON is nested deeper than {MAX_NESTING}")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
