"""Text from outside cannot mention, link, hide, turn round or push anything out of sight."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack_ui.text import VALUE_LIMIT, clean, date, escape, masked_number


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<!channel> Free Money", "&lt;!channel&gt; Free Money"),
        ("<@U0BOB> & <https://evil.example|click>", "&lt;@U0BOB&gt; &amp; &lt;https://evil.example|click&gt;"),
        ("Summer \u202egnp.elas\u202e Offer", "Summer gnp.elas Offer"),
        ("Autumn\u200b Sale\u2060", "Autumn Sale"),
        ("Two\nLines\tand a tab", "Two Lines and a tab"),
        ("two  spaces stay", "two  spaces stay"),
        ("\x00\x07bell", "bell"),
        ("  ", ""),
    ],
)
def test_hostile_text_is_shown_as_plain_words(hostile: str, shown: str) -> None:
    assert escape(hostile) == shown


@given(st.text(max_size=2_000))
def test_nothing_that_slack_reads_as_markup_is_left(text: str) -> None:
    shown = escape(text)
    assert "<" not in shown
    assert ">" not in shown
    assert len(clean(text)) <= VALUE_LIMIT
    assert "\n" not in shown


def test_a_long_text_says_that_it_goes_on() -> None:
    assert clean("x" * 10_000, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(("number", "shown"), [("+91987654321", "•••• 21"), ("911", "••••"), ("none", "••••")])
def test_a_number_keeps_its_last_two_digits_at_most(number: str, shown: str) -> None:
    assert masked_number(number) == shown


def test_a_date_is_shown_in_the_readers_zone_and_has_words_for_machines_that_cannot() -> None:
    moment = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert date(moment) == "<!date^1795456800^{date_short_pretty} at {time}|2026-11-23 18:00 UTC>"
