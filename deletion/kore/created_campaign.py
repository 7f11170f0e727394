"""Find the campaign that a create without a response made."""

from datetime import datetime
from typing import Any

from deletion.domain.models import Observation
from kore_api.client import KoreClient
from kore_api.create_payload import NotEnoughError, create_payload
from kore_api.errors import CampaignNotFoundError
from kore_api.models import Campaign

Payload = dict[str, Any]
NOT_STARTED = frozenset({"preparing", "ready"})  # docs.kore.ai/…/create-sms-campaign-without-template, create-voice-…
CANDIDATES_READ = 5


async def find_created(kore: KoreClient, payload: Payload, since: datetime) -> tuple[str, Observation]:
    """Return the id of the one campaign that is as it was sent: PRESENT.

    ABSENT only if no campaign of this name was created since then. Others of the name, and several like the one sent,
    are UNCLEAR. Raises KoreError.
    """
    name = payload["name"].strip()
    named = [each async for each in kore.list_campaigns() if each.name.strip() == name and _may_be_new(each, since)]
    if not named:
        return "", Observation.ABSENT
    found = [each.id for each in named[:CANDIDATES_READ] if await _is_as_sent(kore, each.id, payload)]
    is_clear = len(found) == 1 and len(named) <= CANDIDATES_READ
    return (found[0], Observation.PRESENT) if is_clear else ("", Observation.UNCLEAR)


def _may_be_new(campaign: Campaign, since: datetime) -> bool:
    return campaign.created_at is None or campaign.created_at > since


async def _is_as_sent(kore: KoreClient, campaign_id: str, payload: Payload) -> bool:
    """Return whether a campaign has what was sent and was never started. The list shows too little, so GET tells."""
    try:
        campaign = await kore.get_campaign(campaign_id)
    except CampaignNotFoundError:
        return False
    if not campaign.is_sms or campaign.status.casefold() not in NOT_STARTED or campaign.campaign_instance_id:
        return False
    if campaign.schedule and campaign.schedule.is_scheduling_enabled:
        return False
    try:
        shown = create_payload(campaign, payload.get("experienceFlowName", ""))
    except NotEnoughError:
        return False
    return _covers({**shown, "name": shown["name"].strip()}, {**payload, "name": payload["name"].strip()})


def _covers(shown: Any, sent: Any) -> bool:
    """Return whether what is shown has all that was sent; Kore.ai may add to an object."""
    if isinstance(sent, dict):
        return isinstance(shown, dict) and all(_covers(shown.get(name), value) for name, value in sent.items())
    return bool(shown == sent)
