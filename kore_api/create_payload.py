"""Build the body that creates a campaign like one that was read.

docs.kore.ai/…/create-sms-campaign-without-template, -using-template and -advanced-format, and their -v2 pages.
"""

from typing import Any

from kore_api.models import Campaign

NAME_LIMIT, DESCRIPTION_LIMIT = 48, 256  # docs.kore.ai/…/update-sms-campaign
NEVER_STARTED = {"isSchedulingEnabled": False, "isRecurrenceEnabled": False}
MESSAGE_FIELDS = ("template_name", "message", "templateId")


class NotEnoughError(Exception):
    """The campaign lacks what the create API requires; ``args[0]`` names the fields."""


def needs_flow_name(campaign: Campaign) -> bool:
    """Return whether the flow's name is needed: reads show an experience flow by its id, create takes its name."""
    return campaign.format == "advanced"


def create_payload(campaign: Campaign, flow_name: str = "") -> dict[str, Any]:
    """Return the body, without a schedule, so that the new campaign does not start by itself.

    Raises NotEnoughError.
    """
    raw = campaign.raw
    message = {name: (raw.get("message") or {}).get(name) for name in MESSAGE_FIELDS} if campaign.message else {}
    content = {"experienceFlowName": flow_name} if needs_flow_name(campaign) else {"message": _given(message)}
    required = {"name": campaign.name, "contactLists": list(campaign.contact_lists), **content}
    if missing := [name for name, value in required.items() if not value]:
        raise NotEnoughError(", ".join(missing))
    optional = {"dialingStrategy": raw.get("dialingStrategy"), "dncLists": _names_only(raw.get("dncLists"))}
    return {
        **required,
        **_given(optional),
        "name": campaign.name[:NAME_LIMIT],
        "description": (campaign.description or campaign.name)[:DESCRIPTION_LIMIT],
        "priority": str(campaign.priority or 5),
        "format": campaign.format or "simple",
        "campaignType": "sms",
        "schedule": NEVER_STARTED,
    }


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _names_only(dnc_list: Any) -> dict[str, Any] | None:
    """Keep the name of a do-not-contact list: the v2 pages send no id."""
    name = dnc_list.get("name") if isinstance(dnc_list, dict) else None
    return {"name": name} if name else None
