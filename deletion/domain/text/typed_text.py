"""Read what people type in Slack: undo what Slack and keyboards do to it, and find ids and the first word in it.

Finding is generous; ``confirmation.py`` compares letters and digits exactly. Nothing here
makes a text safe to show: ``slack_ui/parts/text.py`` does.
"""

import re
import unicodedata
from urllib.parse import unquote

import regex

from deletion.domain.text.visible_text import visible_text
from kore_api.campaign_id import CAMPAIGN_ID

# Slack sends users, channels, groups and links as references, a domain as a link to it, and escapes three characters:
# docs.slack.dev/interactivity/implementing-slash-commands#escaping.
_REFERENCE = re.compile(
    r"<(?:(?P<kind>[@#])(?P<id>[A-Z0-9]{2,32})|!(?P<special>[a-z]+(?:\^[^|<>]*)?)|(?P<link>(?:https?|mailto|tel):[^|<>]*))"
    r"(?:\|(?P<label>[^<>]*))?>"
)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_DASH = regex.compile(r"[\p{Dash_Punctuation}\u2212]")  # U+2212 is the minus sign
_UNSEEN_START = regex.compile(r"^[\s\p{Other}\p{Default_Ignorable_Code_Point}]+")
_MARKS = r"[\W_]*"
_MARKS_AHEAD = re.compile(rf"^{_MARKS}")
_FIRST_WORD = re.compile(rf"(?P<before>{_MARKS})(?P<word>[^\W_]+(?:[-'_][^\W_]+)*)(?P<after>.*)")
_ENDS_THE_WORD = re.compile(r"(?:[:;,.!?\u2026\u2013\u2014]|--)+")
_CLOSING = "\"'\u201d\u2019\u00bb*_~`"
_ID = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}])(?<![\p{{L}}\p{{N}}]-){CAMPAIGN_ID}(?!-?[\p{{L}}\p{{N}}])", regex.IGNORECASE
)


def unfold(text: str) -> str:
    """Return a text as it was typed, before Slack replaced names and links by references and escaped ``& < >``."""
    return _unescape(_REFERENCE.sub(_as_typed, text))


def campaign_ids(text: str) -> tuple[str, ...]:
    """Return the different campaign ids in a text, in lower case, whatever is written around them.

    Digits and dashes of other kinds count; look-alike letters do not. A part of a longer word is no id.
    """
    return tuple(dict.fromkeys(each.lower() for each in ids_as_typed(text)))


def ids_as_typed(text: str) -> tuple[str, ...]:
    """Return the same with the capitals that were typed, in which two ids of Kore.ai may differ."""
    seen = _DASH.sub("-", _compatible(unquote(_unescape(text))))  # ids are in links, too
    found = (each.replace("X", "x") for each in _ID.findall(seen))
    return tuple(dict.fromkeys(each[:2].lower() + each[2:] for each in found))


def first_word(text: str) -> tuple[str, str]:
    """Return the first word in lower case, without marks and punctuation, and what follows it as Slack sent it.

    It is the same for ``freeze reason``, ``freeze: reason``, ``*freeze* reason`` and ``"freeze reason"``. A text that
    starts with neither letter nor digit has itself as its first word.
    """
    token, *others = re.split(r"\s+", _UNSEEN_START.sub("", text), maxsplit=1)
    seen, rest = _compatible(_unescape(token)), "".join(others).strip()
    found = _FIRST_WORD.fullmatch(seen)
    if not found:
        return seen, rest
    word, after = found["word"].casefold(), found["after"]
    if re.fullmatch(_MARKS, after):
        is_open = found["before"] and not set(after) & set(_CLOSING)
        return word, rest.rstrip(_CLOSING) if is_open else rest
    end = _ENDS_THE_WORD.match(after)
    return (word, f"{after[end.end() :]} {rest}".strip()) if end else (seen.casefold(), rest)


def without_marks(word: str) -> str:
    """Return a word in lower case, without invisible characters, and without marks and punctuation around it."""
    ahead = _MARKS_AHEAD.sub("", _DASH.sub("-", _compatible(_unescape(word))))
    return _MARKS_AHEAD.sub("", ahead[::-1])[::-1].casefold()  # looked for from the end, in linear time


def _compatible(text: str) -> str:
    """Return the visible text in the plain letters and digits that its characters stand for (NFKC)."""
    return unicodedata.normalize("NFKC", visible_text(text))


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)


def _as_typed(found: re.Match[str]) -> str:
    target = found["id"] or found["special"] or found["link"]
    named = found["label"] or target
    kind = found["kind"] or ("@" if found["special"] else "")
    return named if named.startswith(kind) else f"{kind}{named}"
