"""``make doctor-demo``: cause each fault of an installation in the sandbox, and print what the doctor finds."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from commands.doctor import report
from deletion.db.connection import migrate
from sandbox.server import running
from sandbox.slack.manifest import DEFAULT_PATH
from tests.doctor.conftest import installed, manifest_with, without_line, wrong
from tests.doctor.faults import FAILED, FAULTS, WARNING, nothing

OLD = "0004"


async def main() -> int:
    """Return 1 if the doctor missed a fault."""
    logging.getLogger().addHandler(logging.NullHandler())
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, old = (f"sqlite:///{folder / each}.sqlite3" for each in ("bot", "old"))
        migrate(database)
        migrate(old, OLD)
        without_scope = manifest_with(folder, without_line("- users:read.email "))
        rows = [(*row[:5], DEFAULT_PATH) for row in FAULTS]
        rows.append(("missing scope", nothing, {}, "Scopes", FAILED, without_scope))
        rows.append(("old schema", nothing, {"DATABASE_URL": old}, "Schema", WARNING, DEFAULT_PATH))
        for title, arrange, changes, check, outcome, manifest in rows:
            async with running(latency_ms=0, manifest=manifest) as sandbox:
                arrange(sandbox)
                found = wrong(await installed(sandbox, database).check(changes))
            missed += (check, outcome) not in [(result.name, result.outcome) for result in found]
            width = max((len(result.name) for result in found), default=0)
            lines = [line for result in found for line in report.paragraph(result, width)]
            sys.stdout.write("\n".join([f"{title}:", *lines, "", ""]))
    sys.stdout.write(f"{len(rows)} faults, {missed} missed.\n")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
