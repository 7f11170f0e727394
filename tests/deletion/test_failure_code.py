"""Log lines about a failed database name the driver's code, and no statement or value."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from deletion.db.connection import failure_code, open_engine


async def test_database_failure_is_logged_with_the_code_of_the_driver(database_url: str) -> None:
    engine = open_engine(database_url)
    with pytest.raises(SQLAlchemyError) as failed:
        async with engine.begin() as connection:
            await connection.execute(sa.text("SELECT secret FROM nowhere"))
    await engine.dispose()
    expected = "OperationalError SQLITE_ERROR" if database_url.startswith("sqlite") else "ProgrammingError 42P01"
    assert failure_code(failed.value) == expected


def test_failure_without_a_code_is_logged_with_its_type() -> None:
    assert failure_code(TimeoutError()) == "TimeoutError"
