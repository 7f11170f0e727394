"""How many members the user groups have that may still approve a request. For display; it grants no right."""

import asyncio
from collections.abc import Mapping

from deletion.domain.approvals.approval import remaining_approvers, under_todays_rule
from deletion.domain.models import Request
from deletion.domain.policies import Policies
from deletion.domain.policy import is_group
from deletion.domain.states import State
from handlers.access.slack_directory import SlackDirectory

ANSWER_WITHIN_SECONDS = 3  # the message waits for it
MOST_LOOKED_UP = 5  # as many as the message names; Slack answers twenty lookups of groups a minute


class GroupSizes:
    """Looks up each group once; ``directory`` caches."""

    def __init__(self, directory: SlackDirectory, policies: Policies) -> None:
        self._directory = directory
        self._policies = policies

    async def of_approvers(self, request: Request) -> Mapping[str, int | None]:
        """Return the number of members by group, None where Slack does not say in time. Never raises."""
        if request.state is not State.AWAITING_APPROVAL:
            return {}
        policy = self._policies.of(request)
        approvers = remaining_approvers(under_todays_rule(request, policy), policy)
        groups = [name for name in approvers if is_group(name)][:MOST_LOOKED_UP]
        return dict(zip(groups, await asyncio.gather(*map(self._size, groups)), strict=True))

    async def _size(self, group: str) -> int | None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                members = await self._directory.members_of(group)
        except TimeoutError:
            return None
        return None if members is None else len(set(members))
