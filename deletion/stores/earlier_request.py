"""Find the last closed request to delete the same campaign, and the message that shows it."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.connection import read_on
from deletion.db.tables import IS_DELETE, IS_OPEN, messages, requests
from deletion.domain.models import EarlierRequest, Verdict
from deletion.domain.records import MessageKind
from deletion.stores.in_account import in_account
from deletion.stores.row_mapping import request_of

_SHOWING = (MessageKind.CARD, MessageKind.ORIGIN)


async def earlier_request(
    connection: AsyncConnection, campaign_id: str, kore_account: str | None
) -> EarlierRequest | None:
    """Return the campaign's last closed request to delete it, or None if there is none."""
    closed = sa.and_(requests.c.campaign_id == campaign_id, in_account(kore_account), IS_DELETE, ~IS_OPEN)
    newest = sa.select(requests).where(closed).order_by(requests.c.requested_at.desc(), requests.c.id.desc()).limit(1)
    found = [request_of(row) for row in await read_on(connection, newest)]
    if not found:
        return None
    (last,) = found
    count = await connection.scalar(sa.select(sa.func.count()).select_from(requests).where(closed))
    is_showing = sa.and_(
        messages.c.request_id == last.shown_by, messages.c.kind.in_(_SHOWING), messages.c.ts.is_not(None)
    )
    shown = await read_on(connection, sa.select(messages).where(is_showing).order_by(messages.c.kind))
    place = shown[0] if shown else {"channel_id": "", "ts": ""}  # the card before the original message
    ended = [decision.person_id for decision in last.decisions if decision.verdict is not Verdict.APPROVED]
    return EarlierRequest(
        count=count or 0,
        state=last.state,
        at=last.changed_at,
        attempt=last.attempt.kind if last.attempt else None,
        person_id=ended[-1] if ended else "",
        channel_id=place["channel_id"],
        ts=place["ts"],
    )
