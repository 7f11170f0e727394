"""The reason of a freeze: none is needed to freeze, and one given later reaches every notice."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pytest_mock import MockerFixture
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.connection import read
from deletion.db.tables import journal
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from deletion.domain.policies import Policies
from deletion.domain.policy import REASON_MAX, Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from deletion.engine.workflow_ids import notice_run_id
from deletion.messages.disclosure import Disclosure
from deletion.messages.freeze_notices import FreezeNoticeSync
from deletion.stores.freeze_store import FreezeStore
from deletion.stores.message_store import MessageStore
from slack_ui import strings
from slack_ui.messages import freeze_notice
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts.links import Links
from tests.deletion.values import person
from tests.handlers.freeze_desk import Desk

pytestmark = pytest.mark.any_database


@pytest.fixture
def desk(engine: AsyncEngine, mocker: MockerFixture) -> Desk:
    return Desk(engine, mocker)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("freeze", ""),
        ("FREEZE wrong", "wrong"),
        ("freeze: wrong list", "wrong list"),
        ("*freeze* wrong list", "wrong list"),
        ('"freeze wrong list"', "wrong list"),
        ("\u200bfreeze\u200b wrong list", "wrong list"),
        ("freeze <@U0ALICE|alice> loaded &lt;b&gt; in <#C0|sale>", "@alice loaded <b> in #sale"),
        (f"freeze {'x' * 600}", "x" * REASON_MAX),
    ],
)
async def test_freeze_acts_at_once_with_any_reason_or_none(desk: Desk, text: str, reason: str) -> None:
    said = await desk.freeze(text)

    assert (await desk.current()).reason == reason
    assert said.startswith(strings.freeze.FROZEN)
    assert (strings.freeze.ASK_REASON in said) == (not reason)
    assert (strings.freeze.REASON_CUT in said) == (len(text) > REASON_MAX)


async def journalled(engine: AsyncEngine) -> list[tuple[str, str]]:
    """Return event and reason of each entry about a freeze."""
    query = sa.select(journal.c.event, journal.c.details).where(journal.c.request_id.is_(None)).order_by(journal.c.seq)
    return [(row["event"], row["details"]["reason"]) for row in await read(engine, query)]


async def test_reason_given_later_is_kept_journalled_and_shown(desk: Desk, engine: AsyncEngine) -> None:
    asked = await desk.add(state=State.AWAITING_APPROVAL)
    await desk.freeze("freeze")
    freeze, freezes = await desk.current(), FreezeStore(engine)
    shown = Message(request_id=asked.id, key="card", kind=MessageKind.CARD, target_id="C0", ts="1.1", shown="a digest")
    generation = (await desk.store.current_freeze())[1]
    messages = MessageStore(engine)
    await messages.add(shown.model_copy(update={"shown_version": asked.version, "shown_freeze_generation": generation}))
    for notice in await freezes.notices(freeze.id):
        await freezes.save_notice(notice.model_copy(update={"ts": "2.2", "tried_at": now()}))

    said = await desk.freeze("freeze The wrong list")

    assert said == strings.freeze.REASON_GIVEN
    explained = await desk.current()
    assert explained == freeze.model_copy(update={"reason": "The wrong list"})
    assert await journalled(engine) == [("frozen", ""), ("freeze explained", "The wrong list")]
    assert [message.key for message in await messages.overdue_messages(timedelta(hours=1), timedelta(0))] == ["card"]
    assert not await messages.save_shown(shown, shown_freeze_generation=generation), "a workflow that read no reason"
    assert [(notice.ts, notice.tried_at) for notice in await freezes.notices(freeze.id)] == [("2.2", None)]
    desk.engine.freeze_changed.assert_awaited_with(explained)


async def test_reason_given_later_that_is_too_long_is_reported_as_cut(desk: Desk) -> None:
    await desk.freeze("freeze")

    said = await desk.freeze(f"freeze {'x' * 600}")

    assert said == f"{strings.freeze.REASON_GIVEN} {strings.freeze.REASON_CUT}"
    assert (await desk.current()).reason == "x" * REASON_MAX


async def test_reason_given_while_a_notice_is_first_posted_is_owed_to_its_room(
    desk: Desk, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    await desk.freeze("freeze")
    freeze, freezes = await desk.current(), FreezeStore(engine)
    texts: list[str] = []

    async def post(**payload: Any) -> dict[str, str]:
        texts.append(payload["text"])
        if len(texts) == 1:
            await desk.freeze("freeze The wrong list")
        return {"ts": "2.2"}

    desk.client.chat_postMessage.side_effect = desk.client.chat_update.side_effect = post
    disclosure = mocker.create_autospec(Disclosure, instance=True)
    disclosure.may_name.return_value = True
    sync = FreezeNoticeSync(
        freezes, SlackProjector(desk.client, Policies([Policy()]), Links("https://sandbox.slack.com/")), disclosure
    )
    (first,) = await sync.pending(freeze.id)

    (owed,) = (await sync.tell(first)).owed
    assert notice_run_id(owed) != notice_run_id(first), "an ended workflow is not started again"
    assert (await sync.tell(owed)).owed == []

    assert "The wrong list" not in texts[0]
    assert "The wrong list" in texts[1]
    assert await sync.pending(freeze.id) == []


async def test_posted_notice_is_updated_with_the_reason(desk: Desk, engine: AsyncEngine, mocker: MockerFixture) -> None:
    await desk.freeze("freeze")
    freeze, freezes = await desk.current(), FreezeStore(engine)
    await freezes.save_notice((await freezes.notices(freeze.id))[0].model_copy(update={"ts": "2.2", "tried_at": now()}))
    await desk.freeze("freeze The wrong list")
    disclosure = mocker.create_autospec(Disclosure, instance=True)
    disclosure.may_name.return_value = True
    desk.client.chat_update.return_value = {"ts": "2.2"}
    sync = FreezeNoticeSync(
        freezes, SlackProjector(desk.client, Policies([Policy()]), Links("https://sandbox.slack.com/")), disclosure
    )

    (owed,) = await sync.pending(freeze.id)
    await sync.tell(owed)

    assert desk.client.chat_update.await_args.kwargs["ts"] == "2.2"
    assert "The wrong list" in desk.client.chat_update.await_args.kwargs["text"]
    desk.client.chat_postMessage.assert_not_called()
    assert await sync.pending(freeze.id) == []


async def test_long_failure_of_an_update_keeps_the_posted_notice(
    desk: Desk, engine: AsyncEngine, mocker: MockerFixture
) -> None:
    await desk.freeze("freeze")
    freeze, freezes = await desk.current(), FreezeStore(engine)
    (owed,) = await freezes.notices(freeze.id)
    await freezes.save_notice(owed.model_copy(update={"ts": "2.2", "tried_at": now()}))
    sync = FreezeNoticeSync(
        freezes,
        SlackProjector(desk.client, Policies([Policy()]), Links("https://sandbox.slack.com/")),
        mocker.create_autospec(Disclosure, instance=True),
    )
    workflow = FreezeNotice(freeze_id=freeze.id, event=FreezeEvent.FROZEN, target_id=owed.target_id)

    await sync.report(workflow, "internal_error")  # another replica has posted it
    assert [(notice.ts, notice.error) for notice in await freezes.notices(freeze.id)] == [("2.2", "")]

    await desk.freeze("freeze The wrong list")
    await sync.report(workflow, "internal_error")
    assert ("2.2", "internal_error") in [(notice.ts, notice.error) for notice in await freezes.notices(freeze.id)]


async def test_deleted_notice_is_posted_again_with_the_reason(desk: Desk) -> None:
    await desk.freeze("freeze The wrong list")
    notice = FreezeNotice(freeze_id="f", event=FreezeEvent.FROZEN, target_id="C0", ts="2.2")
    answer = {"error": "message_not_found"}
    desk.client.chat_update.side_effect = SlackApiError("", answer)  # type: ignore[no-untyped-call]  # the SDK's
    desk.client.chat_postMessage.return_value = {"ts": "3.3"}

    projector = SlackProjector(desk.client, Policies([Policy()]), Links("https://sandbox.slack.com/"))
    assert await projector.tell(await desk.current(), notice, {}, withheld=False) == "3.3"


async def test_reason_is_not_replaced_nor_given_by_another_approver(desk: Desk) -> None:
    await desk.freeze("freeze")
    desk.gate.admit.return_value = Permit(Action.FREEZE, person("U0CAROL"))
    assert "already frozen" in await desk.freeze("freeze My own reason")
    assert (await desk.current()).reason == ""
    desk.gate.admit.return_value = Permit(Action.FREEZE, person("U0BOB"))
    await desk.freeze("freeze first reason")
    assert "already frozen" in await desk.freeze("freeze second reason")
    assert (await desk.current()).reason == "first reason"


async def test_freeze_without_reason_is_shown_as_such(desk: Desk) -> None:
    await desk.freeze("freeze")
    freeze = await desk.current()
    for said in (freeze_notice.frozen_by(freeze), freeze_notice.meanwhile(freeze)):
        assert strings.freeze.NO_REASON in said
