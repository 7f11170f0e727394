"""Parse what follows status or history. Slack sends users, channels and links between < and >."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from deletion.domain.clock import now
from deletion.domain.text.name_query import NameQuery
from deletion.domain.text.typed_text import campaign_ids, ids_as_typed, unfold, without_marks
from deletion.domain.text.visible_text import visible_text
from deletion.stores.request_queries import RequestFilter

# docs.slack.dev/reference/methods/chat.getPermalink: it contains the message's timestamp without the dot.
_LINK = re.compile(r"/archives/([A-Z0-9]{1,32})/p(\d{10})(\d{6})\b")
# docs.slack.dev/interactivity/implementing-slash-commands, with should_escape; or a pasted id.
_PERSON = re.compile(r"[^\w<]*<@([UW][A-Z0-9]{2,31})(?:\|[^>]*)?>[^\w<]*")
_PERSON_ID = re.compile(r"[\W_]*([UW][A-Z0-9]{8,31})[\W_]*")
_REQUEST_ID = re.compile(r"[0-9a-f]{8,32}")
_TIME = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_BESIDE_AN_ID = frozenset({"", "id", "campaign", "request", "delete", "of", "for"})


@dataclass(frozen=True)
class MessageLink:
    """A message, by channel and timestamp."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class RequestId:
    """A request's id, or its first characters."""

    beginning: str


class NotAFilterError(ValueError):
    """A word after history that is no filter; ``str()`` is the word."""


class SeveralIdsError(ValueError):
    """Different campaign ids where one is expected."""


def _no_ticket(_: str) -> bool:
    return False


def one_campaign_id(text: str) -> str | None:
    """Return the only campaign id in a text as typed, or None if there is none. Raises SeveralIdsError."""
    if len(campaign_ids(text)) > 1:
        raise SeveralIdsError
    return next(iter(ids_as_typed(text)), None)


def one(
    text: str, is_ticket: Callable[[str], bool] = _no_ticket
) -> RequestFilter | MessageLink | RequestId | NameQuery:
    """Return what ``status`` is asked about; without a text, all open requests. Raises SeveralIdsError."""
    if not visible_text(text):
        return RequestFilter(is_open=True)
    if found := _LINK.search(text):
        return MessageLink(found[1], f"{found[2]}.{found[3]}")
    if campaign_id := one_campaign_id(text):
        return RequestFilter(campaign_id=campaign_id)
    if is_ticket(ticket := visible_text(unfold(text))):
        return RequestFilter(ticket=ticket)
    words = [word for typed in text.split() if (word := without_marks(typed)) not in _BESIDE_AN_ID]
    if len(words) == 1 and _REQUEST_ID.fullmatch(words[0]):
        return RequestId(words[0])
    return NameQuery.of(text)


def many(text: str, person_id: str) -> RequestFilter:
    """Return the filter for ``history``; ``me`` is this user. Raises NotAFilterError and SeveralIdsError."""
    found = RequestFilter(campaign_id=one_campaign_id(text))
    for word in text.split():
        if not campaign_ids(word):
            found = found.model_copy(update=_filter(word, person_id, beside_an_id=bool(found.campaign_id)))
    return found


def _filter(word: str, person_id: str, *, beside_an_id: bool) -> dict[str, object]:
    if person := _PERSON.fullmatch(word) or _PERSON_ID.fullmatch(visible_text(unfold(word))):
        return {"requester_id": person[1]}
    plain = without_marks(word)
    if plain == "me":
        return {"requester_id": person_id}
    if time := _TIME.fullmatch(plain):
        return {"since": now() - int(time[1]) * _UNITS[time[2]]}
    if not plain or (beside_an_id and plain in _BESIDE_AN_ID):
        return {}
    raise NotAFilterError(unfold(word))
