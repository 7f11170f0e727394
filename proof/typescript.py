"""Payloads as constants of Slack's own TypeScript types, one on each line, so that diagnostics name them."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from proof.node_tools import FOLDER, MODULES

CHECKED = FOLDER / "checked"
PRELUDE = (
    'import type * as bolt from "@slack/bolt"; '
    'import type * as types from "@slack/types"; '
    'import type * as api from "@slack/web-api"; '
    'import type { Wire } from "../../wire.d.ts";'
)
_CONFIG = {"extends": "../../tsconfig.json", "files": ["payloads.ts"]}
_ERROR = re.compile(r"payloads\.ts\((?P<line>\d+),\d+\): error (?P<code>TS\d+): (?P<text>.*)")


@dataclass(frozen=True)
class Constant:
    """A value and its expected type. ``what`` names it in the report."""

    what: str
    type: str
    value: Any


@dataclass(frozen=True)
class Diagnostic:
    """The compiler's message about a constant."""

    what: str
    code: str
    text: str


def check(constants: list[Constant]) -> list[Diagnostic]:
    """Compile the constants as one file. Raise RuntimeError if the compiler does not run."""
    distinct = list({(each.type, json.dumps(each.value)): each for each in constants}.values())
    lines = [f"export const c{n}: {each.type} = {json.dumps(each.value)};" for n, each in enumerate(distinct)]
    CHECKED.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CHECKED) as folder:  # below node_modules' folder, where the types are found
        Path(folder, "tsconfig.json").write_text(json.dumps(_CONFIG))
        Path(folder, "payloads.ts").write_text("\n".join([PRELUDE, *lines]) + "\n")
        command = [str(MODULES / ".bin/tsc"), "--project", folder, "--pretty", "false"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = [match for line in run.stdout.splitlines() if (match := _ERROR.match(line))]
    if run.returncode and not found:
        raise RuntimeError(f"tsc did not run: {run.stdout}{run.stderr}")
    return [Diagnostic(distinct[int(one["line"]) - 2].what, one["code"], one["text"]) for one in found]
