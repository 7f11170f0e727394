"""Reduce text from outside to what people see.

Look-alike letters of other alphabets stay: they are visible.
"""

import unicodedata

import regex

# Control characters, text direction overrides, unassigned and private characters, surrogates, fillers.
_UNSEEN = regex.compile(r"[\p{Other}\p{Default_Ignorable_Code_Point}\u2800]")
_TOWER = regex.compile(r"(\p{M}{4})\p{M}+")  # more combining marks on one letter than any script stacks
_WITHOUT_LETTER = regex.compile(r"^[\p{M}\s]+")  # leading marks would combine with the bot's own text


def visible_text(text: str) -> str:
    """Return one line in composed form (NFC), without invisible characters and without marks that leave the line.

    Right-to-left letters stay. Empty text stays empty.
    """
    on_one_line = regex.sub(r"\s", " ", text)
    shown = _TOWER.sub(
        r"\1", _UNSEEN.sub("", on_one_line)
    )  # before composing, which takes quadratic time in the number of marks
    composed = unicodedata.normalize("NFC", _WITHOUT_LETTER.sub("", shown))
    return _TOWER.sub(r"\1", composed).strip()
