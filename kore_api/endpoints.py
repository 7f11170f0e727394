"""The URL, query and body of each operation, in both versions of the API."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from kore_api.account import KoreAccount
from kore_api.campaign_id import parse_campaign_id

DateRange = tuple[datetime, datetime]
SortBy = Literal["createdAt", "updatedAt"]
_PREFIX = {
    "v1": "/agentassist/api/v1/public/{app}/campaign",
    "v2": "/campaign/api/v2/public/{app}/campaign",
}
# As the page of each version prints it, then the path that its sibling pages suggest.
_STOP_PATHS = {
    "v1": ("/campaign/api/v1/public/{app}/campaign/{id}", "/agentassist/api/v1/public/{app}/campaign/{id}"),
    "v2": ("/campaign/api/v2/public/{app}/campaign//trigger/{id}", "/campaign/api/v2/public/{app}/campaign/{id}"),
}


@dataclass(frozen=True)
class Endpoint:
    """One request. ``task`` completes "Kore.ai was asked to …"; ``campaign_id`` is the campaign it is about.

    ``success`` is the response's top-level ``status`` that confirms it, in lower case.
    """

    task: str
    method: str
    path: str
    params: dict[str, str]
    body: dict[str, Any] | None = None
    campaign_id: str | None = None
    success: str = "success"


class Endpoints:
    """The operations of one account. A method that takes an id raises InvalidCampaignIdError."""

    def __init__(self, account: KoreAccount) -> None:
        self._app, self._stop_paths = quote(account.app_id, safe=""), _STOP_PATHS[account.api_version]
        self._root = _PREFIX[account.api_version].format(app=self._app)
        self._query = {"accountId": account.account_id} if account.api_version == "v2" else {}

    def get_campaign(self, campaign_id: str) -> Endpoint:
        """docs.kore.ai/…/get-sms-campaign-by-id and -v2: no campaignType."""
        checked = parse_campaign_id(campaign_id)
        return Endpoint("read the campaign", "GET", self._campaign_path(checked), self._query, campaign_id=checked)

    def campaign_status(self, campaign_id: str) -> Endpoint:
        """docs.kore.ai/…/get-campaign-status and -v2: a POST with an empty object."""
        checked = parse_campaign_id(campaign_id)
        path, query = f"{self._campaign_path(checked)}/status", self._query | {"view": "status"}
        return Endpoint("read the campaign's status", "POST", path, query, {}, campaign_id=checked)

    def delete_campaign(self, campaign_id: str) -> Endpoint:
        """docs.kore.ai/…/delete-sms-campaign and -v2.

        The v1 page prints ``{{campaignType}}`` where its own table, the v2 page and the GET have the id.
        """
        checked = parse_campaign_id(campaign_id)
        query = self._query | {"campaignType": "sms"}
        return Endpoint("delete the campaign", "DELETE", self._campaign_path(checked), query, campaign_id=checked)

    def stop_campaign(self, campaign_id: str) -> tuple[Endpoint, Endpoint]:
        """docs.kore.ai/…/stop-sms-campaign and -v2, and the other path that may be meant.

        The pages contradict their siblings: v1 has the prefix of start-sms-campaign and no other page, v2 prints
        ``campaign//trigger/`` where start-sms-campaign-v2 has neither. The response's ``status`` is the campaign's.
        """
        checked = parse_campaign_id(campaign_id)
        query = self._query | {"campaignType": "sms", "trigger": "stop"}
        documented, other = (path.format(app=self._app, id=quote(checked, safe="")) for path in self._stop_paths)
        endpoint = Endpoint("stop the campaign", "POST", documented, query, {}, campaign_id=checked, success="stopped")
        return endpoint, replace(endpoint, path=other)

    def create_campaign(self, payload: dict[str, Any]) -> Endpoint:
        """docs.kore.ai/…/create-sms-campaign-without-template and its siblings, and -v2.

        The v2 page of the advanced format prints a path without ``/campaign``; its siblings have it.
        """
        return Endpoint("create a campaign", "POST", self._root, self._query | {"campaignType": "sms"}, payload)

    def list_campaigns(
        self,
        campaign_type: str,
        *,
        skip: int,
        limit: int,
        dates: DateRange | None = None,
        sort_by: SortBy = "createdAt",
    ) -> Endpoint:
        """docs.kore.ai/…/get-all-campaigns and -v2.

        Newest first, so that a campaign created while pages are read repeats an item and hides none. Kore.ai does not
        document which date ``startDate`` and ``endDate`` filter on.
        """
        body = {"type": campaign_type, "limit": limit, "skip": skip, "sortBy": {sort_by: "desc"}}
        if dates:
            body |= {"startDate": _iso(dates[0]), "endDate": _iso(dates[1])}
        path = f"{self._root}/getAllCampaignDetails"
        return Endpoint("list the campaigns", "POST", path, self._query, body)

    def contact_lists(self) -> Endpoint:
        """docs.kore.ai/…/get-all-contact-lists and -v2: ``type=call``, for the lists of SMS campaigns too."""
        path = f"{self._root}/contactList/getAllListDetails"
        return Endpoint("list the contact lists", "POST", path, self._query | {"type": "call"})

    def _campaign_path(self, campaign_id: str) -> str:
        return f"{self._root}/{quote(campaign_id, safe='')}"


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
