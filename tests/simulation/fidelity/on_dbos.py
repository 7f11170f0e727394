"""One life of the scenario on DBOS: ``python -m tests.simulation.fidelity.on_dbos <folder> <first|second>``."""

import asyncio
import os
import sys
from pathlib import Path

from deletion.db.connection import migrate
from deletion.engine import queues
from tests.simulation.fidelity.scenario import CALLS_PER_MINUTE, Scenario


async def live(folder: Path, life: str) -> None:
    url = f"sqlite:///{folder}/engine.sqlite3"
    migrate(url)
    await queues.configure(url, "one")

    def note(line: str) -> None:
        with (folder / "journal").open("a", encoding="utf-8") as journal:
            journal.write(f"{line}\n")

    async def crash() -> None:
        os._exit(137)

    scenario = Scenario(queues, note, crash, folder)
    await queues.launch(CALLS_PER_MINUTE)
    await (scenario.first_life() if life == "first" else scenario.second_life())
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), sys.argv[2]))
