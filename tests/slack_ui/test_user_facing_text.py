"""Every sentence that users read is in ``slack_ui/strings``, so that a translation changes only these files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [path for room in ("slack_ui", "handlers") for path in sorted((ROOT / room).rglob("*.py"))]
STRINGS = [path for path in CODE if path.parent.name == "strings" and path.stem not in ("__init__", "by_purpose")]
# The texts of ingress, connection and checks go to Slack's servers, the log and the operator, not to users.
SPEAKING = [
    path for path in CODE if path not in STRINGS and path.parent.name not in ("ingress", "connection", "checks")
]
NOT_SAID = (ast.Raise, ast.Assert)  # read by developers only
LOGGED = frozenset({"debug", "info", "warning", "error", "exception", "Counter"})
EMOJI = re.compile(r":[a-z_]+:")
# Each has one other word for the same thing: another organization, confirmed, requests, no one.
AVOIDED = re.compile(r"another company|verified e-?mail|all deletes|nobody|everybody|somebody", re.IGNORECASE)
SENTENCE = re.compile(r"[A-Za-z]{2,} +[A-Za-z]|^[A-Z][a-z]+|^ *[a-z]{2,} $|^ [a-z]{2,}")


def said(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield a module's strings without docstrings, log lines and errors, which only developers read."""
    for node in ast.iter_child_nodes(tree):
        called = getattr(node, "func", None)
        if isinstance(node, NOT_SAID) or getattr(called, "attr", getattr(called, "id", "")) in LOGGED:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        yield from said(node)


def words_in(source: str) -> list[str]:
    found = [str(node.value) for node in said(ast.parse(source))]
    return [text for text in found if SENTENCE.search(EMOJI.sub("", text))]


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_user_facing_text_outside_strings(path: Path) -> None:
    assert words_in(path.read_text()) == []


@pytest.mark.parametrize(
    "source", ['note("Nothing waits")', 'x = "Status"', 'f"and {count} more"', '{"a": f":x: *{title}* was deleted"}']
)
def test_user_facing_text_is_detected(source: str) -> None:
    assert words_in(source)


def test_each_strings_module_has_docstring() -> None:
    assert len(STRINGS) >= 5
    assert [path.name for path in STRINGS if not ast.get_docstring(ast.parse(path.read_text()))] == []


@pytest.mark.parametrize("path", STRINGS, ids=lambda path: path.stem)
def test_strings_have_one_word_for_one_thing(path: Path) -> None:
    assert [str(node.value) for node in said(ast.parse(path.read_text())) if AVOIDED.search(str(node.value))] == []


def test_explanations_that_the_card_shows_speak_as_the_bot() -> None:
    """They are stored with the attempt, so their sentences are where it is made."""
    places = [path for folder in ("lifecycle", "domain", "kore") for path in (ROOT / "deletion" / folder).rglob("*.py")]
    assigned = [
        node for path in places for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Assign)
    ]
    texts = [node.value.value for node in assigned if isinstance(node.value, ast.Constant)]
    assert [text for text in texts if isinstance(text, str) and text.startswith("The bot ")] == []
