"""Compare letters as people read them: those of two alphabets, and some of one, look the same."""

from collections.abc import Mapping

_CYRILLIC = str.maketrans(
    "\u0430\u0432\u0441\u0435\u04bb\u043d\u0456\u0458\u043a\u04cf\u043c\u043e\u0440\u051b\u0455\u0442\u0443\u04af\u051d\u0445",
    "abcehhljklmopqstyywx",
)
# By the capital letters, which look the same more often.
_GREEK = str.maketrans(
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9", "abezhlkmnoptyxw"
)
_LATIN = str.maketrans("i\u0131\u0251\u0261", "llag")  # a capital i looks like l
READ_AS: Mapping[int, int | None] = _CYRILLIC | _GREEK | _LATIN


def as_read(key: str, table: Mapping[int, int | None] = READ_AS) -> str:
    """Return the ``search_key`` of a name with one letter for all that look like it; ``table`` may leave some out."""
    return key.translate(table).replace("rn", "m").replace("vv", "w")
