"""The campaigns of the sandbox account, and how each kind of response shows them."""

import math
import time
import uuid
from copy import deepcopy
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sandbox.kore.seed import bulk_campaigns, campaigns, contact_lists

Raw = dict[str, Any]
OUR_OWN = frozenset({"campaignType", "deleted", "sending"})
SENT = frozenset({"totalMessagesSent", "campaignExecutionType"})
# Fields that one kind of response leaves out, by campaign type: docs.kore.ai/…/get-sms-campaign-by-id,
# get-voice-campaign-by-id-v2 and get-all-campaigns-v2.
NOT_READ = {
    "sms": SENT | {"campaignInstanceUpdatedAt"},
    "voice": SENT | {"campaignInstanceUpdatedAt", "isFiltersEnabled"},
}
_NOT_LISTED = frozenset({"dialingStrategy", "lname", "isImported", "enableMachineDetect"})
NOT_LISTED = {"sms": _NOT_LISTED | {"isFiltersEnabled"}, "voice": _NOT_LISTED | SENT}
LONGEST_PAGE = 100


class DateFilter(StrEnum):
    """How the list reads ``startDate`` and ``endDate``. docs.kore.ai/…/get-all-campaigns does not say."""

    CREATED = "createdAt"
    UPDATED = "updatedAt"
    IGNORED = "ignored"


class CampaignState:
    """Stored campaigns are raw, with fields that no response shows: ``campaignType``, ``deleted`` and ``sending``.

    ``sending`` is the number of messages a minute that an active campaign sends, and the time up to which they count.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.campaigns: dict[str, Raw] = {raw["_id"]: raw for raw in campaigns()}
        self.contact_lists: list[Raw] = contact_lists()
        self.deletes: list[Raw] = []
        self.date_filter = DateFilter.CREATED

    def living(self, campaign_id: str) -> Raw | None:
        raw = self.campaigns.get(campaign_id)
        return None if raw is None or raw["deleted"] else raw

    def send(self, campaign_id: str, per_minute: float) -> Raw:
        """Start an SMS campaign, which then sends so many messages a minute until it is stopped."""
        self.put(campaign_id, {"status": "Active", "campaignInstanceId": f"cid-{uuid.uuid4()}"})
        return self.put(campaign_id, {"sending": {"per_minute": per_minute, "at": time.time()}})

    def stop(self, campaign_id: str) -> None:
        raw = self.campaigns[campaign_id]
        _count_sent(raw)
        raw.pop("sending", None)
        raw.update(status="Stopped", updatedAt=now_text())

    def put(self, campaign_id: str, fields: Raw) -> Raw:
        """Set fields. A new id creates an SMS campaign in status "Ready"."""
        blank = {
            "_id": campaign_id,
            "campaignType": "sms",
            "deleted": False,
            "name": "New Campaign",
            "status": "Ready",
            "priority": "5",
            "format": "simple",
            "createdAt": "2025-12-08T12:00:00.000Z",
            "updatedAt": "2025-12-08T12:00:00.000Z",
        }
        stored = self.campaigns.setdefault(campaign_id, blank)
        stored.update(fields, _id=campaign_id)
        return stored

    def fill(self, count: int) -> None:
        """Add old SMS campaigns until the account holds ``count`` campaigns."""
        missing = count - sum(not raw["deleted"] for raw in self.campaigns.values())
        for raw in bulk_campaigns(missing):
            self.campaigns.setdefault(raw["_id"], raw)

    def create(self, draft: Raw) -> Raw:
        """Create a campaign in status "Ready". A named experience flow gets an id."""
        fields = {name: value for name, value in draft.items() if name not in ("campaignType", "experienceFlowName")}
        if "experienceFlowName" in draft:
            fields["experienceFlow"] = f"cf-{uuid.uuid4()}"
        at = now_text()
        return self.put(f"cd-{uuid.uuid4()}", {**fields, "status": "Ready", "createdAt": at, "updatedAt": at})

    def note_delete(self, campaign_id: str) -> Raw:
        """Record a DELETE on arrival. The caller sets ``answered`` once the response is known."""
        note: Raw = {
            "campaign_id": campaign_id,
            "at": datetime.fromtimestamp(time.time(), UTC).isoformat(),
            "answered": None,
        }
        self.deletes.append(note)
        return note

    def page(self, wanted: Raw) -> Raw:
        """Return one page of the list: docs.kore.ai/…/get-all-campaigns-v2."""
        found = [raw for raw in self.campaigns.values() if _is_wanted(raw, wanted)]
        if self.date_filter is not DateFilter.IGNORED and (wanted.get("startDate") or wanted.get("endDate")):
            found = [raw for raw in found if self._is_in_range(raw, wanted)]
        for key, order in reversed((wanted.get("sortBy") or {"createdAt": "desc"}).items()):
            found.sort(key=lambda raw, key=key: str(raw.get(key) or ""), reverse=order == "desc")  # type: ignore[misc]  # mypy cannot infer the lambda
        limit = min(int(wanted.get("limit") or 10), LONGEST_PAGE)
        skip = int(wanted.get("skip") or 0)
        return {
            "results": [as_listed(raw) for raw in found[skip : skip + limit]],
            "skip": skip,
            "limit": limit,
            "hasMore": skip + limit < len(found),
            "totalPages": math.ceil(len(found) / limit),
            "totalResults": len(found),
        }

    def _is_in_range(self, raw: Raw, wanted: Raw) -> bool:
        """ISO 8601 in UTC sorts as text; both ends count as inside."""
        at = str(raw.get(self.date_filter) or "")
        start, end = wanted.get("startDate"), wanted.get("endDate")
        return (not start or at >= start) and (not end or (at != "" and at <= end))


def as_read(raw: Raw) -> Raw:
    """Return a campaign as GET and DELETE show it: docs.kore.ai/…/get-sms-campaign-by-id."""
    return _without(raw, NOT_READ)


def as_listed(raw: Raw) -> Raw:
    """Return a campaign as the list shows it: SMS campaigns with ``id``, voice campaigns with ``_id``."""
    _count_sent(raw)
    shown = _without(raw, NOT_LISTED)
    if raw["campaignType"] == "sms":
        shown["id"] = shown.pop("_id")
    return shown


def now_text() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _count_sent(raw: Raw) -> None:
    """Add what an active campaign has sent since it was last counted."""
    sending, at = raw.get("sending"), time.time()
    if not sending:
        return
    new = int((at - sending["at"]) / 60 * sending["per_minute"]) if raw.get("status") == "Active" else 0
    raw["totalMessagesSent"] = raw.get("totalMessagesSent", 0) + new
    if new or raw.get("status") != "Active":
        sending["at"] = at


def _without(raw: Raw, left_out: dict[str, frozenset[str]]) -> Raw:
    hidden = OUR_OWN | left_out[raw["campaignType"]]
    return {key: deepcopy(value) for key, value in raw.items() if key not in hidden}


def _is_wanted(raw: Raw, wanted: Raw) -> bool:
    statuses = (wanted.get("filters") or {}).get("status")
    fits = not statuses or raw.get("status") in statuses
    return fits and not raw["deleted"] and raw["campaignType"] == wanted["type"]
