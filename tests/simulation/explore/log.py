"""The bot's log of one schedule: an exception in it that no fault explains is a failure."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import OperationalError, ProgrammingError

from tests.simulation.explore.ledger import Ledger
from tests.simulation.loop import SimulatedLoop

EXPLAINED = (
    OperationalError,
    ProgrammingError,
    SlackApiError,
    aiohttp.ClientError,  # a connection that Slack closed, also at the last retry
    json.JSONDecodeError,
    OSError,
    TimeoutError,
)
COLLECTED = ("asyncio", "sqlalchemy.pool")  # they report what the garbage collector finds, maybe of an earlier schedule


@contextmanager
def watched_log(ledger: Ledger, loop: SimulatedLoop) -> Iterator[None]:
    """Note each unexpected exception that is logged in the block. No log is written, also not afterwards."""
    root, handler = logging.getLogger(), Unexpected(ledger, loop)
    logging.disable(logging.WARNING)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        logging.disable(logging.CRITICAL)  # what a dead process held is closed, and logs


class Unexpected(logging.Handler):
    def __init__(self, ledger: Ledger, loop: SimulatedLoop) -> None:
        super().__init__(logging.ERROR)
        self._ledger = ledger
        self._loop = loop

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error and record.name not in COLLECTED and not any(isinstance(each, EXPLAINED) for each in chain(error)):
            self._ledger.fail(self._loop.now, f"logged {record.getMessage()!r}: {type(error).__name__}: {error}")


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what caused it."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
