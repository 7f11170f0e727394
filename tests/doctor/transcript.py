"""What `python app.py doctor` prints in docs/installation.md; ``python -m tests.doctor.transcript`` prints it again."""

import asyncio
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace

from commands.doctor import report
from deletion.domain.check import CheckResult
from sandbox.server import running
from tests.doctor.conftest import installed

MISTAKES = {
    "OPS_ROOMS": "C0OPSEMEA,C0RANDOM",
    "KORE_CLIENT_SECRET": "of-another-app-with-32-bytes-and-more",
    "APPROVERS_REQUIRED": "2",
}
OF_THE_SANDBOX = ("HOST", "PORT", "LOG_LEVEL", "SLACK_SIGNING_SECRET", "UNDO_WINDOW")
FOLDER = "/srv/campaign-delete"


async def transcript(mistakes: Mapping[str, str]) -> str:
    """Return what the doctor prints of the sandbox, with the values of one machine replaced by those of the page."""
    async with running(latency_ms=0) as sandbox:
        with tempfile.TemporaryDirectory() as folder:
            installation = installed(sandbox, f"sqlite:///{folder}/campaign-delete.sqlite3")
            environ = {name: text for name, text in installation.environ.items() if name not in OF_THE_SANDBOX}
            found = await replace(installation, environ=environ).check(mistakes)
            machine = {sandbox.url.rpartition(":")[2]: "3100", re.escape(folder): FOLDER}
    return report.as_text(_of_the_page(found, machine))


def _of_the_page(found: report.Report, machine: Mapping[str, str]) -> report.Report:
    same = {r"Python 3[\d.]+": "Python 3.13.9", r"SQLite 3[\d.]+": "SQLite 3.46.1", r"[\d.]+ GB": "74.5 GB", **machine}

    def shown(text: str) -> str:
        for pattern, replacement in same.items():
            text = re.sub(pattern, replacement, text)
        return text

    def result(each: CheckResult) -> CheckResult:
        return replace(each, text=shown(each.text), cure=shown(each.cure))

    sections = {title: [*map(result, results)] for title, results in found.sections.items()}
    settings = {name: shown(text) for name, text in found.in_force[""].settings.items()}
    return report.Report(sections, {"": replace(found.in_force[""], settings=settings)})


async def _main() -> None:
    for mistakes in (MISTAKES, {}):
        sys.stdout.write(f"{await transcript(mistakes)}\n\n")


if __name__ == "__main__":
    asyncio.run(_main())
