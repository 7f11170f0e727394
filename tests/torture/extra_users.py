"""More people than the sandbox seeds: each of a crowd has a screen of their own. The only place that invites."""

from sandbox.slack import seed
from tests.torture.people import CARDS
from tests.torture.world import World


def invite(world: World, how_many: int) -> list[str]:
    """Their ids; all are approvers, in the approvals channel, and have a direct message with the bot."""
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
