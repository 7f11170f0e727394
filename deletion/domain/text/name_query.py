"""Compare campaign names with what people type to find them."""

import re
import unicodedata
from dataclasses import dataclass

import regex
from rapidfuzz.utils import default_process

from deletion.domain.text.typed_text import unfold
from deletion.domain.text.visible_text import visible_text

# Unicode's emoji, and the sign that makes one of a digit; digits, # and * are none by themselves.
EMOJI = regex.compile(r"[\p{Emoji}\p{Extended_Pictographic}\u20e3--[0-9#*]]", regex.V1)
_SHORTCODE = re.compile(r":[a-z0-9][a-z0-9_'+-]*:")  # Slack's client sends an emoji as its name


def search_key(text: str) -> str:
    """Return a name for comparison: visible letters and digits in lower case, without accents."""
    if not (text.isascii() and text.isprintable()):
        apart = unicodedata.normalize("NFKD", visible_text(text))
        text = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(default_process(text).split())


@dataclass(frozen=True)
class NameQuery:
    """A typed search for a name: ``key`` to compare with keys of names, else ``literal`` to find in the names.

    An emoji arrives as its name in Slack, which no campaign's name has. Beside words it is left out; alone it finds all
    names with an emoji.
    """

    key: str
    literal: str
    is_emoji: bool = False

    @classmethod
    def of(cls, text: str) -> "NameQuery":
        typed = " ".join(visible_text(unfold(text)).split())
        literal, words = typed.casefold(), _SHORTCODE.sub(" ", typed)
        return cls(search_key(words), literal, is_emoji=bool(literal) and not words.strip())

    def finds(self, name: str, key: str) -> bool:
        """Return whether a name with this key has all the words, or the literal if there are none."""
        if self.key:
            return all(word in key for word in self.key.split())
        return bool(EMOJI.search(name)) if self.is_emoji else self.literal in name.casefold()
