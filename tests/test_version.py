"""The version that the commands print."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_version_comes_from_pyproject_without_settings_or_database(tmp_path: Path) -> None:
    told = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, str(ROOT / "app.py"), "--version"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (told.stdout, told.stderr) == (f"campaign-delete {version}\n", "")
    assert list(tmp_path.iterdir()) == []
