"""Turn a confirmed response into the value of its operation, or raise KoreError if it does not show one."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kore_api.endpoints import Endpoint
from kore_api.models import Campaign, CampaignStatus, ContactList, Created, Deleted
from kore_api.paging import Page, page_of
from kore_api.responses.api_response import ApiResponse, shows_no_campaign, unconfirmed

Model = TypeVar("Model", bound=BaseModel)
MAX_CONTACT_LISTS = 5_000  # they come in one answer; validating many more would block the event loop


def campaign_read(endpoint: Endpoint, answer: ApiResponse) -> Campaign:
    if answer.has_data and answer.data is None:
        raise shows_no_campaign(endpoint, answer)
    return _this_campaign(endpoint, answer)


def campaign_with_time(endpoint: Endpoint, answer: ApiResponse) -> tuple[Campaign, float]:
    return campaign_read(endpoint, answer), answer.answered_at


def status(endpoint: Endpoint, answer: ApiResponse) -> CampaignStatus:
    if answer.has_data and answer.data is None:
        raise shows_no_campaign(endpoint, answer)
    try:
        shown = CampaignStatus.model_validate(answer.data)
    except ValidationError:
        raise unconfirmed(endpoint, answer, "it shows no campaign") from None
    if shown.id != endpoint.campaign_id:
        raise unconfirmed(endpoint, answer, "it shows another campaign")
    return shown


def deleted(endpoint: Endpoint, answer: ApiResponse) -> Deleted:
    return Deleted(message=answer.message, campaign=_this_campaign(endpoint, answer))


def stopped(_: Endpoint, answer: ApiResponse) -> str:
    """Return Kore.ai's message: the response shows no campaign."""
    return answer.message


def created(endpoint: Endpoint, answer: ApiResponse) -> Created:
    return Created(message=answer.message, campaign=_any_campaign(endpoint, answer))


def page(endpoint: Endpoint, answer: ApiResponse) -> Page[Campaign]:
    data = answer.data if isinstance(answer.data, dict) else {}
    limit = (endpoint.body or {})["limit"]
    return page_of(_read_all(Campaign, data.get("results"), limit, endpoint, answer), data)


def contact_lists(endpoint: Endpoint, answer: ApiResponse) -> list[ContactList]:
    return _read_all(ContactList, answer.data, MAX_CONTACT_LISTS, endpoint, answer)


def _this_campaign(endpoint: Endpoint, answer: ApiResponse) -> Campaign:
    campaign = _any_campaign(endpoint, answer)
    if campaign.id != endpoint.campaign_id:
        raise unconfirmed(endpoint, answer, "it shows another campaign")
    return campaign


def _any_campaign(endpoint: Endpoint, answer: ApiResponse) -> Campaign:
    try:
        return Campaign.model_validate(answer.data)
    except ValidationError:
        raise unconfirmed(endpoint, answer, "it shows no campaign") from None


def _read_all(model: type[Model], items: Any, limit: int, endpoint: Endpoint, answer: ApiResponse) -> list[Model]:
    if not isinstance(items, list):
        raise unconfirmed(endpoint, answer, "it has no list")
    if len(items) > limit:
        raise unconfirmed(endpoint, answer, f"its list has {len(items)} items where at most {limit} were expected")
    try:
        return [model.model_validate(item) for item in items]
    except ValidationError:
        raise unconfirmed(endpoint, answer, "an item of its list cannot be read") from None
