"""Two replicas that post the notices of one freeze in a room: the last one says what holds."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.approvals.authorization import ChannelKind
from deletion.domain.clock import now
from deletion.domain.errors import SlackBusyError
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent, FreezeNotice
from deletion.domain.records import Entry
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.stores.freeze_store import FreezeStore
from tests.deletion.values import freeze

ENTRY = Entry(at=now(), event="frozen", actor_id="U0BOB", surface="test")
ROOM = "C0OPS"


class Room:
    """What was posted there, in order."""

    def __init__(self) -> None:
        self.said: list[FreezeEvent] = []
        self.refuses: SlackBusyError | None = None

    async def tell(
        self,
        freeze: Freeze,  # noqa: ARG002 - the event is enough
        notice: FreezeNotice,
        unreached: Mapping[str, str],  # noqa: ARG002 - no channel is
        *,
        withheld: bool,  # noqa: ARG002 - names are not shown
    ) -> str:
        if self.refuses:
            raise self.refuses
        self.said.append(notice.event)
        return f"{len(self.said)}.0"


async def ours(_: str) -> ChannelKind:
    return ChannelKind.OURS


def notice_of(frozen: Freeze, event: FreezeEvent) -> FreezeNotice:
    return FreezeNotice(freeze_id=frozen.id, event=event, target_id=ROOM)


async def lift(store: FreezeStore, frozen: Freeze) -> None:
    lifted = frozen.model_copy(update={"lifted_by": "U0BOB", "lifted_at": now(), "lifted_in": ROOM})
    assert await store.lift(lifted, ENTRY, [ROOM])


async def test_notice_of_the_end_waits_for_that_of_the_beginning_which_another_replica_is_posting(
    engine: AsyncEngine,
) -> None:
    store, room, frozen = FreezeStore(engine), Room(), freeze()
    has_read, may_go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: str) -> ChannelKind:
        has_read.set()
        await may_go_on.wait()
        return ChannelKind.OURS

    assert await store.freeze(frozen, ENTRY, [ROOM])
    slow, quick = (FreezeNoticeSync(store, room, Disclosure(look)) for look in (slowly, ours))
    posting = asyncio.create_task(slow.tell(notice_of(frozen, FreezeEvent.FROZEN)))
    await has_read.wait()
    await lift(store, frozen)
    ((_, busy),) = (await quick.tell(notice_of(frozen, FreezeEvent.UNFROZEN))).busy
    may_go_on.set()
    await posting

    assert 0 < (busy.retry_after_seconds or 0) <= 60
    assert not (await quick.tell(notice_of(frozen, FreezeEvent.UNFROZEN))).busy
    assert room.said == [FreezeEvent.FROZEN, FreezeEvent.UNFROZEN]


async def test_notice_of_the_end_waits_no_longer_than_a_minute(engine: AsyncEngine, mocker: MockerFixture) -> None:
    store, room, frozen = FreezeStore(engine), Room(), freeze()
    sync = FreezeNoticeSync(store, room, Disclosure(ours))
    assert await store.freeze(frozen, ENTRY, [ROOM])
    room.refuses = SlackBusyError("TimeoutError")
    assert (await sync.tell(notice_of(frozen, FreezeEvent.FROZEN))).busy
    await lift(store, frozen)
    room.refuses = None
    await sync.tell(notice_of(frozen, FreezeEvent.FROZEN))
    assert (await sync.tell(notice_of(frozen, FreezeEvent.UNFROZEN))).busy
    assert room.said == []

    mocker.patch("deletion.messages.freeze_notices.now", return_value=now() + timedelta(minutes=1))
    assert not (await sync.tell(notice_of(frozen, FreezeEvent.UNFROZEN))).busy
    assert room.said == [FreezeEvent.UNFROZEN]


async def test_notice_of_the_end_does_not_wait_for_one_that_slack_refused(engine: AsyncEngine) -> None:
    store, room, frozen = FreezeStore(engine), Room(), freeze()
    sync = FreezeNoticeSync(store, room, Disclosure(ours))
    assert await store.freeze(frozen, ENTRY, [ROOM])
    room.refuses = SlackBusyError("ratelimited", 30)
    assert (await sync.tell(notice_of(frozen, FreezeEvent.FROZEN))).busy
    await lift(store, frozen)
    room.refuses = None

    assert not (await sync.tell(notice_of(frozen, FreezeEvent.UNFROZEN))).busy
    assert room.said == [FreezeEvent.UNFROZEN]
