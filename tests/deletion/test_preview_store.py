"""A preview becomes one request, by the person who saw it, and what Slack sends twice counts once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from deletion.db.tables import previews
from deletion.domain.approvals.authorization import Action, Permit
from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.intake import Intake
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import AlreadyRequestedError, RequestStore
from tests.deletion.stored_journal import entry
from tests.deletion.values import EnoughApprovers, person, preview

ASKING = Permit(Action.ASK, person("U0ALICE"))


async def test_preview_comes_back_whole_and_one_of_the_previous_version_without_other_fields(
    engine: AsyncEngine,
) -> None:
    store, whole = PreviewStore(engine), preview(description="KEEP")
    await store.save_preview(whole)
    assert await store.preview(whole.id) == whole

    async with engine.begin() as connection:
        await connection.execute(previews.update().values(other_fields=None))
    old = await store.preview(whole.id)
    assert old
    assert old.campaign.other_fields is None
    assert old.campaign.differences(whole.campaign) == ()


async def test_a_preview_becomes_one_request_however_often_the_form_arrives(
    store: RequestStore, engine: AsyncEngine
) -> None:
    shown = preview()
    await PreviewStore(engine).save_preview(shown)
    intake = Intake(store, PreviewStore(engine), None, None, Policy(), approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording asks Kore.ai nothing
    first = await intake.record(shown, ASKING, "Because of the test")
    ended = first.model_copy(update={"state": State.DELETED, "version": 2})
    assert await store.swap(first, ended, entry("deleted"))

    with pytest.raises(AlreadyRequestedError) as caught:
        await intake.record(shown, ASKING, "Because of the test")

    assert caught.value.existing == ended


async def test_a_preview_is_given_to_the_person_who_saw_it_and_to_nobody_else(
    store: RequestStore, engine: AsyncEngine
) -> None:
    shown = preview()
    await PreviewStore(engine).save_preview(shown)
    intake = Intake(store, PreviewStore(engine), None, None, Policy(), approvers=EnoughApprovers())  # type: ignore[arg-type]  # reading back asks Kore.ai nothing

    assert await intake.preview(shown.id, shown.team_id, shown.user_id) == shown
    assert await intake.preview(shown.id, shown.team_id, "U0BOB") is None
    assert await intake.preview(shown.id, "T0OTHER", shown.user_id) is None
    assert await intake.preview("", shown.team_id, shown.user_id) is None


async def test_a_preview_is_confirmed_by_nobody_but_who_saw_it(store: RequestStore, engine: AsyncEngine) -> None:
    intake = Intake(store, PreviewStore(engine), None, None, Policy(), approvers=EnoughApprovers())  # type: ignore[arg-type]  # recording asks Kore.ai nothing
    for permit in (replace(ASKING, person=person("U0BOB")), replace(ASKING, action=Action.APPROVE)):
        with pytest.raises(ValueError, match="by the one who was shown it"):
            await intake.record(preview(), permit, "Because of the test")


async def test_what_slack_sends_twice_is_seen_once_by_however_many_replicas(engine: AsyncEngine) -> None:
    saw = await asyncio.gather(*(PreviewStore(engine).claim_once("the same") for _ in range(20)))
    assert saw.count(True) == 1
    assert await PreviewStore(engine).claim_once("another")

    await PreviewStore(engine).purge(now() + timedelta(seconds=1))

    assert await PreviewStore(engine).claim_once("the same")


async def test_old_previews_are_forgotten_and_new_ones_kept(engine: AsyncEngine) -> None:
    old, new = preview().model_copy(update={"taken_at": now() - timedelta(days=2)}), preview()
    for shown in (old, new):
        await PreviewStore(engine).save_preview(shown)

    await PreviewStore(engine).purge(now() - timedelta(days=1))

    assert await PreviewStore(engine).preview(old.id) is None
    assert await PreviewStore(engine).preview(new.id) == new
