"""Write to the stored requests what would take days to happen."""

from datetime import timedelta

from deletion.db.tables import requests
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.states import State
from deletion.stores.row_mapping import row_of
from tests.deletion.values import campaign as at_kore
from tests.deletion.values import request
from tests.stories.conftest import World

OLD_CAMPAIGN = "cd-01d00000-f98e-5f4f-ad41-92803abb0001"


async def long_ago(world: World, count: int) -> None:
    """Insert closed requests of Bob's into the database, one a day until yesterday."""
    engine = world.open_engine()
    ended = [
        request(
            state=State.REJECTED,
            requester_id="U0BOB",
            requested_at=now() - timedelta(days=count - number),
            campaign=CampaignFingerprint.of(at_kore(_id=OLD_CAMPAIGN, name=f"Old campaign {number}")),
        )
        for number in range(count)
    ]
    async with engine.begin() as connection:
        await connection.execute(requests.delete().where(requests.c.campaign_id == OLD_CAMPAIGN))
        await connection.execute(requests.insert(), [row_of(each) for each in ended])
    await engine.dispose()


async def end_undo_window(world: World) -> None:
    """Let the undo window of each request have ended five minutes ago."""
    engine = world.open_engine()
    async with engine.begin() as connection:
        past = now() - timedelta(minutes=5)
        await connection.execute(requests.update().values(execute_after=past, changed_at=past))
    await engine.dispose()
