"""Add users beyond the seeded ones, each with their own screen."""

from sandbox.slack import seed
from tests.torture.people import CARDS
from tests.torture.world import World


def invite(world: World, how_many: int) -> list[str]:
    """Add approvers to the approvals channel, each with a direct message channel, and return their ids."""
    workspace = world.sandbox.slack.workspace
    person_ids = [f"U0P{number:04}" for number in range(how_many)]
    for person_id in person_ids:
        direct = seed.dm_of(person_id)
        bob = workspace.users["U0BOB"]
        profile = {**bob["profile"], "email": f"{person_id.lower()}@sandbox.example"}
        workspace.users[person_id] = {**bob, "id": person_id, "name": person_id.lower(), "profile": profile}
        workspace.channels[direct] = {**workspace.channels[seed.dm_of("U0BOB")], "id": direct, "user": person_id}
        workspace.members[direct] = [person_id, seed.BOT_USER]
        workspace.messages[direct] = []
        workspace.members[CARDS].append(person_id)
        workspace.stacks[person_id] = []
    workspace.user_groups["S0APPROVE"]["users"] += person_ids
    return person_ids
