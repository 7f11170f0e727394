"""The real bot behind PgBouncer in transaction mode."""

from pathlib import Path

import psycopg
import pytest

from tests import pgbouncer
from tests.postgres import database
from tests.simulation.stories.steps import NAME
from tests.stories.conftest import open_world
from tests.stories.person import eventually

SETTINGS = {"APPROVALS_REQUIRED": "0", "UNDO_WINDOW": "0"}
REQUESTS = 4


@pytest.mark.skipif(not pgbouncer.is_installed(), reason="NOT RUN: PgBouncer is missing (apt install pgbouncer)")
async def test_requests_at_once_are_all_recorded_and_deleted(tmp_path: Path, postgres_server: str) -> None:
    with (
        database(postgres_server) as direct,
        pgbouncer.in_front_of(direct, tmp_path, server_connections=2) as pooled,
    ):
        async with open_world(tmp_path, "socket", "v1", DATABASE_URL=pooled, **SETTINGS) as world:
            campaigns = [await world.fresh_campaign() for _ in range(REQUESTS)]
            alice = world.person("U0ALICE")
            for campaign in campaigns:
                assert not await alice.submits(await alice.asks_to_delete(campaign), NAME)

            async def all_are_deleted() -> bool:
                return len(await world.deletes()) == REQUESTS

            await eventually(all_are_deleted, "a DELETE of each campaign")
            assert sorted(await world.deletes()) == sorted(campaigns)
            await world.reset()
            assert "Traceback" not in world.bot.log.read_text()
            warnings = [line for line in world.bot.log.read_text().splitlines() if " WARNING " in line]
            assert [line for line in warnings if " is slow" not in line] == []  # as a busy machine may be
        with psycopg.connect(direct) as connection:
            locks = connection.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database "
                "WHERE locktype = 'advisory' AND datname = current_database()"  # other tests use the same server
            )
            assert locks.fetchone() == (0,)
