"""After a start, messages about what awaits approval are compared with the settings, a part of them in each sweep."""

from datetime import timedelta

from pytest_mock import MockerFixture
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.recipients import recipients
from deletion.domain.states import State
from deletion.messages.message_order import Importance
from deletion.messages.message_sync import MessageRef
from deletion.stores import message_store
from deletion.stores.message_store import COMPARED, MessageStore
from deletion.stores.request_store import RequestStore
from tests.deletion.message_replicas import ENTRY, MINUTE, POLICY, Replica, Slack, change, show_overdue, syncs
from tests.deletion.values import campaign, request


async def test_messages_that_a_restart_compares_come_after_all_others(engine: AsyncEngine) -> None:
    """A channel takes two a second, and most of them show already what holds."""
    store, messages = RequestStore(engine), MessageStore(engine)
    kept = request(state=State.AWAITING_APPROVAL)
    await store.add(kept, ENTRY, recipients(kept, ENTRY, POLICY))
    (sync,) = syncs(store, messages, replica := Replica(Slack()))
    replica.resume()
    (lost,) = await sync.overdue(MINUTE)
    assert lost.importance == Importance.BUTTONS
    await sync.show(lost)
    assert await sync.overdue(MINUTE) == []

    await sync.restarted()

    (compared,) = await sync.overdue(MINUTE)
    assert compared == lost._replace(importance=Importance.LAST)


async def test_message_that_was_to_be_compared_is_late_as_any_other_once_its_request_has_changed(
    engine: AsyncEngine,
) -> None:
    store, messages = RequestStore(engine), MessageStore(engine)
    (sync,) = syncs(store, messages, replica := Replica(Slack()))
    replica.resume()
    kept = request(state=State.AWAITING_APPROVAL)
    await store.add(kept, ENTRY, recipients(kept, ENTRY, POLICY))
    await show_overdue(sync)
    await sync.restarted()

    await change(store, kept, State.REJECTED)

    (late,) = await sync.overdue(MINUTE)
    assert late.importance == Importance.BUTTONS


async def test_sweep_compares_a_bounded_number_of_messages_after_a_restart(
    engine: AsyncEngine, mocker: MockerFixture
) -> None:
    """Thousands may wait for approval; the next sweeps go on, however long ago a request changed."""
    store, messages = RequestStore(engine), MessageStore(engine)
    (sync,) = syncs(store, messages, replica := Replica(Slack()))
    replica.resume()
    for number in range(3):
        kept = request(state=State.AWAITING_APPROVAL, campaign=CampaignFingerprint.of(campaign(_id=f"cd-{number}")))
        await store.add(kept, ENTRY, recipients(kept, ENTRY, POLICY))
        (message,) = await messages.messages(kept.id)
        await sync.show(MessageRef(kept.id, message.key, message.target_id))
    mocker.patch.object(message_store, "COMPARED", COMPARED.limit(2))
    await sync.restarted()

    sweeps = [await sync.overdue(MINUTE, within=timedelta(0))]
    for _ in range(2):
        for ref in sweeps[-1]:
            await sync.show(ref)
        sweeps.append(await sync.overdue(MINUTE, within=timedelta(0)))

    assert [len(refs) for refs in sweeps] == [2, 1, 0]
    assert len({ref.request_id for refs in sweeps for ref in refs}) == 3
