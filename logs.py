"""Set up logging: JSON or text lines on standard error, with secrets masked and chatty libraries quieted."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import TextIO

from aiohttp.http_exceptions import HttpProcessingError

from deletion.domain import log_context
from log_repeats import RepeatFilter

DBOS_FIELDS = {"applicationID", "applicationVersion", "executorID"}  # the same in every line
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"} | DBOS_FIELDS
JOURNAL = "campaign_delete.journal"
QUIET = {
    "slack_bolt": logging.ERROR,  # its warnings contain request bodies
    "httpx": logging.WARNING,  # its INFO lines contain URLs with the account id
    "alembic": logging.WARNING,
    "dbos": logging.WARNING,
    "slack_sdk": logging.INFO,  # its DEBUG lines contain messages
    "aiosqlite": logging.INFO,  # its DEBUG lines contain statements with their values
}
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SECRET = re.compile(
    r"""
      \bx(?:ox[a-z]|app)-[^\s'"\\&,;)]+        # a Slack token
    | \beyJ[\w-]+(?:\.[\w-]+)*                 # a JWT
    | \bwss?://[^\s'"\\)]+                     # a Socket Mode URL, which contains a ticket
    | \bhttps://hooks\.slack\.com/[^\s'"\\)]+  # a response_url
    | \b\d{9,}\.\w+\.[0-9a-f]{10,}\b           # a trigger_id
    | (?<=://)[^\s'"/\\:@]*:[^\s'"\\@]{1,512}(?=@)  # user and password in a URL, bounded to take linear time
    """,
    re.VERBOSE,
)


class Masked(logging.StreamHandler[TextIO]):
    """Mask everything in a line that looks like a secret, including text from libraries."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("[secret]", super().format(record))


class JsonLines(logging.Formatter):
    """Format a record as one JSON object: time, level, logger, message, the ``extra`` fields and the traceback."""

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
    """Format a record as text, with the ``extra`` fields as ``name=value`` after the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        named = "".join(f" {name}={_on_one_line(value)}" for name, value in _extra(record).items())
        return super().formatMessage(record) + named


def _on_one_line(value: object) -> str:
    """Return a value, which may be from outside, with its control characters and line ends escaped."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], str(value))


def is_ours(record: logging.LogRecord) -> bool:
    """Return whether a web server record reports our fault and not a malformed request, which it would quote."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def is_no_failed_launch(record: logging.LogRecord) -> bool:
    """Return whether a record of DBOS is not its traceback of an error that ends the start with one line."""
    return record.msg != "DBOS failed to launch:"


def set_up(level: str, form: str) -> None:
    """Log to standard error from ``level`` up, as ``json`` or ``text``."""
    handler = Masked()
    text = TextLines("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else text)
    handler.addFilter(RepeatFilter(STANDARD | {"operationUUID"}))  # a workflow of DBOS, of which each repeats the error
    logging.basicConfig(level=level, handlers=[handler], force=True)
    engine = logging.getLogger("dbos")
    engine.addHandler(handler)  # without a handler, DBOS adds its own
    engine.propagate = False
    engine.addFilter(is_no_failed_launch)
    logging.getLogger("aiohttp.server").addFilter(is_ours)
    # Journal lines are for a SIEM: always in JSON, regardless of the level, and never in text.
    logging.getLogger(JOURNAL).setLevel(logging.INFO if form == "json" else logging.WARNING)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, logging.getLevelName(level)))


def _extra(record: logging.LogRecord) -> dict[str, object]:
    stated = {name: value for name, value in vars(record).items() if name not in STANDARD}
    return {**stated, **log_context.fields(stated)}
