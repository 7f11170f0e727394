"""Texts from outside are clamped before any pattern reads them, and the patterns take linear time."""

import pytest

from kore_api.responses.masking import LONGEST_READ, LONGEST_TEXT, mask

FOUR_MB = 4 * 1024 * 1024
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhcHBJZCI6ImNzIn0.c2lnbmF0dXJl"


def test_token_without_a_dot_is_masked_whole() -> None:
    assert mask("eyJ-" * 500) == "[token]"
    assert mask(f"bad {TOKEN}. Try again") == "bad [token]. Try again"


@pytest.mark.parametrize(
    "number",
    [
        "+49 170 1234567",
        "491701234567",
        "00491701234567",
        "5551234567",
        "(555) 123-4567",
        "555-123-4567",
        "555.123.4567",
    ],
)
def test_number_is_masked_in_any_form(number: str) -> None:
    assert mask(f"Recipient {number} has no consent") == "Recipient [number] has no consent"
    assert mask(f"Recipient:{number}.") == "Recipient:[number]."


@pytest.mark.parametrize(
    "text",
    [
        "Campaign cd-3aefda80-f98e-5f4f-ad41-928031120001 is running",
        "Account 67777ce93e25326494e90001 is unknown",
        "Not before 2026-11-30 02:16:45.123456",
        "Not before 2026-11-30T02:16:45.123456789Z",
        "Error 400123456 of 1,000,000,000 calls",
        "From 10.20.30.40 to 192.168.100.200",
    ],
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask(text) == text


def test_text_behind_the_clamp_is_not_read() -> None:
    tokens = f"{TOKEN} " * (LONGEST_READ // len(TOKEN))
    assert "later" in mask(f"{TOKEN} " * 20 + "later")
    assert "later" not in mask(f"{tokens}later")


@pytest.mark.parametrize("piece", ["eyJ-", "eyJ.", "+1 ", "://a:", "jwt ", "a b", "<", "1", "1-", "555-123-"])
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
