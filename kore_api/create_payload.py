"""What is sent to make a campaign like one that was read. The only place that knows the create API's body.

docs.kore.ai/…/create-sms-campaign-without-template, -using-template and -advanced-format, and their -v2 pages.
"""

from typing import Any

from kore_api.models import Campaign

NAME_LIMIT, DESCRIPTION_LIMIT = 48, 256  # docs.kore.ai/…/update-sms-campaign
NEVER_STARTED = {"isSchedulingEnabled": False, "isRecurrenceEnabled": False}
MESSAGE_FIELDS = ("template_name", "message", "templateId")


class NotEnoughError(Exception):
    """A campaign cannot be made from this; ``args[0]`` names what is missing."""


def needs_flow_name(campaign: Campaign) -> bool:
    """An advanced campaign runs an experience flow, which is read as an id and made by a name."""
    return campaign.format == "advanced"


def create_payload(campaign: Campaign, flow_name: str = "") -> dict[str, Any]:
    """The body: what was read, without a schedule, so that nothing starts by itself.

    Raises NotEnoughError if it lacks what the create API requires.
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
    """The v2 pages send the name of a list of people who are not to be contacted, and no id."""
    name = dnc_list.get("name") if isinstance(dnc_list, dict) else None
    return {"name": name} if name else None
