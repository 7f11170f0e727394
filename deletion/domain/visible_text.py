"""What people see of a text from outside. The only place that knows which characters they do not see.

Look-alike letters of other alphabets are not told apart: they are seen, as what they seem to be.
"""

import unicodedata

import regex

# Controls, what turns the direction of a text round, unassigned and private characters, halves of characters, fillers.
_UNSEEN = regex.compile(r"[\p{Other}\p{Default_Ignorable_Code_Point}\u2800]")
_TOWER = regex.compile(r"(\p{M}{4})\p{M}+")  # more marks on one letter than any script stacks
_WITHOUT_LETTER = regex.compile(r"^[\p{M}\s]+")  # at the beginning they would sit on a letter of ours


def visible_text(text: str) -> str:
    """One line, in composed form (NFC), without anything that cannot be seen or would reach beyond its line.

    Letters that run from right to left stay. Nothing is made of nothing: an empty text stays empty.
    """
    on_one_line = regex.sub(r"\s", " ", text)
    shown = _TOWER.sub(
        r"\1", _UNSEEN.sub("", on_one_line)
    )  # before composing, whose time grows with the square of a tower
    composed = unicodedata.normalize("NFC", _WITHOUT_LETTER.sub("", shown))
    return _TOWER.sub(r"\1", composed).strip()
