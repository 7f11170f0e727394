"""Which unknown outcomes are watched, as a condition of queries."""

from datetime import datetime

import sqlalchemy as sa

from deletion.db.tables import requests
from deletion.domain.states import WATCHED, State

LONGEST = 2 * WATCHED  # since the last change: enough, because the exact end counts from the attempt (domain.outcome)


def may_be_watched(at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of requests whose outcome is unknown, and may be looked at again at this time."""
    return (requests.c.state == State.UNKNOWN) & (requests.c.changed_at > at - LONGEST)
