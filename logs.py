"""How a line of the log looks. The only place that sets up logging."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import TextIO

from aiohttp.http_exceptions import HttpProcessingError

BY_THE_ENGINE = {"applicationID", "applicationVersion", "executorID"}  # the same in every line
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"} | BY_THE_ENGINE
JOURNAL = "campaign_delete.journal"
QUIET = {
    "slack_bolt": logging.ERROR,  # its warnings quote whole request bodies
    "httpx": logging.WARNING,  # it logs whole addresses, account id included
    "alembic": logging.WARNING,
    "slack_sdk": logging.INFO,  # at DEBUG it logs whole messages
    "aiosqlite": logging.INFO,  # the same for statements and their values
}


SECRET = re.compile(
    r"""
      \bx(?:ox[a-z]|app)-[^\s'"\\&,;)]+        # a token of Slack
    | \beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?         # a JWT
    | \bwss?://[^\s'"\\)]+                     # Socket Mode: its address has a ticket in it
    | \bhttps://hooks\.slack\.com/[^\s'"\\)]+  # a response_url
    | \b\d{9,}\.\w+\.[0-9a-f]{10,}\b           # a trigger_id
    | (?<=://)[^\s'"/\\:@]*:[^\s'"\\@]+(?=@)   # user and password in an address
    """,
    re.VERBOSE,
)


class Masked(logging.StreamHandler[TextIO]):
    """The last line of defence: what looks like a secret is masked, whatever library put it into its error."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("[secret]", super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, whatever ``extra`` named, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class TextLines(logging.Formatter):
    """The same for people, ``extra`` as ``name=value`` at the end of the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        named = "".join(f" {name}={value}" for name, value in _extra(record).items())
        return super().formatMessage(record) + named


def is_ours(record: logging.LogRecord) -> bool:
    """Whether the web server reports a mistake of ours. A malformed request is none, and its error quotes it."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def set_up(level: str, form: str) -> None:
    """Log to standard error from ``level`` up, as ``json`` or ``text``; libraries that say too much say less."""
    handler = Masked()
    text = TextLines("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    engine = logging.getLogger("dbos")
    engine.addHandler(handler)  # it brings a handler of its own where there is none
    engine.propagate = False
    logging.getLogger("aiohttp.server").addFilter(is_ours)
    # The journal is for a SIEM, whatever the level; in a log for people it would only be noise.
    logging.getLogger(JOURNAL).setLevel(logging.INFO if form == "json" else logging.WARNING)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, logging.getLevelName(level)))


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in STANDARD}
