"""Which listener takes a text after the command: a subcommand, a question, a suggestion or a search."""

import pytest

from handlers.listeners.did_you_mean import Suggestion, suggest
from handlers.listeners.freeze_command import may_mean_freeze
from handlers.listeners.subcommand import SUBCOMMANDS, matches
from slack_ui.messages import suggestion
from slack_ui.parts import ids
from tests.hostile import check_markup

ID = "cd-3aefda80-f98e-5f4f-ad41-92803abb0001"
SEARCHED = [
    "", "spring", "spring sale", ID, f"delete {ID}", f"id: {ID}", "free money", "stopover deals", "helpful hints",
    "shop now", "fresh offers", "statin reminder", "victory sale", "help-desk survey", "freedom", "frenzy sale",
    "hello world", "resume upload", "pending invoices", "\N{FIRE}", "***",
]  # fmt: skip


@pytest.mark.parametrize("text", SEARCHED)
def test_text_that_cannot_be_a_subcommand_is_searched(text: str) -> None:
    assert suggest(text) is None
    assert not may_mean_freeze(text)


@pytest.mark.parametrize(
    "text",
    ["freze", "freez", "frezee", "freeeze wrong list", "Freezing", "frozen!", "stop", "STOP everything", "*stop*",
     "halt", "emergency", "emergency: wrong list", "abort", "panic", "pause", "\u200bstop", "freeze-dried",
     f"halt {ID}"],
)  # fmt: skip
def test_word_near_freeze_is_a_question(text: str) -> None:
    assert may_mean_freeze(text)


def test_stop_of_one_campaign_is_no_freeze() -> None:
    assert not may_mean_freeze(f"Stop {ID}")
    assert suggest(f"stop {ID}") is None


@pytest.mark.parametrize("word", SUBCOMMANDS)
async def test_subcommand_is_no_question_however_it_is_decorated(word: str) -> None:
    for text in (
        word,
        word.upper(),
        f"*{word}*",
        f"{word}: x",
        f"`{word}`",
        f"\u200b{word}\u200b",
        f'"{word} x"',
        f"{word}.",
    ):
        assert await matches(word)({"text": text})
        assert suggest(text) is None
        assert not may_mean_freeze(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("histry", Suggestion(("history",))),
        ("histroy me", Suggestion(("history",))),
        ("hist", Suggestion(("history",))),
        ("staus", Suggestion(("status",))),
        (f"stauts {ID}", Suggestion(("status",))),
        ("unfreze", Suggestion(("unfreeze",))),
        ("hlep", Suggestion(("help",))),
        ("list", Suggestion(("status", "history"))),
        ("resume", Suggestion(("unfreeze",))),
        ("delete spring", Suggestion(searched="spring")),
        ("delete: <#C0SPRING|spring>", Suggestion(searched="#spring")),
        ("remove", Suggestion()),
    ],
)
def test_mistyped_subcommand_is_suggested(text: str, expected: Suggestion) -> None:
    assert suggest(text) == expected


def test_suggestion_names_commands_and_offers_the_search() -> None:
    text, blocks = suggestion.build(("status", "history"), "", "list")
    assert "`list`" in text
    assert "`/campaign-delete status` or `/campaign-delete history`" in text
    (button,) = blocks[1].to_dict()["elements"]
    assert (button["action_id"], button["value"]) == (ids.SEARCH_BUTTON, "list")


def test_suggestion_after_a_verb_offers_both_searches() -> None:
    text, blocks = suggestion.build((), "spring <!here>", "delete spring <!here>")
    assert "`/campaign-delete spring &lt;!here&gt;`" in text
    values = [button["value"] for button in blocks[1].to_dict()["elements"]]
    assert values == ["spring <!here>", "delete spring <!here>"]
    check_markup({"text": text, "blocks": [block.to_dict() for block in blocks]})
