"""What confirms a campaign, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.similar_names import similar_names
from deletion.domain.text.confirmation import (
    Mistake,
    confirmation_phrase,
    is_approval_phrase,
    is_confirmed,
    is_end_of_id,
    last_word,
    mistake,
)
from tests.deletion.values import NOON, listed

ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
CAPITALS = "cd-3AEFDA80-F98E-5f4f-ad41-92803abb0001"
OTHER_ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0002"


@pytest.mark.parametrize(
    ("name", "typed", "right"),
    [
        ("Spring Sale", "Sale", True),
        ("Spring Sale", "0001", True),
        ("Spring Sale", "sale", False),
        ("Spring Sale", "Spring", False),
        ("Spring Sale", "", False),
        ("Spring 🔥", "🔥", False),
        ("Spring 🔥", "0001", True),
        ("", "", False),
        ("", "0001", True),
    ],
)
def test_approver_types_the_last_word_or_the_end_of_the_id(name: str, typed: str, right: bool) -> None:
    assert is_approval_phrase(typed, name, ID) == right


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Spring Sale", "Spring Sale"),
        ("Spring Sale ", "  Spring Sale"),
        ("Two\nLines", "Two Lines"),
        ("Autumn\u200b Sale\u200b", "Autumn Sale"),
        ("Summer \u202egnp\u202e Offer", "Summer gnp Offer"),
        ("R&D <b>", "R&D <b>"),
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("Été – ¿qué?", "Été – ¿qué?"),
        ("🔥 Sale", ID),
        ("", ID),
        ("\u200b\u200b", ID),
        ("E\u0301te\u0301", "Été"),
        ("Sale\ufe0f\U000e0100", "Sale"),
        ("שלום", "\u2068שלום\u2069"),
        ("x" * 100, "x" * 100),
        ("x" * 101, ID),
    ],
)
def test_what_can_be_seen_can_be_typed(name: str, typed: str) -> None:
    assert is_confirmed(typed, name, ID)


@pytest.mark.parametrize(
    "typed", ["", "spring sale", "Spring", "Spring Sale!", "Spring  Sale x", "Spring Sаle", OTHER_ID]
)
def test_anything_else_does_not_confirm(typed: str) -> None:
    assert not is_confirmed(typed, "Spring Sale", ID)


@given(st.text())
def test_no_name_is_confirmed_by_nothing_and_every_phrase_by_itself(name: str) -> None:
    phrase = confirmation_phrase(name, ID)
    assert phrase
    assert is_confirmed(phrase, name, ID)
    assert is_confirmed(ID, name, ID)
    assert not is_confirmed("", name, ID)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Valentine's Day", "Valentine\u2019s Day"),
        ("Valentine\u2019s Day", "Valentine's Day"),
        ('The "Best" Offer', "The \u201cBest\u201d Offer"),
        ("The \u201cBest\u201d Offer", 'The "Best" Offer'),
        ("Spring \u2014 Sale", "Spring -- Sale"),
        ("Spring -- Sale", "Spring \u2014 Sale"),
        ("Spring \u2013 Sale", "Spring - Sale"),
        ("Wait\u2026", "Wait..."),
        ("Wait...", "Wait\u2026"),
        ("Spring\u00a0Sale", "Spring Sale"),
        ("Acme.com Launch", "<http://Acme.com|Acme.com> Launch"),
        ("30\u00b0 Sale", "30\u00b0 Sale"),
        ("A^2", "A^2"),
    ],
)
def test_characters_that_a_phone_replaces_confirm(name: str, typed: str) -> None:
    assert is_confirmed(typed, name, ID)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Sale 2", "Sale \u00b2"),
        ("Sale 2", "Sale \uff12"),
        ("Sale fi", "Sale \ufb01"),
        ("Spring-Sale", "Spring Sale"),
        ("Spring Sale", "*Spring Sale*"),
        ("O'Neil", "ONeil"),
        ("Ete", "\u00c9t\u00e9"),
        ("R&amp;D", "R&D"),
        ("R&amp;D", "R&amp;D"),
        (f"Copy of {OTHER_ID}", f"Copy of {OTHER_ID}"),
        ("Spring Sale", f"{ID} {OTHER_ID}"),
    ],
)
def test_other_letters_digits_and_ids_do_not_confirm(name: str, typed: str) -> None:
    assert not is_confirmed(typed, name, ID)


@pytest.mark.parametrize(
    "typed", [ID, f"Cd{ID[2:]}", f"`{ID}`", f" {ID}. ", ID.replace("-", "\u2011"), f"Campaign ID \u2014 {ID}"]
)
def test_id_confirms_any_name(typed: str) -> None:
    assert is_confirmed(typed, "Spring Sale", ID)
    assert is_confirmed(typed, "Sale \N{FIRE}", ID)


@pytest.mark.parametrize(
    "emoji",
    ["\u203c\ufe0f", "1\ufe0f\u20e3", "#\u20e3", "\u2139\ufe0f", "\u2194\ufe0f", "\u2049\ufe0f", "\u2934\ufe0f",
     "\u25fe\ufe0f", "\u203c", "\u2139", "\N{FIRE}", "\U0001f1e9\U0001f1ea", "\u00a9", "\u3030"],
)  # fmt: skip
def test_name_with_emoji_is_confirmed_by_id_alone(emoji: str) -> None:
    assert confirmation_phrase(f"Sale {emoji}", ID) == ID
    assert not is_confirmed(f"Sale {emoji}", f"Sale {emoji}", ID)
    assert not is_approval_phrase(emoji, f"Sale {emoji}", ID)


@pytest.mark.parametrize("typed", [f"not {ID}", f"{ID}? no", f"keep {ID}", f"{ID} and others"])
def test_id_among_other_words_confirms_nothing(typed: str) -> None:
    assert not is_confirmed(typed, "Spring Sale", ID)


@pytest.mark.parametrize("name", ["Sale #1", "2 * 3", "No. 5", "\u2116 5", "\u2192 Sale", "\u2605 Sale", "A\u00b4B"])
def test_other_symbols_are_typed(name: str) -> None:
    assert confirmation_phrase(name, ID) == name
    assert is_confirmed(name, name, ID)


@pytest.mark.parametrize("typed", ["0001", " 0001 ", "\u20260001", "`0001`", "0001.", ID])
def test_end_of_id_is_read_with_marks_around_it(typed: str) -> None:
    assert is_end_of_id(typed, ID)
    assert is_approval_phrase(typed, "Spring Sale", ID)


@pytest.mark.parametrize("typed", ["00ab", "00AB"])
def test_letters_of_the_end_of_an_id_count_without_regard_to_case(typed: str) -> None:
    assert is_end_of_id(typed, f"{ID[:-4]}00ab")


@pytest.mark.parametrize(("typed", "campaign_id"), [(CAPITALS, ID), (ID, CAPITALS)])
def test_id_that_differs_only_in_capitals_is_of_another_campaign(typed: str, campaign_id: str) -> None:
    assert not is_confirmed(typed, "Spring Sale", campaign_id)
    assert not is_end_of_id(typed, campaign_id)
    assert mistake(typed, campaign_id) == (Mistake.CAPITALS, "", "")
    assert mistake(f"ID: {typed}", campaign_id) == (Mistake.CAPITALS, "", "")


@pytest.mark.parametrize("name", ["Spring \N{FIRE}", ""])
def test_name_has_no_last_word_if_that_cannot_be_typed(name: str) -> None:
    assert last_word(name) == ""


@pytest.mark.parametrize("typed", ["", "001", "10001", "0001 0002", "x0001", OTHER_ID, "0002"])
def test_other_text_is_no_end_of_id(typed: str) -> None:
    assert not is_end_of_id(typed, ID)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("spring support", (Mistake.CAPITALS, "", "")),
        ("Spring Suport", (Mistake.WORD, "Suport", "Support")),
        ("Spring  Suport", (Mistake.WORD, "Suport", "Support")),
        ("Spring Suppart", (Mistake.WORD, "Suppart", "Support")),
        ("Spring Sup", (Mistake.WORD, "Sup", "Support")),  # 60 of 100 alike
        ("Spring Supp\u043ert", (Mistake.LOOK_ALIKE, "Supp\u043ert", "Support")),
        ("Spring Support\U00017000", (Mistake.LOOK_ALIKE, "Support\U00017000", "Support")),  # Unicode has no name
        ("Spring", (Mistake.OTHER_TEXT, "", "")),
        ("yes please", (Mistake.OTHER_TEXT, "", "")),
        ("Spring whatever", (Mistake.OTHER_TEXT, "", "")),
        ("", (Mistake.OTHER_TEXT, "", "")),
        (OTHER_ID, (Mistake.OTHER_ID, "", "")),
    ],
)
def test_mistake_is_named(typed: str, expected: tuple[Mistake, str, str]) -> None:
    assert mistake(typed, "Spring Support") == expected


@pytest.mark.parametrize(("typed", "phrase"), [("\N{FIRE}", ""), ("!!!", ""), ("\u200b", "\N{BLACK STAR}")])
def test_nothing_is_not_named_as_a_word(typed: str, phrase: str) -> None:
    """The last word of a name may be one that cannot be typed."""
    assert mistake(typed, phrase) == (Mistake.OTHER_TEXT, "", "")


def test_word_of_another_alphabet_is_named_as_a_look_alike() -> None:
    assert mistake("OTP code", "\u041e\u0422\u0420 code") == (Mistake.LOOK_ALIKE, "OTP", "\u041e\u0422\u0420")


@pytest.mark.parametrize(
    ("one", "other"), [("A - B", "A \u2014 B"), ("'", "\u2019"), ("Wait\u2026", "Wait..."), ("\u2014", "--")]
)
def test_names_with_one_confirmation_ask_for_the_end_of_the_id(one: str, other: str) -> None:
    assert is_confirmed(one, other, ID)
    assert similar_names("cd-mine", one, CachedList((listed(1, other),), as_of=NOON), NOON).ask_for_id
