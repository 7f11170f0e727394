"""An exported file holds every text unchanged and can be verified."""

import csv
from collections.abc import Callable, Iterable
from io import StringIO
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.domain.clock import now
from deletion.domain.records import Entry
from deletion.journal.export_file import read, write_csv, write_jsonl
from deletion.journal.hash_chain import Head, Recorded, record, verify
from tests.deletion.stored_journal import RUN_AS_FORMULA

TEXT = st.text(st.characters(exclude_characters="\r\n"))
ONE_LINE = st.builds(str.__add__, st.sampled_from(["", "'", *"=+-@\t＝＋－＠"]), TEXT)
ANY_TEXT = st.lists(ONE_LINE).map("\n".join)
Writer = Callable[[Iterable[Recorded], IO[str]], None]


@pytest.mark.parametrize("write", [write_jsonl, write_csv])
@given(details=st.dictionaries(ANY_TEXT, ANY_TEXT), word=ONE_LINE, campaign_id=st.none() | ONE_LINE.filter(bool))
def test_any_words_come_back_and_no_cell_is_a_formula(
    write: Writer, details: dict[str, str], word: str, campaign_id: str | None
) -> None:
    told = Entry(at=now(), event=word, actor_id=word, actor_team_id=word, surface=word, details=details)
    recorded = record(told, Head(41, "ab" * 32), campaign_id=campaign_id)
    stream = StringIO(newline="")
    write([recorded], stream)
    stream.seek(0)

    (found,) = read(stream)

    assert found == recorded
    assert verify([found])
    if write is write_csv:
        rows = list(csv.reader(StringIO(stream.getvalue(), newline="")))
        assert not [cell for row in rows for cell in row if cell.startswith(RUN_AS_FORMULA)]
