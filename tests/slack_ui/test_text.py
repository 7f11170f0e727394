"""External text cannot mention, link, reorder or hide anything."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slack_ui.parts.blocks import date_part
from slack_ui.parts.text import clean, clean_ends, code, date, day, escape, masked_number


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<!channel> Free Money", "`&lt;!channel&gt; Free Money`"),
        ("<@U0BOB> & <https://evil.example|click>", "`&lt;@U0BOB&gt; &amp; &lt;https://evil.example|click&gt;`"),
        ("*was deleted* :white_check_mark:", "`*was deleted* :white_check_mark:`"),
        ("out of `code` ``` *b*", "`out of 'code' ''' *b*`"),
        ("Two\nLines\tand a tab", "`Two Lines and a tab`"),
        ("  ", ""),
    ],
)
def test_hostile_text_is_inert_as_code(hostile: str, shown: str) -> None:
    assert code(hostile) == shown


def test_own_sentence_is_escaped() -> None:
    assert escape("a < b & c") == "a &lt; b &amp; c"


@given(st.text(max_size=2_000), st.integers(min_value=3, max_value=400))
@example("\U00010c80", 3)
def test_code_has_no_markup_and_keeps_limit(text: str, limit: int) -> None:
    shown = code(text, limit)
    assert not set("<>`\n") & set(shown[1:-1])
    assert "&" not in shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert len(shown.encode("utf-16-le")) // 2 <= limit
    assert len(clean(text, limit).encode("utf-16-le")) // 2 <= limit


@pytest.mark.parametrize("char", ["&", "<", "x", "`", "🔥", "ש"])
@pytest.mark.parametrize("show", [clean, code, escape])
def test_cut_is_never_inside_escape_or_emoji(char: str, show: Callable[..., str]) -> None:
    shown = show(char * 1_000, 100)
    assert "…" in shown
    assert 93 <= len(shown.encode("utf-16-le")) // 2 <= 100
    assert set(shown.replace("&amp;", "&").replace("&lt;", "<")) <= {char, "…", "`", "'", "\u2068", "\u2069"}


def test_cleaning_is_idempotent() -> None:
    for text in ("שלום", "x" * 1_000, "a b"):
        assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("name", ["x" * 200, "🔥 Sale" + "x" * 200, "🔥" * 100, "Sale " + "🔥" * 100])
def test_long_name_keeps_its_end(name: str) -> None:
    shown = clean_ends(f"{name} 61", 60)
    assert shown.startswith(name[:10])
    assert shown.endswith(" 61")
    assert "…" in shown
    assert 55 <= len(shown.encode("utf-16-le")) // 2 <= 60


def test_long_text_ends_with_ellipsis() -> None:
    assert clean("x" * 10_000, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize(("number", "shown"), [("+91987654321", "•••• 21"), ("911", "••••"), ("none", "••••")])
def test_masked_number_keeps_at_most_two_digits(number: str, shown: str) -> None:
    assert masked_number(number) == shown


def test_date_uses_readers_zone_with_utc_fallback() -> None:
    moment = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert date(moment) == "<!date^1795456800^{date_short_pretty} at {time}|2026-11-23 18:00 UTC>"


def test_escape_is_used_only_for_own_sentences() -> None:
    """External text in mrkdwn goes through ``code``, because ``*`` and ``:x:`` would act otherwise."""
    users = {
        path.name
        for room in ("slack_ui", "handlers")
        for path in Path(room).rglob("*.py")
        if re.search(r"\bescape\b[,(\n]", path.read_text())
    }
    assert users == {"text.py", "kore_facts.py"}


def test_time_of_another_zone_is_told_in_utc() -> None:
    """Kore.ai, or a row of an earlier version, may state another one."""
    moment = datetime(2026, 3, 2, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    told = date(moment), str(date_part(moment).to_dict())
    assert ["2026-03-01 20:00 UTC" in each for each in told] == [True, True]
    assert day(moment) == "1 Mar 2026"


def test_time_that_utc_does_not_have_is_told_as_it_is() -> None:
    moment = datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))
    assert "-01-01 00:00" in date_part(moment).to_dict()["text"]
    assert day(moment).startswith("1 Jan")
