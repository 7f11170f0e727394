"""The table of requests for many campaigns, and the conditions that depend on the whole list of a request."""

import sqlalchemy as sa

from deletion.db.tables import messages, metadata, requests
from deletion.domain.states import OPEN_STATES, State

request_lists = sa.Table(
    "request_lists",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),  # of the first request, whose messages show the whole list
    sa.Column("paused_on", sa.String(32)),
)

# The request whose messages show this one: the first of its list, or itself.
SHOWN_BY = sa.func.coalesce(requests.c.list_id, requests.c.id)

_other = requests.alias("other")
_is_of_list = _other.c.list_id == requests.c.list_id
_is_paused = (request_lists.c.id == requests.c.list_id) & request_lists.c.paused_on.is_not(None)
_is_first = (_other.c.list_position < requests.c.list_position) & (_other.c.state == State.APPROVED)
_is_running = (_other.c.id != requests.c.id) & (_other.c.state == State.DELETING)

# A request that may begin as far as its list is concerned: none is being executed, none before it is approved, and the
# list is not paused.
IS_TURN = requests.c.list_id.is_(None) | (
    ~sa.exists().where(_is_of_list, _is_first | _is_running) & ~sa.exists().where(_is_paused)
)

# The version of the whole list, and its last change: see CampaignList.
LIST_VERSION = sa.select(sa.func.sum(_other.c.version)).where(_is_of_list).scalar_subquery()
LIST_CHANGED_AT = sa.select(sa.func.max(_other.c.changed_at)).where(_is_of_list).scalar_subquery()


def _has_any(*states: State) -> sa.ColumnElement[bool]:
    return sa.exists().where(_other.c.list_id == messages.c.request_id, _other.c.state.in_(sorted(states)))


# Messages that tell the end of a list, which is open, and posted files, some of whose results are unknown.
_tells_end = sa.or_(*(messages.c.key.like(f"{begins}-%") for begins in ("room", "direct", "file")))
_is_posted_file = messages.c.key.like("file-%") & (messages.c.ts != "")
AWAITS_END = (_tells_end & _has_any(*OPEN_STATES)) | (_is_posted_file & _has_any(State.UNKNOWN))
