"""The ticket of a request, as the team writes them. No I/O."""

import regex

TICKET_MAX = 64  # characters
MATCHED_WITHIN_SECONDS = 0.5  # of the processor; a usual pattern takes microseconds


def is_ticket(text: str, pattern: str) -> bool:
    """Return whether the whole text matches the pattern, in time and not longer than ``TICKET_MAX``."""
    if len(text) > TICKET_MAX:
        return False
    try:
        return regex.fullmatch(pattern, text, timeout=MATCHED_WITHIN_SECONDS) is not None
    except TimeoutError:  # of a pattern with repetitions within repetitions, and a text that does not match it
        return False
