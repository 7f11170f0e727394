"""Texts from outside are clamped before any pattern reads them, and the patterns take linear time."""

import pytest

from kore_api.responses.masking import LONGEST_READ, LONGEST_TEXT, mask

FOUR_MB = 4 * 1024 * 1024
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhcHBJZCI6ImNzIn0.c2lnbmF0dXJl"


def test_token_without_a_dot_is_masked_whole() -> None:
    assert mask("eyJ-" * 500) == "[token]"
    assert mask(f"bad {TOKEN}. Try again") == "bad [token]. Try again"


def test_text_behind_the_clamp_is_not_read() -> None:
    tokens = f"{TOKEN} " * (LONGEST_READ // len(TOKEN))
    assert "later" in mask(f"{TOKEN} " * 20 + "later")
    assert "later" not in mask(f"{tokens}later")


@pytest.mark.parametrize("piece", ["eyJ-", "eyJ.", "+1 ", "://a:", "jwt ", "a b", "<"])
def test_four_megabytes_give_what_their_beginning_gives(piece: str) -> None:
    text = piece * (FOUR_MB // len(piece))
    assert mask(text) == mask(text[: LONGEST_READ + 1])


@pytest.mark.parametrize("secret", [TOKEN, "+49 170 1234567", "https://user:secret@kore.test"])
@pytest.mark.parametrize("kept", range(4, 30))
def test_secret_that_the_clamp_cuts_is_not_shown(secret: str, kept: int) -> None:
    before = "eyJ" + "a" * (LONGEST_READ - kept - 4)
    shown = mask(f"{before} {secret}" + " more" * LONGEST_TEXT)
    assert not any(part in shown for part in ("eyJ", "170", "user:"))


def test_page_of_html_after_much_white_space_becomes_empty() -> None:
    assert not mask(" " * LONGEST_READ * 2 + "<html>no")
