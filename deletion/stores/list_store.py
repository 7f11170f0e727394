"""Write the requests of a list together: each method is one transaction, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from deletion.db.tables import requests
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.models import Request
from deletion.domain.records import Entry, Message
from deletion.journal import journal_store
from deletion.journal.hash_chain import Recorded
from deletion.stores import list_rows
from deletion.stores.request_store import AlreadyRequestedError, RequestStore, repeated_once
from deletion.stores.row_mapping import row_of
from deletion.stores.unsettled_delete import unsettled_delete


@dataclass(frozen=True)
class Written:
    """One request as it is written, with its journal entry and messages. ``before`` is None for a new one."""

    after: Request
    entry: Entry
    owed: Sequence[Message]
    before: Request | None = None
    expected_limits: DeleteLimits | None = None


class ListStore(RequestStore):
    """``expected_limits`` and ``commit_by``: see ``RequestStore.swap``."""

    @repeated_once
    async def add_all(self, new: Sequence[Written], commit_by: datetime) -> bool:
        """Keep the requests of a new list. Return False, with nothing written, if the limits have changed.

        Raises AlreadyRequestedError for the first campaign that has an open request or an unsettled delete.
        """
        try:
            async with self._engine.begin() as connection:
                await list_rows.create(connection, new[0].after)
                rows = [row_of(each.after) for each in sorted(new, key=_campaign_id)]  # see swap_all
                await connection.execute(requests.insert(), rows)
                for each in new:
                    campaign_id, account = each.after.campaign.campaign_id, each.after.kore_account
                    if unsettled := await unsettled_delete(connection, campaign_id, account):
                        raise AlreadyRequestedError(unsettled)
                recorded = await self._record_all(connection, new, commit_by)
        except IntegrityError:
            for wanted in (each.after for each in new):
                same = await self.request(wanted.id)
                if existing := same or await self.open_request(wanted.campaign.campaign_id, wanted.kore_account):
                    raise AlreadyRequestedError(existing) from None
            raise
        return _log(recorded)

    async def swap_all(
        self, changes: Sequence[Written], commit_by: datetime | None = None, resumes: str | None = None
    ) -> bool:
        """Write every change, or none if a row is not as ``before`` any more or the limits have changed.

        ``resumes`` ends the pause of the list by this request; nothing is written if there is no such pause.
        """
        async with self._engine.begin() as connection:
            # In one order, so that two transactions never wait for each other.
            for each in sorted(changes, key=_position):
                if not (each.before and await self._swap_row(connection, each.before, each.after)):
                    await connection.rollback()
                    return False
            list_id = changes[0].after.list_id or ""
            if resumes and not await list_rows.resume(connection, list_id, resumes):
                await connection.rollback()
                return False
            recorded = await self._record_all(connection, changes, commit_by)
        return _log(recorded)

    async def _record_all(
        self, connection: AsyncConnection, written: Sequence[Written], commit_by: datetime | None
    ) -> list[Recorded]:
        """Return nothing, and roll back, if one of the limits has changed or ``commit_by`` has come.

        All messages come before the journal's lock, which every other change takes last.
        """
        for each in written:
            await self._owe(connection, each.owed)
        found: list[Recorded] = []
        for each in written:
            recorded = await self._record(
                connection,
                each.after,
                each.entry,
                (),
                expected_limits=each.expected_limits,
                commit_by=commit_by,
            )
            if recorded is None:
                return []
            found.append(recorded)
        return found


def _position(written: Written) -> int:
    return written.after.list_position or 0


def _campaign_id(written: Written) -> str:
    return written.after.campaign.campaign_id


def _log(recorded: Sequence[Recorded]) -> bool:
    for each in recorded:
        journal_store.log_entry(each)
    return bool(recorded)
