"""PostgreSQL for the tests: ``TEST_DATABASE_URL``, else the machine's binaries, else those of a wheel."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

_kept: list[socket.socket] = []


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a running server, ``postgresql://…/postgres``; stop and remove it unless it was given."""
    if url := given():
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="campaign-delete-postgres-"))
    try:
        yield start(folder)
    finally:
        stop(folder)
        shutil.rmtree(folder)


def given() -> str | None:
    return os.environ.get("TEST_DATABASE_URL")


def start(folder: Path) -> str:
    """Start a server with its data in this folder, and return its URL. It trades durability for speed."""
    user = unprivileged_user()
    if user:
        shutil.chown(folder, user)
    port = kept_port()
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "max_connections": 300,
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    }  # fmt: skip
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    binaries = _binaries()
    _run(user, binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--no-sync")
    _run(user, binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def stop(folder: Path) -> None:
    _run(unprivileged_user(), _binaries() / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


@contextmanager
def database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Yield the URL of a copy of the template on that server, by default an empty one, and drop it afterwards."""
    name = new_name()
    try:
        yield create(server_url, name, template)
    finally:
        drop(server_url, name)


def new_name() -> str:
    return f"test_{uuid4().hex[:12]}"


def create(server_url: str, name: str, template: str = "template1") -> str:
    """Create a database, and return its URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return f"{server_url.rsplit('/', 1)[0]}/{name}"


def drop(server_url: str, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def program(name: str) -> Path:
    """Return the path of a client program, such as pg_dump, of the server's version."""
    return _binaries() / name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kept_port() -> int:
    """Return a free port that no other process gets before this one ends, for a server that sets SO_REUSEADDR.

    It stays bound without listening. Only Linux lets the server bind it too.
    """
    if sys.platform != "linux":
        return free_port()
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    _kept.append(kept)
    return int(kept.getsockname()[1])


def _binaries() -> Path:
    installed = [Path(found).resolve().parent] if (found := shutil.which("pg_ctl")) else []
    installed += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if (wheel := importlib.util.find_spec("pgserver")) and wheel.origin:
        installed.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in installed:
        if (folder / "initdb").exists():
            return folder
    raise FileNotFoundError("The tests need PostgreSQL: install it (apt install postgresql), or set TEST_DATABASE_URL.")


def unprivileged_user() -> str | None:
    """Return the user to run the server as, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return next(person.pw_name for person in pwd.getpwall() if person.pw_name in ("postgres", "nobody"))


def _run(user: str | None, *command: str | Path) -> None:
    subprocess.run(  # noqa: S603 - fixed commands
        [str(part) for part in command], user=user, check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
