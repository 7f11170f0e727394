"""The bot's log of one story, as app.py writes it."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from logs import QUIET, Masked, TextLines


class Log:
    """The log file of a simulated bot. Lines are formatted when they are read."""

    def __init__(self) -> None:
        self._records: list[logging.LogRecord] = []
        self._format = Masked(io.StringIO())
        self._format.setFormatter(TextLines("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record what is logged for the duration of the block, from INFO up and without what app.py leaves out."""
        root, handler = logging.getLogger(), _Kept(self._records)
        levels = {"": logging.INFO, **{name: max(quiet, logging.INFO) for name, quiet in QUIET.items()}}
        loggers = {logging.getLogger(name): level for name, level in levels.items()}
        before = {logger: logger.level for logger in loggers}
        root.addHandler(handler)
        for logger, level in loggers.items():
            logger.setLevel(level)
        try:
            yield
        finally:
            for logger, level in before.items():
                logger.setLevel(level)
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
