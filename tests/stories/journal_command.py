"""The journal commands, each in a process of its own."""

import asyncio
import os
import subprocess
import sys

from tests.stories.bot import ROOT
from tests.stories.conftest import World


async def run_command(world: World, *words: str) -> str:
    """Run a journal command with only DATABASE_URL and return its output."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": world.bot.settings["DATABASE_URL"]}
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        "app.py",
        "journal",
        *words,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    said, complaint = await command.communicate()
    assert (command.returncode, complaint) == (0, b"")
    return said.decode()
