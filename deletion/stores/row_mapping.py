"""Map requests, previews and messages to rows of their tables, and back."""

from typing import Any

from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Preview, Purpose, Request
from deletion.domain.records import Message


def row_of(request: Request) -> dict[str, Any]:
    columns = {"decisions", "struck", "budget", "attempt", "differences", "witnesses", "lease"}
    columns |= {"approval_quotas", "missing_approvals", "extent", "earlier", "stop"}
    structured = request.model_dump(mode="json", include=columns)
    return {
        **request.model_dump(mode="python"),
        **structured,
        **_fingerprint_columns(request.campaign),
        # The previous version takes a stop for a rebuild that has no archive: it sends nothing, and counts no delete.
        "rebuilds": request.id if request.purpose is Purpose.STOP else request.rebuilds,
        "campaign_id": request.campaign.campaign_id,
        "fingerprint": request.campaign.digest,
    }


def preview_row(preview: Preview) -> dict[str, Any]:
    structured = preview.model_dump(mode="json", include={"witnesses", "extent"})
    return {**preview.model_dump(mode="python"), **structured, **_fingerprint_columns(preview.campaign)}


def message_row(message: Message) -> dict[str, Any]:
    return {**message.model_dump(mode="python"), **message.model_dump(mode="json", include={"entry"})}


def request_of(row: dict[str, Any]) -> Request:
    lists = {name: row[name] or () for name in ("struck", "approval_quotas")}  # NULL in rows of the previous version
    rebuilds = None if row["stops"] == Purpose.STOP else row["rebuilds"]
    plain = {**without(row, "campaign_id", "fingerprint"), **lists, "rebuilds": rebuilds}
    return Request.model_validate(_with_whole_fingerprint(plain))


def preview_of(row: dict[str, Any]) -> Preview:
    return Preview.model_validate(_with_whole_fingerprint(row))


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _fingerprint_columns(campaign: CampaignFingerprint) -> dict[str, Any]:
    return {
        "campaign": campaign.model_dump(mode="json", exclude={"other_fields"}),
        "other_fields": campaign.other_fields,
    }


def _with_whole_fingerprint(row: dict[str, Any]) -> dict[str, Any]:
    campaign = {**row["campaign"], "other_fields": row["other_fields"]}
    return {**without(row, "other_fields"), "campaign": campaign}
