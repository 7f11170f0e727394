"""The bot's log of one story, as app.py writes it."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from logs import Masked, TextLines


class Log:
    """The log file of a simulated bot. Lines are formatted when they are read."""

    def __init__(self) -> None:
        self._records: list[logging.LogRecord] = []
        self._format = Masked(io.StringIO())
        self._format.setFormatter(TextLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record what is logged for the duration of the block, from INFO up."""
        root, handler = logging.getLogger(), _Kept(self._records)
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        try:
            yield
        finally:
            root.setLevel(level)
            root.removeHandler(handler)

    def read_text(self) -> str:
        return "".join(f"{self._format.format(record)}\n" for record in self._records)


class _Kept(logging.Handler):
    """Keep records and write nothing."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__()
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)
