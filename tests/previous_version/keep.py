"""Write the files of the fixture from what a killed bot left."""

import gzip
import json
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.server import Sandbox

REPLICA = b"replica-1"
# Commands of psql, and a setting that is unknown before PostgreSQL 17.
LEFT_OUT = (b"\\", b"--", b"SET transaction_timeout")


def keep(folder: Path, sandbox: Sandbox, url: str, port: str) -> None:
    """Write the database and the posted messages, without anything of the machine."""
    kind = urlsplit(url).scheme
    if kind == "sqlite":
        _pack(folder / "sqlite.db.gz", _sqlite(Path(url.removeprefix("sqlite:///"))))
    else:
        replica = f"{socket.gethostname()}-{port}".encode()
        _pack(folder / "postgresql.sql.gz", _postgresql(url).replace(replica, REPLICA))
    _pack(folder / f"{kind}.slack.json.gz", json.dumps(_posted(sandbox)).encode())


def _sqlite(file: Path) -> bytes:
    """Return the database with its WAL as one file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()


def _postgresql(url: str) -> bytes:
    program = shutil.which("pg_dump")
    assert program, "pg_dump is needed, of the server's version or a later one"
    command = [program, "--no-owner", "--no-privileges", "--inserts", url]
    dump = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - our own words
    return b"\n".join(line for line in dump.split(b"\n") if not line.startswith(LEFT_OUT))


def _posted(sandbox: Sandbox) -> dict[str, list[object]]:
    """Return the bot's visible messages by channel."""
    return {
        channel: [message.payload for message in messages if message.payload.get("bot_id") and not message.visible_to]
        for channel, messages in sandbox.slack.workspace.messages.items()
    }


def _pack(file: Path, content: bytes) -> None:
    file.write_bytes(gzip.compress(content, mtime=0))
