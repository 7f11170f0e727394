"""The archive, on SQLite and on a real PostgreSQL: sealed, bound to its request, written before anything is deleted."""

import json
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.clock import now
from deletion.domain.records import Entry, SnapshotKind
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.archive import Archive, Unopened, opens, sealed_anew
from deletion.stores.request_store import RequestStore
from tests.deletion.lifecycle.archive_steps import NEW, OLD, RETURNED, executed, executing, requested
from tests.deletion.values import CAMPAIGN, reading


async def written(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(sa.text("SELECT kind, sha256, sealed FROM archives ORDER BY seq")))


async def spoil(engine: AsyncEngine, change: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.text(change))


async def test_both_snapshots_open_as_kore_sent_them_and_lie_encrypted(
    store: RequestStore, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    archive = Archive(store, [NEW])
    kept = await executed(store, archive, mocker)

    assert await archive.open(kept.id) == CAMPAIGN
    assert await archive.open(kept.id, SnapshotKind.RETURNED) == RETURNED
    for _, _, sealed in await written(engine):
        assert not [text for text in (b"Spring Sale", b"4930123456", b"SGVsbG8") if text in sealed]


async def test_the_journal_keeps_the_hash_of_each_snapshot(
    store: RequestStore, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    kept = await executed(store, Archive(store, [NEW]), mocker)

    told = {entry.event: entry.details.get("archive") for entry in await store.entries(kept.id)}
    hashes = [sha256(json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()) for raw in (CAMPAIGN, RETURNED)]
    before, returned = (digest.hexdigest() for digest in hashes)
    assert told == {"requested": None, "attempting": before, "attempted": returned, "deleted": None}
    assert [(kind, digest) for kind, digest, _ in await written(engine)] == [
        ("before", before),
        ("returned", returned),
    ]


async def test_without_a_key_only_the_hashes_are_kept(
    store: RequestStore, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    kept = await executed(store, Archive(store), mocker)

    assert [(kind, sealed) for kind, _, sealed in await written(engine)] == [("before", None), ("returned", None)]
    assert await Archive(store, [NEW]).open(kept.id) is Unopened.NO_KEY
    assert await Archive(store, [NEW]).open("another") is Unopened.NOT_THERE


async def test_the_first_key_seals_and_every_listed_one_opens(store: RequestStore, mocker: MockerFixture) -> None:
    earlier = await executed(store, Archive(store, [OLD]), mocker)
    later = await executed(store, Archive(store, [NEW, OLD]), mocker)

    assert await Archive(store, [NEW, OLD]).open(earlier.id) == CAMPAIGN
    assert await Archive(store, [NEW]).open(later.id) == CAMPAIGN
    assert await Archive(store, [NEW]).open(earlier.id) is Unopened.KEY_GONE
    assert await Archive(store).open(later.id) is Unopened.KEY_GONE


async def test_without_a_key_nothing_opens_and_nothing_is_encrypted_anew(store: RequestStore) -> None:
    sealed = Archive(store, [OLD]).seal("r1", SnapshotKind.BEFORE, CAMPAIGN).sealed
    assert sealed
    assert not opens([], sealed)
    assert sealed_anew(sealed, []) is None
    assert sealed_anew(sealed, [NEW]) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE archives SET sealed = (SELECT sealed FROM archives WHERE request_id <> '{id}' AND kind = 'before')",
        "UPDATE archives SET sealed = (SELECT sealed FROM archives WHERE request_id = '{id}' AND kind = 'returned')",
        "UPDATE archives SET kind = CASE kind WHEN 'before' THEN 'returned' ELSE 'before' END",
        "UPDATE archives SET sha256 = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c'",
    ],
    ids=["another request", "another campaign", "another kind", "another hash"],
)
async def test_a_snapshot_never_passes_for_another_one(
    store: RequestStore, engine: AsyncEngine, mocker: MockerFixture, change: str
) -> None:
    archive = Archive(store, [NEW])
    kept = await executed(store, archive, mocker)
    await executed(store, archive, mocker)

    await spoil(engine, change.format(id=kept.id))

    assert await archive.open(kept.id) is Unopened.ALTERED


async def test_what_cannot_be_archived_is_not_deleted(
    store: RequestStore, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    kept = await requested(store)
    kore = mocker.create_autospec(CampaignGateway, instance=True)
    kore.reserving.return_value = kore
    kore.look.return_value = reading()
    await spoil(engine, "ALTER TABLE archives RENAME TO elsewhere")

    with pytest.raises(SQLAlchemyError):
        await executing(store, kore, Archive(store, [NEW])).advance(kept.id)

    kore.delete.assert_not_awaited()
    current = await store.request(kept.id)
    assert current is not None
    assert current.state is State.APPROVED


async def test_of_two_snapshots_of_a_kind_the_last_one_opens(store: RequestStore) -> None:
    """An interrupted delete begins again, and archives what it reads then."""
    archive, current = Archive(store, [NEW]), await requested(store)
    for raw in ({"_id": "earlier"}, {"_id": "later"}):
        following = current.model_copy(update={"version": current.version + 1})
        snapshot = archive.seal(current.id, SnapshotKind.BEFORE, raw)
        entry = Entry(at=now(), event="attempting", actor_id="engine", surface="test")
        assert await store.swap(current, following, entry, snapshot=snapshot)
        current = following

    assert await archive.open(current.id) == {"_id": "later"}


async def test_an_emptied_archive_leaves_request_and_journal_as_they_are(
    store: RequestStore, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    kept = await executed(store, Archive(store, [NEW]), mocker)
    before = await store.entries(kept.id)

    await spoil(engine, "DELETE FROM archives")

    assert await store.entries(kept.id) == before
    assert await Archive(store, [NEW]).open(kept.id) is Unopened.NOT_THERE
