"""Look again at deleted campaigns, and tell when one is there again."""

import logging
from typing import Any

from deletion.domain import log_context
from deletion.domain.attempt import Observation
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.reappearance import GIVEN_UP_AFTER, REAPPEARED, RETRIED_AFTER, next_recheck
from deletion.domain.states import State
from deletion.kore.campaign_gateway import BACKGROUND_RESERVE, CampaignGateway
from deletion.kore.sighting import Sighting
from deletion.lifecycle.transitions import Transitions
from deletion.stores.recheck_store import RecheckStore
from kore_api.errors import KoreError
from kore_api.models import Campaign

log = logging.getLogger(__name__)


class Reappearances:
    """Read each due campaign once, with the calls that the rate limit leaves after deletes and interactive reads.

    A campaign that GET shows again is announced once the second source shows it too. The row says when the next look is
    due, and one replica claims it.
    """

    def __init__(
        self, rechecks: RecheckStore, transitions: Transitions, campaign: CampaignGateway, policy: Policy
    ) -> None:
        self._rechecks = rechecks
        self._transitions = transitions
        self._background = campaign.reserving(BACKGROUND_RESERVE)
        self._policy = policy

    async def recheck_deleted(self) -> list[str]:
        """Look at each deleted campaign that is due. Return the ids of the requests whose campaign is there again.

        A failure is logged; the claim makes the request due again later.
        """
        due = await self._rechecks.due(now(), self._policy.application)
        return [request.id for request in due if await self._rechecked(request)]

    async def _rechecked(self, request: Request) -> bool:
        with log_context.enter(request, "recheck"):
            try:
                return await self._reappeared(request)
            except Exception:
                log.exception("Recheck failed")
                return False

    async def _reappeared(self, request: Request) -> bool:
        claimed = await self._rechecks.postpone(request, now() + RETRIED_AFTER)
        if claimed is None:
            return False
        found = await self._look(claimed)
        if isinstance(found, Campaign) and await self._is_confirmed(claimed):
            details = {"observation": str(Observation.PRESENT)}
            changes: dict[str, Any] = {"observation": Observation.PRESENT, "reappeared_at": now()}
            return bool(await self._transitions.move(claimed, State.UNKNOWN, REAPPEARED, details=details, **changes))
        if isinstance(found, KoreError) and found.can_mean_absent:
            await self._rechecks.postpone(claimed, next_recheck(claimed.changed_at, now()))
        elif now() - claimed.changed_at > GIVEN_UP_AFTER:
            await self._rechecks.postpone(claimed, None)
        return False

    async def _is_confirmed(self, request: Request) -> bool:
        """Return whether the second source shows it too; at the end of the retries, whether it does not deny it."""
        second = await self._background.sight_second(request.campaign.campaign_id, request.witnesses)
        is_last = now() - request.changed_at > GIVEN_UP_AFTER
        return second in (Sighting.SHOWN, None) or (is_last and second is not Sighting.MISSING)

    async def _look(self, request: Request) -> Campaign | KoreError | None:
        if not self._policy.serves(request):
            return None
        return await self._background.read(request.campaign.campaign_id)
