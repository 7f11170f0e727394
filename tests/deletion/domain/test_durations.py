"""Durations as people read them."""

from datetime import timedelta

import pytest

from deletion.domain.text.durations import in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.9, "0 s"),
        (1, "1 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (3_605, "1 h"),
        (7_500, "2 h 5 min"),
        (86_399, "23 h 59 min"),
        (86_460, "1 d"),
        (90_060, "1 d 1 h"),
    ],
)
def test_duration_is_its_two_largest_units(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
