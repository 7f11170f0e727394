"""Count the people who may approve a request, as Slack shows them now. It grants no right."""

import asyncio

from deletion.domain.approvals.people import Person
from deletion.domain.approvals.quorum import NONE_NEEDED, Quorum, count
from deletion.domain.policy import Policy
from handlers.access.slack_directory import SlackDirectory

AT_A_TIME = 5
MOST_LOOKED_UP = 50  # Slack allows about 100 of these calls a minute (docs.slack.dev/reference/methods/users.info)
ANSWER_WITHIN_SECONDS = 5


class ApproverCount:
    """Resolves user groups, and looks up approvers until there are enough."""

    def __init__(self, directory: SlackDirectory, policy: Policy) -> None:
        self._directory = directory
        self._policy = policy

    async def quorum(self, requester_id: str, needed: int) -> Quorum:
        """Return whether ``needed`` people may approve this user's requests. Never raises: no answer is unknown."""
        if not needed:
            return NONE_NEEDED
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                return await self._count(requester_id, needed)
        except TimeoutError:
            return Quorum(needed, 0, is_complete=False)

    async def _count(self, requester_id: str, needed: int) -> Quorum:
        requester, (listed, is_complete) = await asyncio.gather(
            self._person(requester_id), self._directory.listed(self._policy.approvers)
        )
        candidates = [user_id for user_id in listed if user_id != requester_id]
        looked_up: list[Person] = []
        while True:
            is_all = len(looked_up) == len(candidates)
            found = count(requester, looked_up, self._policy, needed, is_complete=is_complete and is_all)
            if is_all or found.found >= needed or len(looked_up) >= MOST_LOOKED_UP:
                return found
            following = candidates[len(looked_up) : len(looked_up) + max(needed, AT_A_TIME)]
            looked_up += await asyncio.gather(*map(self._person, following))

    async def _person(self, user_id: str) -> Person:
        return await self._directory.person(user_id, self._policy.user_groups)
