"""Find the unanswered delete of a campaign that may still land. Until it cannot, no second request is accepted."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.connection import read_on
from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.outcome import may_land_until
from deletion.domain.states import State
from deletion.stores.in_account import in_account
from deletion.stores.row_mapping import request_of


async def unsettled_delete(connection: AsyncConnection, campaign_id: str, kore_account: str | None) -> Request | None:
    """Return the request whose unanswered delete of this campaign may land last, or None if none can."""
    is_unknown = sa.and_(
        requests.c.campaign_id == campaign_id, in_account(kore_account), requests.c.state == State.UNKNOWN
    )
    unknown = [request_of(row) for row in await read_on(connection, sa.select(requests).where(is_unknown))]
    at = now()
    landing = [(until, request) for request in unknown if (until := may_land_until(request, at))]
    return max(landing, key=lambda each: each[0])[1] if landing else None
