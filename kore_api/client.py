"""Client of the Kore.ai campaign API: one method per operation."""

from collections.abc import AsyncIterator
from copy import copy
from dataclasses import replace
from typing import Any, Self

import httpx
from tenacity import wait_exponential_jitter
from tenacity.wait import wait_base

from kore_api.account import KoreAccount
from kore_api.auth import KoreAuth
from kore_api.campaign_id import parse_campaign_id
from kore_api.endpoints import DateRange, Endpoints, SortBy
from kore_api.models import Campaign, CampaignStatus, ContactList, Created, Deleted
from kore_api.paging import Page, read_pages
from kore_api.practice import PracticeClient
from kore_api.rate_limit import RateLimit
from kore_api.responses import interpretation
from kore_api.responses.response_body import ACCEPT_ENCODING
from kore_api.send_trace import BeforeSend, send_always
from kore_api.stop_call import StopCall
from kore_api.transport import CALL_SECONDS, READ_SECONDS, OnResult, Transport, ignore_result


def open_client(  # noqa: PLR0913 - named settings
    account: KoreAccount,
    auth: KoreAuth,
    *,
    connect_timeout_seconds: float = 5,
    read_timeout_seconds: float = 20,
    transport: httpx.AsyncBaseTransport | None = None,
    proxy: str | None = None,
) -> httpx.AsyncClient:
    """Open one connection pool for the life of the program; the caller closes it.

    It follows no redirect and retries nothing by itself, so that a DELETE is sent at most once. Its time-outs are for
    one connection attempt and one read of the socket; ``Transport`` limits the whole call. In practice it sends reads
    alone.
    """
    timeout = httpx.Timeout(read_timeout_seconds, connect=connect_timeout_seconds, pool=connect_timeout_seconds)
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30)
    client = PracticeClient if account.is_practice else httpx.AsyncClient
    return client(
        base_url=account.base_url,
        headers={"iid": account.app_id, "accountId": account.account_id, "Accept-Encoding": ACCEPT_ENCODING},
        auth=auth,
        timeout=timeout,
        limits=limits,
        transport=transport,
        follow_redirects=False,
        # Reads SSL_CERT_FILE even where trust_env is off. A given transport has its own.
        verify=httpx.create_ssl_context() if transport is None else True,
        proxy=proxy,
        trust_env=False,
    )


class KoreClient:
    """The operations of the campaign API.

    Each call ends within ``call_seconds``, a read with all its retries within ``read_seconds``. A method that takes an
    id raises InvalidCampaignIdError before it sends.
    """

    def __init__(  # noqa: PLR0913 - named settings
        self,
        account: KoreAccount,
        http: httpx.AsyncClient,
        rate_limit: RateLimit,
        *,
        retry_wait: wait_base | None = None,
        on_result: OnResult = ignore_result,
        read_seconds: float = READ_SECONDS,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        if account.is_practice and not isinstance(http, PracticeClient):
            raise ValueError("in practice only the client that refuses to send is used")
        self.account_key = account.key
        self._endpoints = Endpoints(account)
        self._stop = StopCall(self._endpoints)
        wait = retry_wait or wait_exponential_jitter(multiplier=0.25, jitter=0.25, max=4)
        self._calls = Transport(http, wait, rate_limit, on_result, read_seconds=read_seconds, call_seconds=call_seconds)

    def reserving(self, slots: int) -> Self:
        """Return a client that calls only while that many rate-limit slots stay free."""
        reserving = copy(self)
        reserving._calls = replace(self._calls, reserve=slots)  # noqa: SLF001 - our own, on the object just made
        return reserving

    async def get_campaign(self, campaign_id: str) -> Campaign:
        """Read one campaign, SMS or voice: Kore.ai has one URL for both.

        Raises:
            CampaignNotFoundError: Kore.ai says that there is none. Alone, that does not prove that it was deleted.
            KoreError: any other of its subclasses.

        """
        campaign, _ = await self.get_campaign_with_time(campaign_id)
        return campaign

    async def get_campaign_with_time(self, campaign_id: str) -> tuple[Campaign, float]:
        """Read one campaign, and return it with ``elapsed_seconds()`` of its arrival. Raises as ``get_campaign``."""
        return await self._calls.read(self._endpoints.get_campaign(campaign_id), interpretation.campaign_with_time)

    async def get_status(self, campaign_id: str) -> CampaignStatus:
        """Read the status of one campaign. Raises as ``get_campaign``."""
        return await self._calls.read(self._endpoints.campaign_status(campaign_id), interpretation.status)

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
            ListTooLongError: the list did not end within ``max_pages`` or 120 seconds, or contradicts itself;
                campaigns that were not seen may still be in it.
            KoreError: any other of its subclasses.

        """

        async def fetch(skip: int) -> Page[Campaign]:
            return await self.list_page(campaign_type, skip=skip, page_size=page_size, dates=dates)

        async for campaign in read_pages(fetch, max_pages=max_pages):
            yield campaign

    async def list_page(
        self,
        campaign_type: str,
        *,
        skip: int,
        page_size: int = 100,
        dates: DateRange | None = None,
        sort_by: SortBy = "createdAt",
    ) -> Page[Campaign]:
        """Read one page of that list. Raises KoreError."""
        endpoint = self._endpoints.list_campaigns(
            campaign_type, skip=skip, limit=page_size, dates=dates, sort_by=sort_by
        )
        return await self._calls.read(endpoint, interpretation.page)

    async def is_listed(self, campaign_id: str) -> bool:
        """Return whether the SMS list has it. False only after the whole list was read. Raises as list_campaigns."""
        wanted = parse_campaign_id(campaign_id)
        async for campaign in self.list_campaigns():
            if campaign.id == wanted:
                return True
        return False

    async def get_contact_lists(self) -> list[ContactList]:
        """Read all contact lists, in one call: docs.kore.ai/…/get-all-contact-lists documents no pages."""
        return await self._calls.read(self._endpoints.contact_lists(), interpretation.contact_lists)

    async def delete_campaign(self, campaign_id: str, *, before_send: BeforeSend = send_always) -> Deleted:
        """Delete one SMS campaign permanently. Sent at most once; Kore.ai documents no undo.

        Returns only if Kore.ai says success and names this campaign. ``before_send`` may stop the request at the last
        moment: see ``Transport.once``.

        Raises:
            KoreError: one of its subclasses; if ``may_have_happened``, verify before reporting an outcome.

        """
        return await self._calls.once(self._endpoints.delete_campaign(campaign_id), interpretation.deleted, before_send)

    async def stop_campaign(self, campaign_id: str, *, before_send: BeforeSend = send_always) -> str:
        """Stop one running SMS campaign, and return Kore.ai's message. Sent at most once by the path that exists.

        Returns only if Kore.ai says that the campaign is stopped. ``before_send``: see ``Transport.once``.

        Raises:
            KoreError: one of its subclasses; if ``may_have_happened``, verify before reporting an outcome.

        """
        return await self._stop.send(self._calls, campaign_id, before_send)

    async def create_campaign(self, payload: dict[str, Any], *, before_send: BeforeSend = send_always) -> Created:
        """Create a campaign from what ``create_payload`` returns. Sent at most once: twice would create two.

        Returns only if Kore.ai says success and shows a campaign, whose status may be "Preparing" for a while.

        Raises:
            KoreError: one of its subclasses; if ``may_have_happened``, verify before reporting an outcome.

        """
        return await self._calls.once(self._endpoints.create_campaign(payload), interpretation.created, before_send)
