"""A request and a message as rows of their tables, and back. The only place that knows the difference."""

from typing import Any

from deletion.domain.models import Message, Request


def row_of(request: Request) -> dict[str, Any]:
    campaign = request.campaign
    structured = request.model_dump(mode="json", include={"campaign", "decisions", "budget", "attempt", "differences"})
    return {
        **request.model_dump(mode="python"),
        **structured,
        "campaign_id": campaign.campaign_id,
        "fingerprint": campaign.digest,
    }


def message_row(message: Message) -> dict[str, Any]:
    return {**message.model_dump(mode="python"), **message.model_dump(mode="json", include={"entry"})}


def request_of(row: dict[str, Any]) -> Request:
    return Request.model_validate(without(row, "campaign_id", "fingerprint"))


def without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
