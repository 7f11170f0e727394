"""Post one notice of a freeze and one of its end to each room, across crashes, and report unreachable rooms."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError, UnreachableError
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent, FreezeNotice
from deletion.domain.records import ARRIVES_WITHIN
from deletion.messages.disclosure import Disclosure
from deletion.messages.progress import Progress
from deletion.messages.refusal_log import RefusalLog
from deletion.stores.freeze_store import FreezeStore

UNANSWERED = ""  # in the place of a ts: a post has left, and no answer says that it arrived
log = logging.getLogger(__name__)


class FreezeNoticePoster(Protocol):
    """Posts a notice of a freeze to a room or to the user who typed the command."""

    async def tell(self, freeze: Freeze, notice: FreezeNotice, unreached: Mapping[str, str], *, withheld: bool) -> str:
        """Post the notice, or update the one that it has a ts of. Return its ts.

        ``unreached`` are the channels that a person is told of, empty for a room.

        ``withheld``: the channel is shared with another organization, so the message shows no names.
        Raises UnreachableError (retrying alone does not help) or SlackBusyError (retry later).
        """


class FreezeNoticeSync:
    """Posts one notice at a time. Notices are rows written in the transaction of the freeze, so none is lost."""

    def __init__(self, freezes: FreezeStore, teller: FreezeNoticePoster, disclosure: Disclosure) -> None:
        self._freezes = freezes
        self._teller = teller
        self._disclosure = disclosure
        self._refusals = RefusalLog()

    async def pending(self, freeze_id: str) -> list[FreezeNotice]:
        """Return notices that have not been tried, and posted ones that do not show the reason given later."""
        return [notice for notice in await self._freezes.notices(freeze_id) if notice.tried_at is None]

    async def overdue(self, older_than: timedelta, retried_for: timedelta) -> list[FreezeNotice]:
        return await self._freezes.overdue_notices(older_than, retried_for)

    async def tell(self, notice: FreezeNotice) -> Progress[FreezeNotice]:
        """Post the notice unless it is posted already."""
        try:
            return Progress(await self._post(notice))
        except SlackBusyError as error:
            return Progress(busy=[(notice, error)])

    async def report(self, notice: FreezeNotice, code: str) -> list[FreezeNotice]:
        """Record that Slack has failed a notice for long, so that a person is told; the sweep retries it."""
        kept = (await self._kept(notice)).get(notice.target_id)
        freeze = await self._freezes.freeze_by_id(notice.freeze_id)
        if freeze is None or kept is None or _is_done(kept):
            return []
        await self._freezes.save_notice(kept.model_copy(update={"tried_at": now(), "error": code}))
        return await self._owe_the_person(freeze, kept.event)

    async def _post(self, notice: FreezeNotice) -> list[FreezeNotice]:
        notices = await self._kept(notice)
        kept = notices.get(notice.target_id)
        if kept is None or _is_done(kept):
            return []
        if kept.ts is None:  # before the freeze is read: the notice of an end from then on waits for this one
            await self._freezes.save_notice(kept.model_copy(update={"ts": UNANSWERED}))
        freeze = await self._freezes.freeze_by_id(notice.freeze_id)
        if freeze is None:
            return []
        handled: dict[str, Any] = {"tried_at": now(), "error": ""}
        if await self._is_current(freeze, kept):
            is_person = kept.target_id == _actor(freeze, kept.event)
            unreached = {other.target_id: other.error for other in notices.values() if other.error} if is_person else {}
            try:
                await self._wait_for_the_beginning(freeze, kept)
                handled["ts"] = await self._tell(freeze, kept, unreached)
                self._refusals.accepted(kept.target_id, kept.error, freeze_id=freeze.id)
            except UnreachableError as error:
                self._refusals.refused(kept.target_id, str(error), freeze_id=freeze.id)
                handled["error"] = str(error)
            except SlackBusyError as error:
                if error.retry_after_seconds is not None:  # nothing has left that can arrive
                    await self._freezes.save_notice(kept)
                raise
        saved = kept.model_copy(update=handled)
        await self._freezes.save_notice(saved)
        return [*await self._owe_the_reason(freeze, saved), *await self._owe_the_person(freeze, kept.event)]

    async def _is_current(self, freeze: Freeze, notice: FreezeNotice) -> bool:
        """Return whether the notice says what holds: no freeze that is over, and no end that a freeze has followed."""
        if notice.event is FreezeEvent.FROZEN:
            return freeze.lifted_at is None
        return await self._freezes.current() is None

    async def _wait_for_the_beginning(self, freeze: Freeze, notice: FreezeNotice) -> None:
        """Raise SlackBusyError while the notice of the freeze may still arrive in the room after that of its end."""
        if freeze.lifted_at is None:
            return
        stored = [each for each in await self._freezes.notices(freeze.id) if each.target_id == notice.target_id]
        is_unanswered = any(each.event is FreezeEvent.FROZEN and each.ts == UNANSWERED for each in stored)
        wait = freeze.lifted_at + ARRIVES_WITHIN - now()
        if is_unanswered and wait > timedelta(0):
            raise SlackBusyError("earlier notice may still arrive", wait.total_seconds())

    async def _owe_the_reason(self, shown: Freeze, posted: FreezeNotice) -> list[FreezeNotice]:
        """Return the notice as stale if the reason was given while it was posted: it had no ts to be found by."""
        now_as = await self._freezes.freeze_by_id(shown.id)
        if not posted.ts or now_as is None or now_as.reason == shown.reason:
            return []
        stale = posted.model_copy(update={"tried_at": None})
        await self._freezes.save_notice(stale)
        return [stale]

    async def _kept(self, notice: FreezeNotice) -> dict[str, FreezeNotice]:
        """Return the stored notices of the same event by target: a workflow knows only the ids of its notice."""
        stored = await self._freezes.notices(notice.freeze_id)
        return {each.target_id: each for each in stored if each.event is notice.event}

    async def _tell(self, freeze: Freeze, notice: FreezeNotice, unreached: Mapping[str, str]) -> str:
        withheld = not await self._disclosure.may_name(notice.target_id)
        if withheld:
            extra = {"freeze_id": freeze.id, "channel": notice.target_id}
            log.warning("Channel is shared with another organization; names withheld", extra=extra)
        return await self._teller.tell(freeze, notice, unreached, withheld=withheld)

    async def _owe_the_person(self, freeze: Freeze, event: FreezeEvent) -> list[FreezeNotice]:
        """Once all rooms were tried, add a notice that tells the user who typed the command which were unreachable."""
        notices = [notice for notice in await self._freezes.notices(freeze.id) if notice.event is event]
        actor = _actor(freeze, event)
        is_owed = all(notice.tried_at for notice in notices) and any(notice.error for notice in notices)
        if not is_owed or any(notice.target_id == actor for notice in notices):
            return []
        await self._freezes.owe(freeze.id, event, [actor])
        return await self.pending(freeze.id)


def _is_done(notice: FreezeNotice) -> bool:
    return bool(notice.ts and notice.tried_at and not notice.error)


def _actor(freeze: Freeze, event: FreezeEvent) -> str:
    return freeze.frozen_by if event is FreezeEvent.FROZEN else freeze.lifted_by
