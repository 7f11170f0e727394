"""Conditions for the rows of a Home: requests of their own, and one request in the place of each list.

A list is open as long as one of its requests is. In an open section its row is the first of its requests that fit, and
in a closed one that with the last change, so that each section is ordered and paged by an index.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from deletion.db.tables import IS_OPEN, requests
from deletion.domain.states import OPEN_STATES, State

Conditions = list[sa.ColumnElement[bool]]
Rows = sa.FromClause  # the requests, or the others of their lists
_other = requests.alias("other")
_is_of_list = _other.c.list_id == requests.c.list_id
_is_before = _is_of_list & (_other.c.list_position < requests.c.list_position)
_is_later = _is_of_list & (
    sa.tuple_(_other.c.changed_at, _other.c.id) > sa.tuple_(requests.c.changed_at, requests.c.id)
)
_LIST_IS_CLOSED = ~sa.exists().where(_is_of_list, _other.c.state.in_(sorted(OPEN_STATES)))


def waiting_for(person_id: str, *, only_escalated: bool) -> Conditions:
    def waits(rows: Rows) -> Conditions:
        return _waits(rows, person_id, only_escalated=only_escalated)

    return [IS_OPEN, *_first(waits)]


def not_waiting_for(person_id: str, *, only_escalated: bool) -> Conditions:
    """Of a list, no request may wait for this person."""
    own, others = (sa.and_(*_waits(rows, person_id, only_escalated=only_escalated)) for rows in (requests, _other))
    return [~own, ~sa.exists().where(_is_of_list, others)]


def own_open(person_id: str) -> Conditions:
    # An expression, so that no index of all that this user ever requested is searched for the few that are open.
    return [IS_OPEN, *_first(lambda rows: [_is_open(rows), sa.func.coalesce(rows.c.requester_id, "") == person_id])]


def others_open(person_id: str) -> Conditions:
    return [IS_OPEN, *_first(lambda rows: [_is_open(rows), rows.c.requester_id != person_id])]


def in_trouble(since: datetime) -> Conditions:
    def is_in_trouble(rows: Rows) -> Conditions:
        return [rows.c.state.in_((State.UNKNOWN, State.FAILED)), rows.c.changed_at > since]

    return [*is_in_trouble(requests), _LIST_IS_CLOSED, ~sa.exists().where(_is_later, *is_in_trouble(_other))]


def ended() -> Conditions:
    return [~IS_OPEN, _LIST_IS_CLOSED, ~sa.exists().where(_is_later)]


def _first(fits: Callable[[Rows], Conditions]) -> Conditions:
    """Return the conditions for requests that fit, of a list for the first of them."""
    return [*fits(requests), ~sa.exists().where(_is_before, *fits(_other))]


def _is_open(rows: Rows) -> sa.ColumnElement[bool]:
    return rows.c.state.in_(sorted(OPEN_STATES))


def _waits(rows: Rows, person_id: str, *, only_escalated: bool) -> Conditions:
    decided = sa.cast(rows.c.decisions, sa.Text).contains(f'"{person_id}"', autoescape=True)
    waits = [rows.c.state == State.AWAITING_APPROVAL, rows.c.requester_id != person_id, ~decided]
    return [*waits, rows.c.escalated_at.is_not(None)] if only_escalated else waits
