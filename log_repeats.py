"""Write a warning or an error that repeats once a minute, with the number of the others.

Without a database, DBOS alone writes a hundred lines a second.
"""

import logging
import re

from deletion.domain import log_context
from deletion.domain.log_throttle import LogThrottle

log = logging.getLogger(__name__)
NUMBER = re.compile(r"\d+(?:\.\d+)?")  # how often it was tried, and when it is tried again


class RepeatFilter(logging.Filter):
    """Counts as a repetition: the same logger, text except its numbers, error, and text fields such as request_id."""

    def __init__(self, standard: frozenset[str]) -> None:
        super().__init__()
        self._standard = standard
        self._throttle = LogThrottle()

    def filter(self, record: logging.LogRecord) -> bool:
        is_throttled = hasattr(record, "suppressed")  # where it is logged
        if record.levelno < logging.WARNING or is_throttled:
            return True
        suppressed = self._throttle.admit(self._key(record))
        if forgotten := self._throttle.forgotten:
            self._throttle.forgotten = 0
            log.warning("Other repeated lines were suppressed", extra={"suppressed": forgotten})
        if suppressed:
            record.suppressed = suppressed
        return suppressed is not None

    def _key(self, record: logging.LogRecord) -> str:
        stated = {name: value for name, value in vars(record).items() if self._is_field(name, value)}
        fields = {**stated, **log_context.fields(stated)}
        error = record.exc_info[0] if record.exc_info else None
        text = NUMBER.sub("#", record.getMessage().partition("\n")[0])
        return repr((record.name, record.levelno, text, error, fields))

    def _is_field(self, name: str, value: object) -> bool:
        return isinstance(value, str) and name not in self._standard
