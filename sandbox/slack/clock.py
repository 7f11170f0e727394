"""Message timestamps and random ids, in Slack's form."""

import secrets
import time


class Clock:
    """Issue message timestamps, which are unique and increasing, and random ids."""

    def __init__(self) -> None:
        self._last_us = 0

    def ts(self) -> str:
        """Return seconds and six digits as a string: ``1700000000.000100``."""
        self._last_us = max(self._last_us + 1, time.time_ns() // 1_000)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"


def new_id(prefix: str = "") -> str:
    return prefix + secrets.token_hex(5).upper()
