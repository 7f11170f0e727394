"""Shared by all tests: one event loop, and a migrated database of each kind."""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import certifi
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import open_engine
from tests import compiled_statements, postgres, quick_sqlite
from tests.databases import Databases
from tests.memory_folder import MEMORY
from tests.reused_database import ReusedDatabase
from tests.server_end import leave_nothing_open
from tests.time_limits import extend_limits

TEST_FOLDER = "campaign-delete-test-"
RUN_FOLDER = "CAMPAIGN_DELETE_TEST_RUN"  # an environment variable, because pytest-xdist's workers inherit it

# The speed of the machine says nothing about the code, and only `make fuzz` looks for new examples.
settings.register_profile(
    "ours",
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both-databases", action="store_true", help="run tests marked any_database on PostgreSQL too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what any database shows, which ``make stories`` runs there; run long tests first."""
    if not config.getoption("--both-databases"):
        left_out = {item for item in items if item.get_closest_marker("any_database") and _is_on_postgresql(item)}
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _is_on_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)  # only parametrised tests have it
    return callspec is not None and callspec.params.get("database_url") == "postgresql"


def pytest_configure(config: pytest.Config) -> None:
    """Make one folder for the run; its workers share the database server and the migrated databases in it.

    Collecting 8,000 tests leaves nothing to garbage collection, which would take two fifths of its time.
    """
    gc.disable()
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="campaign-delete-tests-")
        os.environ[RUN_FOLDER] = folder
        os.environ["SSL_CERT_FILE"] = str(one_authority(Path(folder)))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(RUN_FOLDER, None)):
        Databases(Path(folder)).close()
        shutil.rmtree(folder)


def one_authority(folder: Path) -> Path:
    """Write a file with one certificate authority: loading all of them takes 35 ms for each client of a test."""
    first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    file = folder / "authority.pem"
    file.write_text(first + end)
    return file


def pytest_xdist_auto_num_workers() -> int:
    """Run one more process than there are cores, because some tests wait for a socket, a disk or a time limit."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Exclude all modules and tests from garbage collection, which takes a tenth of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _compiled_statements() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        compiled_statements.share(patch)
        yield


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    extend_limits(monkeypatch)


@pytest.fixture(scope="session", autouse=True)
def _servers_leave_nothing_open() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        leave_nothing_open(patch)
        yield


@pytest.fixture(scope="session")
def databases() -> Databases:
    return Databases(Path(os.environ[RUN_FOLDER]))


@pytest.fixture(scope="session")
def postgres_server(databases: Databases) -> str:
    return databases.server()


@pytest.fixture(scope="session")
def reused_database(databases: Databases) -> Iterator[ReusedDatabase]:
    reused = ReusedDatabase(databases.server(), databases.template())
    yield reused
    reused.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Yield the URL of a migrated database of each kind."""
    if request.param == "sqlite":
        if request.node.get_closest_marker("any_database") and not request.config.getoption("--both-databases"):
            quick_sqlite.use(monkeypatch)
        with tempfile.TemporaryDirectory(dir=MEMORY, prefix=TEST_FOLDER) as folder:
            yield databases.copy_sqlite(Path(folder) / "bot.sqlite3")
        return
    reused: ReusedDatabase = request.getfixturevalue("reused_database")
    with reused.lent() as url:
        yield url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Yield the connections to a migrated database of each kind."""
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """Yield the URL of a database of each kind without tables."""
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(dir=MEMORY, prefix=TEST_FOLDER) as folder:
            yield f"sqlite:///{folder}/bot.sqlite3"
        return
    with postgres.database(databases.server()) as url:
        yield url
