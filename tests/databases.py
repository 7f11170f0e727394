"""One database server and one migrated database of each kind for a whole test run, shared by its workers."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deletion.db.connection import migrate
from deletion.db.private_files import OWNER_ONLY
from tests import postgres

FOR_SERVER = 0o711  # root's server runs as another user, who must reach its folder


@dataclass(frozen=True)
class Databases:
    """The folder of a run. The first worker that needs a part makes it, and the others wait for that."""

    folder: Path

    def server(self) -> str:
        """Return the URL of the PostgreSQL server, which runs until ``close``."""
        with self._once("server.url") as made:
            if not made.exists():
                self.folder.chmod(FOR_SERVER)
                (self.folder / "server").mkdir()
                made.write_text(postgres.given() or postgres.start(self.folder / "server"))
            return made.read_text()

    def template(self) -> str:
        """Return the name of a migrated database on the server."""
        server = self.server()
        with self._once("template.name") as made:
            if not made.exists():
                name = f"template_{self.folder.name[-8:].lower()}"
                migrate(postgres.create(server, name))
                made.write_text(name)
            return made.read_text()

    def copy_sqlite(self, to: Path) -> str:
        """Copy a migrated SQLite file there, and return its URL."""
        with self._once("migrated.sqlite3") as made:
            if not made.exists():
                migrate(f"sqlite:///{self.folder}/new.sqlite3")
                (self.folder / "new.sqlite3").rename(made)
        shutil.copyfile(made, to)
        to.chmod(OWNER_ONLY)
        return f"sqlite:///{to}"

    def close(self) -> None:
        if not postgres.given():
            if (self.folder / "server.url").exists():
                postgres.stop(self.folder / "server")
        elif (self.folder / "template.name").exists():
            postgres.drop(self.server(), self.template())

    @contextmanager
    def _once(self, name: str) -> Iterator[Path]:
        """Hold the lock of this file. Its first holder makes it."""
        made = self.folder / name
        with made.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield made
