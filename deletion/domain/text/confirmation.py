"""Decide what a user types to confirm, and whether it was typed. Letters and digits count exactly, case included.

Folded are only characters that keyboards replace by themselves: typographic quotes, dashes, the ellipsis and spaces. If
two campaigns' names are confirmed by the same text, their names are similar, and the end of the id is asked for.
"""

import re
import unicodedata
from enum import StrEnum

import regex
from rapidfuzz import fuzz

from deletion.domain.policy import ID_END
from deletion.domain.text.look_alikes import as_read
from deletion.domain.text.name_query import EMOJI, search_key
from deletion.domain.text.typed_text import campaign_ids, ids_as_typed, unfold, without_marks
from deletion.domain.text.visible_text import visible_text

PHRASE_MAX = 100
LABELS = frozenset({"", "id", "campaign"})
ALIKE_FROM = 60  # of 100; a word that is less like the expected one was no typing error
_FOLDED = (
    (regex.compile("[\u2018-\u201b\u2039\u203a\u2032\u00b4`]"), "'"),
    (regex.compile("[\u201c-\u201f\u00ab\u00bb\u2033]"), '"'),
    (regex.compile(r"[\p{Dash_Punctuation}\u2212]+"), "-"),  # a phone makes a long dash of two
    (regex.compile("…"), "..."),
    (regex.compile(" +"), " "),
)


def confirmation_phrase(name: str, campaign_id: str) -> str:
    """Return what a user types to confirm: the visible name, or the id if the name cannot be typed.

    Invisible characters are removed and spaces folded, because users can neither see nor type them. A name cannot be
    typed if Slack's client replaces a part of it, as it does with emoji and references, if it is shown cut, or if it
    contains a campaign id, which confirms only its own campaign.
    """
    seen = _as_seen(name)
    is_replaced = EMOJI.search(name) or unfold(seen) != seen
    is_typable = seen and len(seen) <= PHRASE_MAX and not is_replaced and not campaign_ids(seen)
    return seen if is_typable else campaign_id


def is_confirmed(typed: str, name: str, campaign_id: str) -> bool:
    """Return whether the campaign's phrase was typed, or its whole id."""
    phrase = confirmation_phrase(name, campaign_id)
    return is_id(typed, campaign_id) or confirmation_key(typed) == confirmation_key(phrase)


def is_id(typed: str, campaign_id: str) -> bool:
    """Return whether the whole id was typed, with marks, a label or a link around it, and no other word or id.

    Capitals count, because two ids may differ in them alone.
    """
    others = {without_marks(word) for word in visible_text(typed).split(" ") if not campaign_ids(word)}
    return ids_as_typed(typed) == (campaign_id,) and others <= LABELS


def confirmation_key(text: str) -> str:
    """Return a text for comparison: two texts with the same key differ only in characters that keyboards replace."""
    key = visible_text(unfold(text))
    for characters, plain in _FOLDED:
        key = characters.sub(plain, key)
    return key


def is_end_of_id(typed: str, campaign_id: str) -> bool:
    """Return whether the last four characters of the id were typed, ignoring case, or all of it."""
    return without_marks(typed) == campaign_id[-ID_END:].lower() or is_id(typed, campaign_id)


def last_word(name: str) -> str:
    """Return the last visible word of a name, or an empty text if it cannot be typed."""
    word = visible_text(name).split(" ")[-1]
    return confirmation_phrase(word, "")


def is_approval_phrase(typed: str, name: str, campaign_id: str) -> bool:
    """Return whether an approver typed the last word of the name or the last four characters of the id."""
    word = last_word(name)
    return is_end_of_id(typed, campaign_id) or bool(word and confirmation_key(typed) == confirmation_key(word))


class Mistake(StrEnum):
    """How a typed text differs from the phrase."""

    OTHER_ID = "the id of another campaign"
    CAPITALS = "only capitals differ"
    LOOK_ALIKE = "a letter of another alphabet"
    WORD = "one word differs"
    OTHER_TEXT = "another text"


def mistake(typed: str, phrase: str) -> tuple[Mistake, str, str]:
    """Return how a text differs from the phrase, and the only different word of each if they are alike."""
    seen = _as_seen(unfold(typed))
    if typed_ids := ids_as_typed(typed):
        is_as_typed = campaign_ids(typed) != campaign_ids(phrase) or typed_ids == ids_as_typed(phrase)
        return (Mistake.OTHER_ID if is_as_typed else Mistake.CAPITALS), "", ""
    if seen and confirmation_key(typed).casefold() == confirmation_key(phrase).casefold():
        return Mistake.CAPITALS, "", ""
    words, expected = seen.split(), phrase.split()
    pairs = zip(words, expected, strict=True) if len(words) == len(expected) else []
    differing = [pair for pair in pairs if confirmation_key(pair[0]) != confirmation_key(pair[1])]
    if len(differing) != 1:
        return Mistake.OTHER_TEXT, "", ""
    word, other = differing[0]
    if fuzz.ratio(word, other) < ALIKE_FROM and as_read(search_key(word)) != as_read(search_key(other)):
        return Mistake.OTHER_TEXT, "", ""
    return (Mistake.WORD if _alphabets(word) <= _alphabets(other) else Mistake.LOOK_ALIKE), word, other


def _alphabets(word: str) -> set[str]:
    """Return the first words of the letters' names in Unicode, such as LATIN and CYRILLIC."""
    return {unicodedata.name(char, "").split(" ")[0] for char in word if char.isalpha()}


def _as_seen(text: str) -> str:
    return re.sub(" +", " ", visible_text(text))
