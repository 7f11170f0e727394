"""Read a campaign that is to be stopped and not deleted, and keep the preview by which the form is judged."""

from dataclasses import dataclass
from uuid import uuid4

from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Preview, Purpose
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.kore.campaign_gateway import CampaignGateway, OnRateLimited
from deletion.lifecycle.intake_results import Refused, Requester
from deletion.stores.preview_store import PreviewStore
from deletion.stores.request_store import RequestStore
from kore_api.errors import KoreError
from kore_api.models import Campaign


@dataclass(frozen=True)
class StopPreview:
    """A campaign that may be stopped, its preview, and how many approvals the stop needs."""

    campaign: Campaign
    preview: Preview
    approvals_required: int


class StopIntake:
    """The step before ``Intake.record``. A freeze, a hold and the budget are about deletes and do not matter here."""

    def __init__(self, store: RequestStore, previews: PreviewStore, campaign: CampaignGateway, policy: Policy) -> None:
        self._store = store
        self._previews = previews
        self._campaign = campaign
        self._policy = policy

    async def look(self, campaign_id: str, asker: Requester, tell: OnRateLimited) -> StopPreview | Refused:
        policy = self._policy
        reading = await self._campaign.look_when_allowed(campaign_id, tell)
        if isinstance(reading, KoreError):
            return Refused(why_unread(reading), unread=reading)
        found = reading.campaign
        if refusal := policy.refuse_stop(found):
            return Refused(refusal, found)
        if existing := await self._store.open_request(campaign_id, policy.kore_account, is_stop=True):
            is_own = existing.requester_id == asker.user_id
            return Refused(Refusal.ALREADY_REQUESTED, found, existing, is_own=is_own)
        preview = Preview(
            id=uuid4().hex,
            team_id=asker.team_id,
            user_id=asker.user_id,
            channel_id=asker.channel_id,
            campaign=CampaignFingerprint.of(found),
            taken_at=now(),
            stops=Purpose.STOP,
            witnesses=reading.witnesses,
            kore_account=policy.kore_account,
            application=policy.application,
        )
        await self._previews.save_preview(preview)
        return StopPreview(found, preview, policy.rule_for(preview).required)
