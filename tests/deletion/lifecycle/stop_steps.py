"""Requests to stop a campaign that is running, over a real database and the sandbox's Kore.ai."""

from datetime import timedelta
from typing import Any

import pytest

from deletion.domain.attempt import Attempt, AttemptKind
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import CampaignStop, Purpose, Request
from deletion.domain.states import State
from deletion.stores.row_mapping import row_of
from kore_api.models import Campaign
from sandbox.kore.campaign_state import as_read
from tests.deletion.lifecycle.execution_world import World
from tests.kore_api.samples import RATE_LIMIT, SEEDED_ID

ONLY, FIRST = Purpose.STOP, Purpose.STOP_AND_DELETE
BOTH = pytest.mark.parametrize("stops", [ONLY, FIRST])


async def asked(world: World, stops: Purpose, **changes: object) -> None:
    """Start the seeded campaign, and let the request be one to stop it."""
    world.kore.memory.send(SEEDED_ID, per_minute=600)
    seen = CampaignFingerprint.of(campaign_now(world))
    wanted = (await world.request()).model_copy(update={"campaign": seen, "stops": stops, **changes})
    await world.change(**row_of(wanted))


async def after_the_undo_window(world: World) -> Request:
    await world.change(execute_after=now() - timedelta(seconds=1))
    await world.advance()
    return await world.request()


def stops_sent(world: World) -> int:
    return sum(call["what"] == "stop" for call in world.traffic.after())


async def paused(world: World, stops: Purpose, **changes: Any) -> Request:
    """Return a request whose stop met the rate limit five minutes ago, and is due again."""
    met = Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message=RATE_LIMIT, retry_after_seconds=20)
    before = {"waiting_since": now() - timedelta(minutes=5), "attempt": met, "expires_at": now() + timedelta(hours=1)}
    await asked(world, stops, **{**before, **changes})
    return await world.request()


async def begun(world: World, stops: Purpose, kind: AttemptKind, **changes: Any) -> Request:
    """Return a request whose stop had this result, which is not verified yet."""
    attempt = Attempt(kind=kind, at=now(), kore_message="Campaign Stopped")
    await asked(world, stops, **{"state": State.STOPPING, "attempt": attempt, **changes})
    return await world.request()


async def the_stop(world: World, before: Request, attempt: Attempt | None) -> CampaignStop:
    """Return what a request keeps of its verified stop."""
    campaign, kept = campaign_now(world), await world.request()
    assert kept.stop
    assert kept.changed_at - timedelta(minutes=1) < kept.stop.at <= kept.changed_at
    sent = await world.gateway.messages_sent(SEEDED_ID, campaign.created_at)
    assert sent is not None
    return CampaignStop(
        at=kept.stop.at,
        status_before=before.campaign.status,
        attempt=attempt,
        messages_sent=sent,
        created_at=campaign.created_at,
    )


def campaign_now(world: World) -> Campaign:
    return Campaign.model_validate(as_read(world.kore.memory.campaigns[SEEDED_ID]))


def status(world: World) -> str:
    return str(world.kore.memory.campaigns[SEEDED_ID]["status"])
