"""Back up while the bot runs, restore elsewhere by docs/backup.md, and continue the open requests."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL
from typing import Any
from uuid import uuid4

from deletion.db.tables import requests
from slack_ui.parts import ids
from tests import postgres
from tests.previous_version.database import HEAD, rows
from tests.simulation.stories.steps import CARDS, NAME, approve, buttons, click, makes_due, new_card, same, unfreezes
from tests.stories.bot import ROOT
from tests.stories.conftest import open_world
from tests.stories.journal_command import run_command
from tests.stories.person import Person, eventually

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "1h"}


async def test_restored_database_verifies_and_its_open_requests_continue(database_url: str, tmp_path: Path) -> None:
    async with open_world(tmp_path, "socket", "v1", DATABASE_URL=database_url, **SETTINGS) as world:
        alice, bob = world.person("U0ALICE", CARDS), world.person("U0BOB")
        waiting, stopped = await world.fresh_campaign(), await world.fresh_campaign()
        waiting_card, stopped_card = await new_card(world, waiting), await new_card(world, stopped)
        assert not await approve(bob, stopped_card)
        await same(bob, stopped_card, "will be deleted")
        await eventually(world.has_said_all, "every message")

        (head,) = rows(database_url, HEAD)
        saved = await asyncio.to_thread(back_up, database_url, tmp_path)
        await click(alice, stopped_card, ids.STOP_BUTTON)  # after the backup, which does not know of it
        await same(bob, stopped_card, "the deletion was stopped in time.")
        await world.bot.stop(SIGKILL)

        restored = await asyncio.to_thread(restore, database_url, saved, tmp_path)
        world.bot.settings.update(DATABASE_URL=restored, UNDO_WINDOW="0")
        frozen = await asyncio.to_thread(command, "freeze", "--by", "U0BOB", "--reason", "Restored", url=restored)
        assert "All requests are frozen" in frozen
        verified = await run_command(world, "verify", "--head", f"{head['seq']}:{head['hash']}")
        assert f"Entry {head['seq']} matches the noted head." in verified
        await makes_due(world, requests.c.execute_after)
        await world.bot.start()
        await eventually(world.is_connected, "the bot connected again")

        for card in (waiting_card, stopped_card):  # the cards show the restored state
            await same(bob, card, "ll requests are frozen")
        await click(alice, stopped_card, ids.STOP_BUTTON)
        await same(bob, stopped_card, "the deletion was stopped in time.")
        await unfreezes(bob)
        await eventually(lambda: can_approve(bob, waiting_card), "the card without the freeze")
        assert not await approve(bob, waiting_card)
        await same(bob, waiting_card, f"`{NAME}` was deleted.")
        assert await world.deletes() == [waiting]
        await eventually(world.has_said_all, "every message")
        assert "Intact: " in await run_command(world, "verify", "--head", f"{head['seq']}:{head['hash']}")


def back_up(url: str, folder: Path) -> Path:
    """Back up by the commands of docs/backup.md."""
    saved = folder / "backup"
    if url.startswith("sqlite"):
        command("backup", str(saved), url=url)
    else:
        execute(postgres.program("pg_dump"), "--format=custom", f"--file={saved}", f"--dbname={url}")
    return saved


def restore(url: str, saved: Path, folder: Path) -> str:
    """Restore to a new database, and return its URL."""
    if url.startswith("sqlite"):
        (folder / "elsewhere").mkdir()
        shutil.copy(saved, folder / "elsewhere" / "bot.sqlite3")
        return f"sqlite:///{folder}/elsewhere/bot.sqlite3"
    new = postgres.create(url, f"restored_{uuid4().hex[:12]}", "template0")
    execute(postgres.program("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={new}", str(saved))
    return new


def command(*words: str, url: str) -> str:
    return execute(sys.executable, str(ROOT / "app.py"), *words, DATABASE_URL=url)


def execute(*words: str | Path, **environ: str) -> str:
    environ = {"PATH": os.environ["PATH"], **environ}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stderr
    return done.stdout


async def can_approve(person: Person, card: dict[str, Any]) -> bool:
    return ids.APPROVE_BUTTON in buttons(await same(person, card, "is waiting for approval"))
