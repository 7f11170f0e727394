"""The request that a message shows, or the list that it is of."""

from dataclasses import dataclass

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.stores.request_reads import RequestReads


@dataclass(frozen=True)
class Subject:
    """``request`` is ``CampaignList.overall`` where the message shows a list."""

    request: Request
    listed: CampaignList | None = None


async def subject_of(store: RequestReads, request_id: str) -> Subject | None:
    """Return what the messages of a request show, those of a list for each of its requests."""
    request = await store.request(request_id)
    listed = await store.listed(request.list_id) if request and request.list_id else None
    if listed:
        return Subject(listed.overall, listed)
    return Subject(request) if request else None
