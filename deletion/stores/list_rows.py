"""The rows of lists: which request paused one. Each changes in the transaction that changes a request of it."""

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.connection import read_on
from deletion.db.list_tables import request_lists
from deletion.db.tables import requests
from deletion.domain.campaign_list import CampaignList, pauses
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.stores.row_mapping import request_of, without


async def create(connection: AsyncConnection, first: Request) -> None:
    await connection.execute(request_lists.insert().values(id=first.id))


async def read_list(connection: AsyncConnection, list_id: str) -> CampaignList | None:
    return (await read_lists(connection, [list_id])).get(list_id)


async def read_lists(connection: AsyncConnection, list_ids: Collection[str]) -> dict[str, CampaignList]:
    """Return lists by id in one statement: a pause and the versions of the requests are of the same moment."""
    query = sa.select(requests, request_lists.c.paused_on).join_from(
        requests, request_lists, requests.c.list_id == request_lists.c.id
    )
    in_order = query.where(request_lists.c.id.in_(list_ids)).order_by(requests.c.list_id, requests.c.list_position)
    found: dict[str, CampaignList] = {}
    for list_id, rows in groupby(await read_on(connection, in_order), key=itemgetter("list_id")):
        of_list = list(rows)
        listed = tuple(request_of(without(row, "paused_on")) for row in of_list)
        found[list_id] = CampaignList(list_id, listed, of_list[0]["paused_on"])
    return found


async def request_changed(connection: AsyncConnection, before: Request, after: Request) -> bool:
    """Pause the list of a request that ended in trouble; its row is written already.

    Return False if the request may not begin: the list is paused, or another request of it is being executed. The
    update locks the row of the list, so two requests of it never begin at once.
    """
    if after.list_id is None:
        return True
    if pauses(before.state, after):
        return await _update(connection, after.list_id, sa.true(), after.id)
    if after.state is not State.DELETING or before.state is not State.APPROVED:
        return True
    if not await _update(connection, after.list_id, request_lists.c.paused_on.is_(None), None):
        return False
    is_other = (requests.c.list_id == after.list_id) & (requests.c.id != after.id)
    running = sa.select(requests.c.id).where(is_other, requests.c.state == State.DELETING)
    return (await connection.execute(running.limit(1))).first() is None


async def resume(connection: AsyncConnection, list_id: str, paused_on: str) -> bool:
    """End the pause by this request. Return False if the list is not paused by it."""
    return await _update(connection, list_id, request_lists.c.paused_on == paused_on, None)


async def _update(
    connection: AsyncConnection, list_id: str, condition: sa.ColumnElement[bool], paused_on: str | None
) -> bool:
    update = request_lists.update().where(request_lists.c.id == list_id, condition).values(paused_on=paused_on)
    return (await connection.execute(update)).rowcount == 1
