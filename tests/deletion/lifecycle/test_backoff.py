"""Attempts that sent nothing are repeated ever more slowly."""

from deletion.lifecycle.backoff import pause_after


def test_pause_doubles_from_ten_seconds_to_five_minutes() -> None:
    assert [pause_after(failures).total_seconds() for failures in range(8)] == [10, 20, 40, 80, 160, 300, 300, 300]
