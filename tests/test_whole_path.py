"""The whole path with a real bot process: by HTTP on SQLite, and by Socket Mode on PostgreSQL."""

from pathlib import Path

import pytest

from tests.simulation.stories.steps import CARDS, NAME, approve, request_deletion
from tests.stories.conftest import World, open_world
from tests.stories.person import eventually
from tests.webhook_receiver import Inbox, receiver

SETTINGS = {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "0"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("mode", "version", "database_url"),
    [("http", "v1", "sqlite"), ("socket", "v2", "postgresql")],
    indirect=["database_url"],
)
async def test_approved_campaign_is_deleted_once_and_every_channel_gets_the_result(
    tmp_path: Path, mode: str, version: str, database_url: str
) -> None:
    inbox = Inbox()
    async with receiver(inbox.answer) as webhook:
        posted_to = {"WEBHOOK_URL": webhook.url, "WEBHOOK_SECRET": webhook.secret}
        async with open_world(tmp_path, mode, version, DATABASE_URL=database_url, **SETTINGS, **posted_to) as world:
            await delete_one(world, mode)
            await eventually(inbox.has_received, "the outcome at the webhook")
    assert [event["event"] for event in inbox.received] == ["deleted"]


async def delete_one(world: World, mode: str) -> None:
    campaign, bob = await world.fresh_campaign(), world.person("U0BOB")
    card = await request_deletion(world, campaign)

    assert not await approve(bob, card)

    for channel in (CARDS, "C0OPSEMEA", "C0OPSAMER"):
        assert f"`{NAME}` was deleted." in (await bob.reads("was deleted.", channel))["text"]
    assert await world.deletes() == [campaign]
    metrics = (await world.api.get(f"{world.bot.url}/metrics")).text
    assert 'campaign_delete_requests_total{state="deleted"} ' in metrics
    assert 'campaign_delete_outcome_seconds_count{state="deleted"} 1.0' in metrics
    assert f"campaign_delete_slack_connected {'1.0' if mode == 'socket' else 'NaN'}" in metrics
    assert "Traceback" not in world.bot.log.read_text()
