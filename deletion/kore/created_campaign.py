"""Find the campaign that a create without a response made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from deletion.domain.attempt import Observation
from deletion.kore.sighting import LIST_RESERVE
from kore_api.client import KoreClient
from kore_api.create_payload import NotEnoughError, create_payload
from kore_api.errors import CampaignNotFoundError, KoreError, KoreRateLimitError, ListTooLongError
from kore_api.models import UNKNOWN_STATUS, Campaign
from kore_api.paging import Page

Payload = dict[str, Any]
NOT_STARTED = frozenset({"preparing", "ready"})  # docs.kore.ai/…/create-sms-campaign-without-template, create-voice-…
CANDIDATES_READ = 5
MAX_PAGES = 50  # of 100 campaigns


@dataclass(frozen=True)
class NewestCampaigns:
    """The campaigns created since a time, and older ones as far as the list was read.

    ``has_numbers`` is False if a page lacks its total or ``hasMore``: then nothing shows that the list is whole.
    """

    campaigns: list[Campaign]
    older: list[Campaign]
    has_numbers: bool


async def find_created(kore: KoreClient, payload: Payload, since: datetime) -> tuple[str, Observation]:
    """Return the id of the one campaign that is as it was sent: PRESENT.

    ABSENT only if no campaign of this name was created since then, by a list whose numbers agree and that shows an
    older campaign which GET shows too (positive control). Others of the name, several like the one sent, and an older
    one like it, which Kore.ai's clock may have dated wrongly, are UNCLEAR. Raises KoreError.
    """
    name = payload["name"].strip()
    newest = await _read_newest(kore.reserving(LIST_RESERVE), since)
    named = [each for each in newest.campaigns if each.name.strip() == name]
    if not named:
        is_proof = newest.has_numbers and await _proves_absence(kore, newest.older, payload)
        return "", Observation.ABSENT if is_proof else Observation.UNCLEAR
    found = await _those_as_sent(kore, named, payload)
    is_clear = len(found) == 1 and len(named) <= CANDIDATES_READ
    return (found[0], Observation.PRESENT) if is_clear else ("", Observation.UNCLEAR)


async def _proves_absence(kore: KoreClient, older: list[Campaign], payload: Payload) -> bool:
    """Return whether GET shows an older campaign too, and none of them is as it was sent."""
    name, statuses = payload["name"].strip(), NOT_STARTED | {UNKNOWN_STATUS}
    named = [each for each in older if each.name.strip() == name and each.status.casefold() in statuses]
    if not older or len(named) > CANDIDATES_READ or await _those_as_sent(kore, named, payload):
        return False
    return await _is_shown(kore, older[0].id)


async def _those_as_sent(kore: KoreClient, named: list[Campaign], payload: Payload) -> list[str]:
    return [each.id for each in named[:CANDIDATES_READ] if await _is_as_sent(kore, each.id, payload)]


async def _read_newest(kore: KoreClient, since: datetime) -> NewestCampaigns:
    """Read the list, newest first, until it shows an older campaign; to its end if it is in another order.

    Raises ListTooLongError if it contradicts itself or goes on after ``MAX_PAGES``.
    """
    read: dict[str, Campaign] = {}
    skip, total, has_numbers = 0, 0, True
    for _ in range(MAX_PAGES):
        page = await kore.list_page("sms", skip=skip)
        known = len(read)
        read |= {each.id: each for each in page.items if each.id not in read}
        skip += len(page.items)
        has_numbers = has_numbers and page.total is not None and page.has_more is not None
        _require_agreement(page, skip, len(read), total)
        total = page.total or 0
        older = [each for each in read.values() if each.created_at and each.created_at <= since]
        is_end = not page.goes_on(skip)
        if is_end or (older and _is_newest_first(read.values())):
            new = [each for each in read.values() if each.created_at is None or each.created_at > since]
            return NewestCampaigns(new, older, has_numbers)
        if len(read) == known:
            break
    raise ListTooLongError(f"Kore.ai's list goes on after {skip} items; it was not read far enough.")


def _require_agreement(page: Page[Campaign], skip: int, distinct: int, earlier_total: int) -> None:
    """Raise ListTooLongError if the page's total contradicts ``hasMore``, its items or the page before."""
    if page.total is None:
        return
    is_end = not page.goes_on(skip)
    if page.total < max(skip, earlier_total) or is_end != (skip >= page.total) or (is_end and distinct < page.total):
        raise ListTooLongError(f"Kore.ai's list contradicts itself: {skip} items read, total {page.total}.")


def _is_newest_first(campaigns: Iterable[Campaign]) -> bool:
    dates = [each.created_at for each in campaigns if each.created_at]
    return all(one >= next_one for one, next_one in pairwise(dates))


async def _is_shown(kore: KoreClient, campaign_id: str) -> bool:
    try:
        await kore.get_campaign(campaign_id)
    except KoreRateLimitError:
        raise
    except KoreError:
        return False
    return True


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
