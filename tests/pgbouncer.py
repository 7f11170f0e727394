"""PgBouncer in transaction mode for the tests: the machine's binary (apt install pgbouncer)."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.postgres import free_port, unprivileged_user

STARTED_WITHIN_SECONDS = 120


def is_installed() -> bool:
    return _binary() is not None


@contextmanager
def in_front_of(database_url: str, folder: Path, *, server_connections: int) -> Iterator[str]:
    """Run PgBouncer for the duration of the block, and yield the URL of the same database through it.

    Each transaction gets one of these server connections, and no client has one of its own.
    """
    server, port = make_url(database_url), free_port()
    (folder / "pgbouncer.ini").write_text(
        f"""
        [databases]
        {server.database} = host={server.host} port={server.port} user={server.username}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = {server_connections}
        max_client_conn = 100
        """.replace("        ", "")
    )
    command = [str(_binary()), str(folder / "pgbouncer.ini")]
    if user := unprivileged_user():  # it refuses to run as root
        command += ["-u", user]
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    (folder / "pgbouncer.ini").chmod(0o644)
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - fixed command
    try:
        _wait_for(port, process, folder / "pgbouncer.log")
        yield server.set(port=port).render_as_string(hide_password=False)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text())


def _binary() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
