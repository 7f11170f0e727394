"""A SQLite connection whose close is cancelled still closes: otherwise the bot would not end at SIGTERM."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from deletion.db.connection import open_engine
from deletion.db.sqlite_connection import SqliteConnection
from tests.time_limits import HANGS_AFTER_SECONDS


async def test_close_that_is_cancelled_after_a_stop_ends(tmp_path: Path) -> None:
    """As when a cancelled query's connection is closed, and the event loop cancels that too as it ends."""
    engine = open_engine(f"sqlite:///{tmp_path}/bot.sqlite3")
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, SqliteConnection)
        closing = asyncio.create_task(driver.close())
        await asyncio.sleep(0)
        driver.stop()
        closing.cancel()
        done, _ = await asyncio.wait({closing}, timeout=HANGS_AFTER_SECONDS)
        assert done
        driver.worker.join(HANGS_AFTER_SECONDS)
        assert not driver.worker.is_alive()
        await connection.invalidate()
    await engine.dispose()


async def test_stopped_connection_is_closed_and_its_thread_ends(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/bot.sqlite3")
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, SqliteConnection)
        stopped = driver.stop()
        assert stopped
        await stopped
        assert driver.stop() is stopped
        driver.worker.join(HANGS_AFTER_SECONDS)
        assert not driver.worker.is_alive()
        await connection.invalidate()
    async with engine.connect() as connection:
        assert await connection.scalar(sa.text("SELECT 1")) == 1
    await engine.dispose()
