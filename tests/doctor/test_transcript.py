"""docs/installation.md shows what the doctor prints."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import indent

import pytest

from tests.doctor.transcript import MISTAKES, transcript

PAGE = (Path(__file__).parents[2] / "docs" / "installation.md").read_text()


@pytest.mark.parametrize("mistakes", [MISTAKES, {}], ids=["mistakes", "ready"])
async def test_page_shows_what_the_doctor_prints(mistakes: Mapping[str, str]) -> None:
    printed = await transcript(mistakes)
    assert indent(printed, "    ", lambda line: bool(line.strip())) in PAGE
