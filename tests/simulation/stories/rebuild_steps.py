"""Delete a campaign that can be rebuilt."""

from typing import Any

from cryptography.fernet import Fernet

from tests.simulation.stories.steps import CARDS, NAME, approve
from tests.stories.conftest import World

SETTINGS = {
    "APPROVALS_REQUIRED": "1", "APPROVERS": "S0APPROVE", "REQUESTERS": "U0ALICE,U0BOB", "UNDO_WINDOW": "0",
    "ARCHIVE_KEY": Fernet.generate_key().decode(),
}  # fmt: skip
NOTICED_WITHIN_SECONDS = 3600  # the bot looks whether a deleted campaign is there again for half an hour
SIMPLE = {
    "name": "Outage Update", "format": "simple", "status": "Stopped", "description": "As it says",
    "message": {"message": "UG93ZXIgaXMgYmFjaw%3D%3D", "template_name": "Welcome"}, "priority": "4",
    "contactLists": ["Outage Zone 4"], "dncLists": {"id": "cl-1", "name": "Do Not Contact"},
    "schedule": {"isSchedulingEnabled": True, "isRecurrenceEnabled": True},
    "dialingStrategy": {"callerId": {"phoneNumber": "+919876543210"}},
}  # fmt: skip


async def deleted(world: World, campaign_id: str, name: str = NAME) -> dict[str, Any]:
    """Delete a campaign as Alice with Bob's approval and return its card."""
    alice, bob = world.person("U0ALICE"), world.person("U0BOB")
    assert not await alice.submits(await alice.asks_to_delete(campaign_id), name)
    card = await bob.reads(f"`{name}` is waiting for approval to be deleted.", CARDS)
    assert not await approve(bob, card, campaign_id[-4:])
    return await bob.reads(f"`{name}` was deleted.", CARDS)


async def simple_campaign(world: World) -> str:
    campaign_id = await world.fresh_campaign()
    await world.campaign(campaign_id, **SIMPLE, experienceFlow=None)
    return campaign_id
