"""Bodies out of bounds: too long, too deep, not validly compressed. Over a real socket, decompressed as it streams."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tenacity import wait_none

from kore_api.account import KoreAccount
from kore_api.causes import Cause
from kore_api.client import KoreClient, open_client
from kore_api.errors import KoreUnconfirmedError
from kore_api.responses.response_body import MAX_BODY_BYTES, MAX_NESTING, UnreadableBodyError, parse_json
from tests.kore_api.conftest import AUTH, FakeRateLimit
from tests.kore_api.raw_server import answering, serve
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, DELETE_SMS_CAMPAIGN, SAMPLE_ID

MB = 1024**2
SUCCESS = json.dumps(DELETE_SMS_CAMPAIGN).encode()


def response(content: bytes, encoding: str = "identity") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def nested(levels: int) -> dict[str, Any]:
    """A success in which a campaign's field is that deep, counted from the whole."""
    deep: Any = []
    for _ in range(levels - 3):
        deep = [deep]
    return DELETE_SMS_CAMPAIGN | {"data": DELETE_SMS_CAMPAIGN["data"] | {"deep": deep}}


@asynccontextmanager
async def client_that_gets(content: bytes) -> AsyncIterator[KoreClient]:
    async with serve(answering(content)) as server:
        account = KoreAccount(base_url=f"http://127.0.0.1:{server.port}", app_id=APP_ID, account_id=ACCOUNT_ID)
        async with open_client(account, AUTH) as http:
            yield KoreClient(account, http, FakeRateLimit(), retry_wait=wait_none())


def bomb(megabytes: int) -> bytes:
    """Return gzip of that many megabytes, without its end. No block refers to an earlier one, so one repeats."""
    packing = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    first, more = (packing.compress(b" " * MB) + packing.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + more * (megabytes - 1)


READABLE = {
    "plain": response(SUCCESS),
    "gzip": response(gzip.compress(SUCCESS), "gzip"),
    "deflate": response(zlib.compress(SUCCESS), "deflate"),
    "data after the end of gzip": response(gzip.compress(SUCCESS) + b"x" * 1000, "GZIP"),
    "just short enough": response(SUCCESS + b" " * (MAX_BODY_BYTES - len(SUCCESS))),
    "just shallow enough": response(json.dumps(nested(MAX_NESTING)).encode()),
}
BOMB = bomb(600)
UNREADABLE = {
    "a gzip bomb of 600 KB": (response(BOMB, "gzip"), "longer than 4 MB"),
    "a byte too long": (response(SUCCESS + b" " * (MAX_BODY_BYTES + 1 - len(SUCCESS))), "longer than 4 MB"),
    "a byte too long, compressed": (
        response(gzip.compress(SUCCESS + b" " * (MAX_BODY_BYTES + 1 - len(SUCCESS))), "gzip"),
        "longer than 4 MB",
    ),
    "a level too deep": (response(json.dumps(nested(MAX_NESTING + 1)).encode()), "nested deeper than 100"),
    "a million values": (
        response(json.dumps(DELETE_SMS_CAMPAIGN | {"data": {"_id": SAMPLE_ID, "dncLists": [{}] * 1_000_000}}).encode()),
        "more than 100000 values",
    ),
    "nested 500 deep": (response(json.dumps(nested(500)).encode()), "nested deeper than 100"),
    "bottomless": (response(b"[" * 100_000), "nested deeper than 100"),
    "cut gzip": (response(gzip.compress(SUCCESS)[:-9], "gzip"), "cut off"),
    "no gzip": (response(SUCCESS, "gzip"), "not validly compressed"),
    "gzip twice": (response(gzip.compress(gzip.compress(SUCCESS)), "gzip, gzip"), "not asked for"),
    "another compression": (response(SUCCESS, "br"), "not asked for"),
}


def test_bomb_is_small() -> None:
    assert 500_000 < len(BOMB) < 700_000


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE)
async def test_body_within_bounds_is_read(content: bytes) -> None:
    async with client_that_gets(content) as client:
        assert (await client.delete_campaign(SAMPLE_ID)).campaign


@pytest.mark.parametrize(("content", "why"), UNREADABLE.values(), ids=UNREADABLE)
async def test_body_out_of_bounds_confirms_nothing_and_is_not_retried(content: bytes, why: str) -> None:
    async with client_that_gets(content) as client:
        for call in (client.delete_campaign, client.get_campaign):
            with pytest.raises(KoreUnconfirmedError, match=f"its answer cannot be read: .*{why}") as caught:
                await call(SAMPLE_ID)
            assert caught.value.may_have_happened
            assert (caught.value.cause, caught.value.http_status) == (Cause.UNREADABLE, 200)
            assert not caught.value.is_from_kore


async def test_bomb_takes_little_memory() -> None:
    async with client_that_gets(response(BOMB, "gzip")) as client:
        tracemalloc.start()
        with pytest.raises(KoreUnconfirmedError):
            await client.delete_campaign(SAMPLE_ID)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert peak < 32 * MB


@pytest.mark.parametrize(
    "content", [b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b'{"a": ' + b"9" * 5000 + b"}"]
)
def test_number_that_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_json(content)


def test_wide_body_is_not_deep() -> None:
    assert len(parse_json(b"[" + b"[]," * 10_000 + b"[]]")) == 10_001
    with pytest.raises(UnreadableBodyError):
        parse_json(b"[" + b"[]," * 10_000 + b"[" * 100 + b"]" * 100 + b"]")
