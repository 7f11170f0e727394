"""A sandbox with a migrated database, and the checks run against it in this process."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from commands.doctor import diagnose
from commands.doctor.report import Report
from deletion.domain.check import CheckResult, Outcome
from sandbox.environment import for_bot
from sandbox.server import Sandbox, running
from sandbox.slack.manifest import DEFAULT_PATH
from tests.databases import Databases


@dataclass(frozen=True)
class Installation:
    """A sandbox and the settings of a bot that serves it."""

    sandbox: Sandbox
    environ: dict[str, str]

    async def check(
        self, changes: Mapping[str, str] = MappingProxyType({}), *, request_url: str = "", post: bool = False
    ) -> Report:
        return await diagnose({**self.environ, **changes}, request_url=request_url, post=post)


def results(report: Report, name: str) -> list[CheckResult]:
    return [result for found in report.sections.values() for result in found if result.name == name]


def wrong(report: Report) -> list[CheckResult]:
    return [result for found in report.sections.values() for result in found if result.outcome is not Outcome.OK]


def without_line(word: str) -> Callable[[str], str]:
    return lambda text: "\n".join(line for line in text.splitlines() if word not in line)


def manifest_with(folder: Path, change: Callable[[str], str]) -> Path:
    file = folder / "manifest.yml"
    file.write_text(change(DEFAULT_PATH.read_text()))
    return file


@pytest.fixture
def database(tmp_path: Path, databases: Databases) -> str:
    return databases.copy_sqlite(tmp_path / "bot.sqlite3")


@pytest.fixture
async def installation(database: str) -> AsyncIterator[Installation]:
    async with running(latency_ms=0) as sandbox:
        yield installed(sandbox, database)


def installed(sandbox: Sandbox, database: str) -> Installation:
    given = {"APPROVALS_REQUIRED": "1", "DATABASE_URL": database}
    return Installation(sandbox, for_bot(given, sandbox.url, bot_port=3000, by_http=False))
