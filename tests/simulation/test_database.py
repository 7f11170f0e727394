"""The simulated database waits for a lock in virtual time only: a real wait would stop all replicas."""

import asyncio

import sqlalchemy as sa

from tests.simulation.database import Database
from tests.simulation.loop import SimulatedLoop


def test_sqlite_itself_never_waits_for_a_lock() -> None:
    loop, database = SimulatedLoop(), Database()

    async def busy_timeout() -> int:
        async with database.open().connect() as connection:
            milliseconds: int = (await connection.execute(sa.text("PRAGMA busy_timeout"))).scalar_one()
        return milliseconds

    assert loop.run_until_complete(busy_timeout()) == 0
    loop.close()
    database.close()


def test_writer_waits_in_virtual_time_until_the_lock_is_free() -> None:
    loop, database = SimulatedLoop(), Database()
    wrote_at: list[float] = []

    async def write(name: str) -> None:
        async with database.open(name).begin() as connection:
            await connection.execute(sa.text("DELETE FROM seen"))
            wrote_at.append(loop.now)
            await asyncio.sleep(10)

    async def two_at_once() -> None:
        await asyncio.gather(write("one"), write("other"))

    loop.run_until_complete(two_at_once())
    loop.close()
    database.close()

    assert 10 <= wrote_at[1] - wrote_at[0] < 11
