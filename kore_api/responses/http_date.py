"""The date in a header of an HTTP response, compared with this computer's clock."""

import time
from datetime import UTC
from email.utils import parsedate_to_datetime


def seconds_until(date: str) -> float | None:
    """Return how many seconds from now a date (RFC 9110) is, negative if it has passed; None if it is none."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):  # the second of a year that no calendar has
        return None
    if moment.tzinfo is None:  # RFC 5322: "-0000" is UTC without a known zone
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() - time.time()
