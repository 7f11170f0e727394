"""Requests to stop a campaign that is running, over a real database and the sandbox's Kore.ai."""

from datetime import timedelta

import pytest

from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose, Request
from deletion.stores.row_mapping import row_of
from kore_api.models import Campaign
from sandbox.kore.campaign_state import as_read
from tests.deletion.lifecycle.execution_world import World
from tests.kore_api.samples import SEEDED_ID

ONLY, FIRST = Purpose.STOP, Purpose.STOP_AND_DELETE
BOTH = pytest.mark.parametrize("stops", [ONLY, FIRST])


async def asked(world: World, stops: Purpose, **changes: object) -> None:
    """Start the seeded campaign, and let the request be one to stop it."""
    world.kore.memory.send(SEEDED_ID, per_minute=600)
    seen = CampaignFingerprint.of(Campaign.model_validate(as_read(world.kore.memory.campaigns[SEEDED_ID])))
    wanted = (await world.request()).model_copy(update={"campaign": seen, "stops": stops, **changes})
    await world.change(**row_of(wanted))


async def after_the_undo_window(world: World) -> Request:
    await world.change(execute_after=now() - timedelta(seconds=1))
    await world.advance()
    return await world.request()


def stops_sent(world: World) -> int:
    return sum(call["what"] == "stop" for call in world.traffic.after())
