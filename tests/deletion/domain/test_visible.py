"""What cannot be seen is left out, what was written stays, and no text reaches beyond its line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.domain.text.visible_text import visible_text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Summer \u202egnp.elas\u202e Offer", "Summer gnp.elas Offer"),
        ("\u2067Autumn\u2069\u200b Sale\u2060\ufeff\u00ad", "Autumn Sale"),
        ("Tag\U000e0041\U000e007f", "Tag"),
        ("Selector\ufe0f\U000e0100", "Selector"),
        ("Filler\u3164\uffa0\u115f\u2800\u034f", "Filler"),
        ("Private\ue000\U000f0000 \x00\x07bell", "Private bell"),
        ("half\ud83d", "half"),
        ("Two\r\n\u2028Lines\u2029\tand\u00a0a\u3000tab", "Two   Lines  and a tab"),
        ("two  spaces stay", "two  spaces stay"),
        ("Z\u0300\u0316" + "\u0301\u0336" * 5_000, "Z\u0316\u0300\u0301\u0336"),
        ("Z" + "\u0344" * 9, "Z\u0308\u0301\u0308\u0301"),
        ("\u0338 \u0338was deleted", "was deleted"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_left_out(text: str, seen: str) -> None:
    assert visible_text(text) == unicodedata.normalize("NFC", seen)


@pytest.mark.parametrize(
    "name",
    [
        "حملة الربيع ١٢", "שָׁלוֹם", "Chiến dịch tiếng Việt", "วันนี้ลดราคา", "अभियान क्षेत्र", "春のキャンペーン が",
        "Ünïcødé – “quotes”", "🔥 Sale",
        "བོད་སྐད", "R&D <b> `x` *y*",
    ],
)  # fmt: skip
def test_what_people_write_stays_to_the_letter(name: str) -> None:
    assert visible_text(name) == unicodedata.normalize("NFC", name)


def test_the_same_letters_are_the_same_text_however_they_are_composed() -> None:
    assert visible_text("E\u0301te\u0301") == visible_text("Été")


@given(st.text())
def test_looking_twice_sees_the_same(text: str) -> None:
    assert visible_text(visible_text(text)) == visible_text(text)
