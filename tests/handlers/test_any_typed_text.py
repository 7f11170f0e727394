"""An id is found in any decoration, and no typed text confirms two different names.

``make fuzz`` tries 10,000 examples of each.
"""

import os
import string
from collections.abc import Callable

import regex
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.similar_names import similar_names
from deletion.domain.text.confirmation import confirmation_key, confirmation_phrase, is_confirmed
from deletion.domain.text.typed_text import campaign_ids, first_word, unfold
from deletion.domain.text.visible_text import visible_text
from deletion.stores.request_queries import RequestFilter
from handlers.listeners import query_parser
from handlers.listeners.did_you_mean import suggest
from slack_ui import strings
from slack_ui.messages import lookup_answer, suggestion
from slack_ui.parts import typing_error
from slack_ui.parts.text import clean, code
from slack_ui.views import picker_modal
from tests.deletion.values import NOON, listed
from tests.hostile import HOSTILE, check_markup, check_seen

IS_FUZZ = bool(os.environ.get("FUZZ_EXAMPLES"))
TYPED = settings(max_examples=10_000 if IS_FUZZ else 60, derandomize=not IS_FUZZ, deadline=None)

campaign_id = st.uuids().map(lambda made: f"cd-{made}") | st.uuids().map(lambda made: f"cd-{str(made)[1:]}")
UNSEEN = ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\ufe0f"]
MARKS = [
    "*",
    "_",
    "~",
    "`",
    '"',
    "'",
    "(",
    ")",
    "<",
    ">",
    "&lt;",
    "&gt;",
    "[",
    "]",
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    "\u2026",
]
CURLY = ["\u201c", "\u201d", "\u2018", "\u2019", "\u00ab", "\u00bb"]
around = st.lists(st.sampled_from([*UNSEEN, *MARKS, *CURLY, " ", "\u00a0", "\u2009", "\n"]), max_size=6).map("".join)
words = st.sampled_from(
    ["", "id: ", "delete ", "campaign ", "please ", "https://platform.kore.ai/c/", "?id=", "a=1&amp;id="]
)
ends = st.sampled_from(["", " please", "/edit", "?tab=1", "#top", "|platform.kore.ai", " &amp; thanks"])
dashes = st.sampled_from("-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d")
SMART = {
    "'": "\u2019\u2018'",
    '"': '\u201c\u201d"',
    "-": "\u2013\u2014-",
    " ": " \u00a0\u2009",
    "\u2026": "\u2026",
    ".": ".",
}
letters = st.sampled_from(
    string.ascii_letters + string.digits + "\u00e9\u00df\u0430\u0435\u044f\u05d0\u4e2d\u00b2\uff12\u2460"
)
names = st.text(
    st.one_of(letters, st.sampled_from("'\"-\u2013\u2014\u2019\u201c\u201d\u2026. !&<>#*:/()")), min_size=1, max_size=12
)
anything = st.text(max_size=40) | st.sampled_from([text[:200] for text in HOSTILE])
LETTERS = regex.compile(r"[^\p{L}\p{N}\p{M}]")


@st.composite
def marked(draw: st.DrawFn, *writes: Callable[[str], str]) -> tuple[str, str]:
    """Draw an id, and the same with marks around it as people type them, written in one of these ways."""
    found, dash = draw(campaign_id), draw(dashes)
    shown = draw(st.sampled_from(writes))(found.replace("-", dash))
    return found, f"{draw(around)}{shown}{draw(around)}"


@st.composite
def decorated(draw: st.DrawFn) -> tuple[str, str]:
    """Draw an id and a text that contains it as people type it."""
    (found, shown), begins = draw(marked(str.lower, str.upper, str.capitalize)), draw(words)
    return found, f"{begins if begins.endswith(tuple(' /=')) else ''}{shown}{draw(ends)}"


@TYPED
@given(decorated())
def test_decorated_id_is_found(example: tuple[str, str]) -> None:
    found, text = example
    assert campaign_ids(text) == (found,)
    status = query_parser.one(text)
    assert isinstance(status, RequestFilter)
    assert str(status.campaign_id).lower() == found


@TYPED
@given(marked(str.lower, str.capitalize))  # two ids may differ in capitals alone
def test_marked_id_confirms(example: tuple[str, str]) -> None:
    found, text = example
    assert is_confirmed(text, "Spring Sale", found)


@TYPED
@given(campaign_id, around, around, dashes)
def test_history_finds_a_decorated_id(found: str, before: str, after: str, dash: str) -> None:
    assert query_parser.many(f"{before}{found.replace('-', dash)}{after}", "U0ALICE").campaign_id == found


@TYPED
@given(campaign_id, campaign_id, around)
def test_one_of_two_ids_is_never_chosen(one: str, other: str, between: str) -> None:
    assume(one != other)
    assert set(campaign_ids(f"{one} {between} {other}")) == {one, other}


@TYPED
@given(names, names, anything)
@example("Sale 2", "Sale \u00b2", "Sale 2")
@example("R&amp;D", "R&D", "R&amp;D")
def test_no_text_confirms_two_different_names(one: str, other: str, typed: str) -> None:
    """Two names that share a confirmation have the same letters and digits, and then the end of the id is asked for."""
    mine, theirs = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001", "cd-3aefda80-f98e-5f4f-ad41-92803abb0002"
    for text in (typed, one, other, unfold(one), confirmation_key(one)):
        if is_confirmed(text, one, mine) and is_confirmed(text, other, theirs):
            assert LETTERS.sub("", visible_text(one)) == LETTERS.sub("", visible_text(other))
            assert similar_names(mine, one, CachedList((listed(2, other),), as_of=NOON), NOON).ask_for_id


@TYPED
@given(names, st.data())
def test_name_as_a_phone_sends_it_confirms(name: str, data: st.DataObject) -> None:
    mine = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
    phrase = confirmation_phrase(name, mine)
    assume(phrase != mine)
    typed = "".join(data.draw(st.sampled_from(SMART.get(char, char))) for char in phrase)
    assert is_confirmed(typed.replace("\u2026", "..."), name, mine)
    assert is_confirmed(typed, name, mine)


@TYPED
@given(names, st.integers(0, 11), letters)
def test_name_with_another_letter_does_not_confirm(name: str, place: int, letter: str) -> None:
    mine = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
    assume(place < len(name) and name[place].isalnum() and name[place] != letter)
    typed = name[:place] + letter + name[place + 1 :]
    assume(visible_text(typed) != visible_text(name))
    assert not is_confirmed(typed, name, mine)


@TYPED
@given(anything, st.sampled_from(["", "histry ", "delete ", "<http://a.b|", "&lt;", ":tada: "]))
def test_folded_text_is_still_escaped_when_shown(text: str, before: str) -> None:
    typed = f"{before}{text}"
    first_word(typed)
    query = clean(unfold(typed), picker_modal.QUERY_LIMIT)
    picker = picker_modal.build(CachedList((), NOON), picker_modal.Picking(query=query), []).to_dict()
    said, blocks = suggestion.build(["history"], visible_text(unfold(text)), visible_text(unfold(typed)))
    refused, _ = lookup_answer.text_only(strings.lookup_and_home.NOT_A_FILTER.format(word=code(unfold(typed))))
    surfaces = [picker, {"text": said, "blocks": [block.to_dict() for block in blocks]}, {"text": refused}]
    for surface in surfaces:
        check_markup(surface)
        check_seen(surface)
    check_seen({"error": typing_error.text(typed, "Spring Sale", "the name")})
    suggest(typed)
