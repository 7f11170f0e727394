"""The Kore.ai campaign API: one method per operation, one error per meaning."""

from collections.abc import AsyncIterator
from copy import copy
from dataclasses import replace
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError
from tenacity import wait_exponential_jitter
from tenacity.wait import wait_base

from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.campaign_id import parse_campaign_id
from kore_api.endpoints import DateRange, Endpoint, Endpoints
from kore_api.models import Campaign, CampaignStatus, ContactList, Created, Deleted
from kore_api.paging import Page, page_of, read_pages
from kore_api.rate_limit import RateLimit
from kore_api.responses import ApiResponse, not_found, unconfirmed
from kore_api.transport import OnResult, Transport, ignore_result

Model = TypeVar("Model", bound=BaseModel)


def open_client(
    account: KoreAccount,
    auth: KoreAuth,
    *,
    connect_timeout_seconds: float = 5,
    read_timeout_seconds: float = 20,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """One connection pool for the life of the program; the caller closes it.

    Follows no redirect and repeats nothing by itself: a DELETE leaves at most once.
    """
    timeout = httpx.Timeout(read_timeout_seconds, connect=connect_timeout_seconds, pool=connect_timeout_seconds)
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30)
    return httpx.AsyncClient(
        base_url=account.base_url,
        headers={"iid": account.app_id, "accountId": account.account_id},
        auth=auth,
        timeout=timeout,
        limits=limits,
        transport=transport,
        follow_redirects=False,
        verify=httpx.create_ssl_context(),  # here, because without trust_env SSL_CERT_FILE would not count
        trust_env=not account.is_local,  # a proxy of the environment does not lead to this machine
    )


class KoreClient:
    """A typed face on Kore.ai. A method that takes an id raises InvalidCampaignIdError before it sends."""

    def __init__(
        self,
        account: KoreAccount,
        http: httpx.AsyncClient,
        rate_limit: RateLimit,
        *,
        retry_wait: wait_base | None = None,
        on_result: OnResult = ignore_result,
    ) -> None:
        self._endpoints = Endpoints(account)
        wait = retry_wait or wait_exponential_jitter(multiplier=0.25, jitter=0.25, max=4)
        self._calls = Transport(http, wait, rate_limit, on_result)

    def reserving(self, places: int) -> Self:
        """The same client with better manners: it calls only while that many places of the minute stay free."""
        modest = copy(self)
        modest._calls = replace(self._calls, reserve=places)  # noqa: SLF001 - our own, on the object just made
        return modest

    async def get_campaign(self, campaign_id: str) -> Campaign:
        """Read one campaign, SMS or voice: Kore.ai has one URL for both.

        Raises:
            CampaignNotFoundError: Kore.ai says there is none. Alone, that is no proof that it was deleted.
            KoreError: any other of its subclasses.

        """
        endpoint = self._endpoints.get_campaign(campaign_id)
        answer = await self._calls.read(endpoint)
        if answer.has_data and answer.data is None:
            raise not_found(endpoint, answer)
        return _the_campaign(endpoint, answer)

    async def get_status(self, campaign_id: str) -> CampaignStatus:
        """Read the status of one campaign. Raises as ``get_campaign``."""
        endpoint = self._endpoints.campaign_status(campaign_id)
        answer = await self._calls.read(endpoint)
        if answer.has_data and answer.data is None:
            raise not_found(endpoint, answer)
        try:
            status = CampaignStatus.model_validate(answer.data)
        except ValidationError:
            raise unconfirmed(endpoint, answer, "it shows no campaign") from None
        if status.id != endpoint.campaign_id:
            raise unconfirmed(endpoint, answer, "it shows another campaign")
        return status

    async def list_campaigns(
        self,
        campaign_type: str = "sms",
        *,
        dates: DateRange | None = None,
        page_size: int = 100,
        max_pages: int = 50,
    ) -> AsyncIterator[Campaign]:
        """Yield every campaign of a type (``sms`` or ``voice``), newest first, each once.

        Raises:
            ListTooLongError: the list did not end, or contradicts itself; campaigns not seen may still be in it.
            KoreError: any other of its subclasses.

        """

        async def fetch(skip: int) -> Page[Campaign]:
            return await self.list_page(campaign_type, skip=skip, page_size=page_size, dates=dates)

        async for campaign in read_pages(fetch, max_pages=max_pages):
            yield campaign

    async def list_page(
        self, campaign_type: str, *, skip: int, page_size: int = 100, dates: DateRange | None = None
    ) -> Page[Campaign]:
        """Read one page of that list, in one call. Raises KoreError."""
        endpoint = self._endpoints.list_campaigns(campaign_type, skip=skip, limit=page_size, dates=dates)
        answer = await self._calls.read(endpoint)
        data = answer.data if isinstance(answer.data, dict) else {}
        return page_of(_read_all(Campaign, data.get("results"), endpoint, answer), data)

    async def is_listed(self, campaign_id: str) -> bool:
        """Whether the SMS list has it. False only after the whole list was read. Raises as list_campaigns."""
        wanted = parse_campaign_id(campaign_id)
        async for campaign in self.list_campaigns():
            if campaign.id == wanted:
                return True
        return False

    async def get_contact_lists(self) -> list[ContactList]:
        """All contact lists, in one answer: docs.kore.ai/…/get-all-contact-lists documents no pages."""
        endpoint = self._endpoints.contact_lists()
        answer = await self._calls.read(endpoint)
        return _read_all(ContactList, answer.data, endpoint, answer)

    async def delete_campaign(self, campaign_id: str) -> Deleted:
        """Delete one SMS campaign, for good. Sent once, whatever happens; Kore.ai documents no undo.

        Returns only if Kore.ai says success and names this campaign.

        Raises:
            KoreError: one of its subclasses; its ``may_have_happened`` says whether to look before speaking.

        """
        endpoint = self._endpoints.delete_campaign(campaign_id)
        answer = await self._calls.once(endpoint)
        return Deleted(message=answer.message, campaign=_the_campaign(endpoint, answer))

    async def create_campaign(self, payload: dict[str, Any]) -> Created:
        """Make a campaign from what ``create_payload`` gives. Sent once, whatever happens: twice would make two.

        Returns only if Kore.ai says success and shows a campaign. It may be "Preparing" for a while.

        Raises:
            KoreError: one of its subclasses; its ``may_have_happened`` says whether to look before speaking.

        """
        endpoint = self._endpoints.create_campaign(payload)
        answer = await self._calls.once(endpoint)
        return Created(message=answer.message, campaign=_a_campaign(endpoint, answer))


def _the_campaign(endpoint: Endpoint, answer: ApiResponse) -> Campaign:
    campaign = _a_campaign(endpoint, answer)
    if campaign.id != endpoint.campaign_id:
        raise unconfirmed(endpoint, answer, "it shows another campaign")
    return campaign


def _a_campaign(endpoint: Endpoint, answer: ApiResponse) -> Campaign:
    try:
        return Campaign.model_validate(answer.data)
    except ValidationError:
        raise unconfirmed(endpoint, answer, "it shows no campaign") from None


def _read_all(model: type[Model], items: Any, endpoint: Endpoint, answer: ApiResponse) -> list[Model]:
    if not isinstance(items, list):
        raise unconfirmed(endpoint, answer, "it has no list")
    try:
        return [model.model_validate(item) for item in items]
    except ValidationError:
        raise unconfirmed(endpoint, answer, "an item of its list cannot be read") from None
