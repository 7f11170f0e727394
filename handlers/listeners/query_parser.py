"""Parse what follows status or history. Slack sends users, channels and links between < and >."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

from deletion.domain.clock import now
from deletion.stores.request_queries import RequestFilter
from kore_api.campaign_id import InvalidCampaignIdError, parse_campaign_id

# docs.slack.dev/reference/methods/chat.getPermalink: it contains the message's timestamp without the dot.
_LINK = re.compile(r"/archives/([A-Z0-9]{1,32})/p(\d{10})(\d{6})\b")
# docs.slack.dev/interactivity/implementing-slash-commands, with should_escape; or a pasted id.
_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,31})(?:\|[^>]*)?>|([UW][A-Z0-9]{8,31})")
_REQUEST_ID = re.compile(r"[0-9a-f]{8,32}")
_TIME = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True)
class MessageLink:
    """A message, by channel and timestamp."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class RequestId:
    """A request's id, or its first characters."""

    beginning: str


@dataclass(frozen=True)
class NameWords:
    """Words of a campaign's name."""

    words: tuple[str, ...]


class NotAFilterError(ValueError):
    """A word after history that is no filter; ``str()`` is the word."""


def one(text: str) -> RequestFilter | MessageLink | RequestId | NameWords:
    """Return what ``status`` is asked about; without a text, all open requests."""
    if not text:
        return RequestFilter(is_open=True)
    if found := _LINK.search(text):
        return MessageLink(found[1], f"{found[2]}.{found[3]}")
    if campaign_id := _campaign_id(text):
        return RequestFilter(campaign_id=campaign_id)
    if _REQUEST_ID.fullmatch(typed := text.strip("`").lower()):
        return RequestId(typed)
    return NameWords(tuple(html.unescape(text).split()))


def many(text: str, person_id: str) -> RequestFilter:
    """Return the filter for ``history``; ``me`` is this user. Raises NotAFilterError."""
    found = RequestFilter()
    for word in text.split():
        found = found.model_copy(update=_filter(word, person_id))
    return found


def _filter(word: str, person_id: str) -> dict[str, object]:
    if word.lower() == "me":
        return {"requester_id": person_id}
    if person := _PERSON.fullmatch(word):
        return {"requester_id": person[1] or person[2]}
    if time := _TIME.fullmatch(word.lower()):
        return {"since": now() - int(time[1]) * _UNITS[time[2]]}
    if campaign_id := _campaign_id(word):
        return {"campaign_id": campaign_id}
    raise NotAFilterError(html.unescape(word))


def _campaign_id(text: str) -> str | None:
    try:
        return parse_campaign_id(text)
    except InvalidCampaignIdError:
        return None
