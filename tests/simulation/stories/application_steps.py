"""The file of two applications, and restarts with another one."""

from pathlib import Path

from sandbox.kore.auth import FIRST, SECOND
from tests.simulation.stories.steps import CAMPAIGN, CARDS, NAME, approve
from tests.simulation.stories.stored_requests import end_undo_window
from tests.simulation.world import SimulatedWorld
from tests.stories.person import Person, eventually

PRODUCTION, STAGING = "C0CAMPAIGNS", "C0OPSAMER"
WAITING = "is waiting for approval to be deleted."
LAST_WORD = NAME.rpartition(" ")[2]
OWN = {
    "production": f"""
kore_app_id = "{FIRST.app_id}"
kore_account_id = "{FIRST.account_id}"
kore_client_id = "{FIRST.client_id}"
kore_client_secret = {{ env = "KORE_CLIENT_SECRET" }}
kore_calls_per_minute = 120
""",
    "staging": f"""
kore_app_id = "{SECOND.app_id}"
kore_account_id = "{SECOND.account_id}"
kore_client_id = "{SECOND.client_id}"
kore_client_secret = {{ env = "STAGING_SECRET" }}
""",
}


def tables(**own: str) -> str:
    """Return the file; ``own`` are the accounts by name."""
    own = own or OWN
    return f"""
[production]
channels = ["{PRODUCTION}"]
confirm_with_name = true
approvals_required = 1
ops_rooms = ["C0OPSEMEA"]
undo_window = "1h"
{own["production"]}

[staging]
channels = ["{STAGING}"]
ops_rooms = []
undo_window = 0
{own["staging"]}
"""


def deleted_in_staging(world: SimulatedWorld) -> list[str]:
    return [delete["campaign_id"] for delete in world.sandbox.kore.second.memory.deletes]


def write(file: Path, text: str) -> None:
    file.write_text(text)


async def restart(world: SimulatedWorld, file: Path, text: str) -> None:
    """Restart the bot with another file, after the end of every undo window."""
    await world.bot.stop()
    await end_undo_window(world)
    write(file, text)
    await world.bot.start()
    await eventually(world.is_connected, "the bot connected again")


async def approved_in_production(world: SimulatedWorld) -> Person:
    """Return the requester of a request that waits for the end of its undo window."""
    alice, bob = world.person("U0ALICE"), world.person("U0BOB", CARDS)
    assert not await alice.submits(await alice.asks_to_delete(CAMPAIGN), f"production {NAME}")
    assert not await approve(bob, await bob.reads(WAITING), f"production {LAST_WORD}")
    await alice.reads("will be deleted")
    return alice
