"""Archive a campaign, run a command of the archive, and read what is stored."""

from datetime import timedelta

import sqlalchemy as sa
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from pydantic import SecretStr

import commands
from deletion.db.connection import open_engine
from deletion.db.tables import archives
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry, SnapshotKind
from deletion.domain.states import State
from deletion.lifecycle.archive import Archive
from deletion.lifecycle.transitions import Transitions
from deletion.stores.request_store import RequestStore
from tests.deletion.values import CAMPAIGN, campaign, request

KEYS = [Fernet.generate_key().decode() for _ in range(2)]
OTHER = Fernet.generate_key().decode()
NAME = "Frühling 🌷"


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(commands.run, ["archive", *map(str, arguments)], input=given)


async def archived(
    url: str,
    *,
    key: str | None = KEYS[0],
    days_ago: int = 0,
    application: str = "",
    name: str = NAME,
    returned: bool = False,
) -> Request:
    """Add a request whose campaign was archived before its deletion, that long ago."""
    engine = open_engine(url)
    store, raw = RequestStore(engine), {**CAMPAIGN, "name": name}
    asked = request(campaign=CampaignFingerprint.of(campaign(name=name)), application=application)
    await store.add(asked, Entry(at=now(), event="requested", actor_id="U0ALICE", surface="test"), [])
    archive = Archive(store, [SecretStr(key)] if key else [])
    snapshot = archive.seal(asked.id, SnapshotKind.BEFORE, raw)
    taken_at = now() - timedelta(days=days_ago)
    moving = Transitions(store, Policy())
    begun = await moving.move(
        asked, State.DELETING, "attempting", snapshot=snapshot.model_copy(update={"taken_at": taken_at})
    )
    assert begun
    if returned:
        after = snapshot.model_copy(update={"kind": SnapshotKind.RETURNED, "taken_at": taken_at})
        assert await moving.move(begun, State.DELETING, "attempted", snapshot=after)
    async with engine.begin() as connection:  # so that the next request may have the same campaign
        await connection.execute(sa.text("UPDATE requests SET state = 'gone'"))
    await engine.dispose()
    return asked


async def sealed(url: str) -> list[bytes]:
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = list(await connection.scalars(sa.select(archives.c.sealed).order_by(archives.c.seq)))
    await engine.dispose()
    return found
