"""The archive, on SQLite and on a real PostgreSQL: sealed, bound to its request, written before anything is deleted."""

import json
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from pydantic import SecretStr
from pytest_mock import MockerFixture
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import requests
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Purpose, Request
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.records import Entry, SnapshotKind
from deletion.domain.states import State
from deletion.kore.campaign_gateway import CampaignGateway
from deletion.lifecycle.archive import Archive, Unopened, opens, sealed_anew
from deletion.lifecycle.delete_executor import DeleteExecutor
from deletion.lifecycle.execution import Execution
from deletion.lifecycle.lease import Leases
from deletion.lifecycle.rebuild import Rebuilding
from deletion.lifecycle.rebuild_executor import RebuildExecutor
from deletion.lifecycle.stop_executor import StopExecutor
from deletion.lifecycle.transitions import Transitions
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from tests.deletion.values import CAMPAIGN, all_parties_stand, reading, request

OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
RETURNED = {**CAMPAIGN, "status": "Deleted", "odd": "\ud83d"}


def executing(store: RequestStore, kore: CampaignGateway, archive: Archive) -> Execution:
    policy = Policy(approvals_required=0)
    transitions, parties, leases = Transitions(store, policy), all_parties_stand(store, policy), Leases(store)
    delete = DeleteExecutor(transitions, kore, archive, policy, leases)
    rebuild = RebuildExecutor(transitions, kore, archive, leases)
    stop = StopExecutor(transitions, kore, policy, leases)
    return Execution(store, transitions, parties, policy, delete=delete, rebuild=rebuild, stop=stop)


async def executed(store: RequestStore, archive: Archive, mocker: MockerFixture) -> Request:
    """A request whose campaign was read, deleted and returned by Kore.ai."""
    kept = await requested(store)
    kore = mocker.create_autospec(CampaignGateway, instance=True)
    kore.reserving.return_value = kore
    kore.look.return_value = reading()
    kore.delete.return_value = Attempt(kind=AttemptKind.CONFIRMED, at=now()), RETURNED
    kore.observe.return_value = Observation.ABSENT
    assert await executing(store, kore, archive).advance(kept.id) is None
    return kept


async def requested(store: RequestStore) -> Request:
    kept = request()
    await store.add(kept, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    return kept


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


def rebuilding(store: RequestStore, engine: AsyncEngine, *keys: SecretStr, account: str | None = None) -> Rebuilding:
    return Rebuilding(store, PreviewStore(engine), Archive(store, keys), Policy(kore_account=account))


async def test_campaign_can_be_rebuilt_if_a_key_still_opens_its_archive(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    sealed = await executed(store, Archive(store, [OLD]), mocker)
    deleted = await store.request(sealed.id)
    assert deleted

    for keys, is_archived in (((OLD,), True), ((NEW, OLD), True), ((NEW,), False), ((), False)):
        assert await rebuilding(store, engine, *keys).state_of(deleted) == Rebuildable(is_archived=is_archived)
    of_other_account = deleted.model_copy(update={"kore_account": "another"})
    assert await rebuilding(store, engine, OLD, account="ours").state_of(of_other_account) == NOT_REBUILDABLE


async def test_campaign_deleted_without_a_key_cannot_be_rebuilt_after_one_is_set(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    hashed = await executed(store, Archive(store), mocker)
    deleted = await store.request(hashed.id)
    assert deleted
    assert await rebuilding(store, engine, NEW).state_of(deleted) == NOT_REBUILDABLE


@pytest.mark.parametrize(
    ("state", "is_archived"),
    [(State.AWAITING_APPROVAL, True), (State.UNKNOWN, True), (State.REJECTED, True), (State.REBUILT, False)],
)
async def test_only_a_rebuild_that_was_carried_out_takes_the_offer_away(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture, state: State, *, is_archived: bool
) -> None:
    sealed = await executed(store, Archive(store, [OLD]), mocker)
    deleted, rebuild = await store.request(sealed.id), request(state=state, rebuilds=sealed.id)
    assert deleted
    await store.add(rebuild, Entry(at=now(), event="rebuild requested", actor_id="U0ALICE", surface="test"), [])

    found = await rebuilding(store, engine, OLD).state_of(deleted)

    assert found == Rebuildable(is_archived=is_archived, rebuilt=rebuild if state is State.REBUILT else None)
    assert await rebuilding(store, engine, OLD).state_of(rebuild) == NOT_REBUILDABLE


@pytest.mark.parametrize("keys", [[NEW], []], ids=["archived", "hash only"])
async def test_earlier_deletion_of_a_campaign_can_be_rebuilt_only_if_the_last_cannot(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture, keys: list[SecretStr]
) -> None:
    archives = [Archive(store, [NEW]), Archive(store, keys)]
    deleted = [await store.request((await executed(store, each, mocker)).id) for each in archives]

    found = [await rebuilding(store, engine, NEW).state_of(each) for each in deleted if each]

    assert [each.is_archived for each in found] == [not keys, bool(keys)]


@pytest.mark.parametrize(
    "changes", [{"state": State.FAILED}, {"state": State.UNKNOWN}, {"state": State.GONE, "stops": Purpose.STOP}]
)
async def test_only_what_a_request_deleted_can_be_rebuilt(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture, changes: dict[str, Any]
) -> None:
    """The archive of a delete that failed opens as well, but its campaign is still there."""
    deleted = await store.request((await executed(store, Archive(store, [NEW]), mocker)).id)
    assert deleted

    found = await rebuilding(store, engine, NEW).state_of(deleted.model_copy(update=changes))

    assert found == NOT_REBUILDABLE


async def test_later_deletion_in_another_account_is_not_the_last_one_of_this_account(
    engine: AsyncEngine, store: RequestStore, mocker: MockerFixture
) -> None:
    deleted = []
    for account in ("ours", "ours", "another"):
        kept = await executed(store, Archive(store, [NEW]), mocker)
        async with engine.begin() as connection:
            await connection.execute(requests.update().where(requests.c.id == kept.id).values(kore_account=account))
        deleted.append(await store.request(kept.id))

    found = [await rebuilding(store, engine, NEW, account="ours").state_of(each) for each in deleted if each]

    assert [each.is_archived for each in found] == [False, True, False]
