"""A campaign as Kore.ai's list showed it, and a copy of the whole list. Good for finding, never for deciding."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import attrgetter

from rapidfuzz.utils import default_process

from deletion.domain.policy import Policy, Refusal
from deletion.domain.visible_text import visible_text
from kore_api.models import Campaign

LONGEST = 300


def search_key(text: str) -> str:
    """A name or a query as it is compared: what is seen of it, in small letters without accents, and digits."""
    if not (text.isascii() and text.isprintable()):
        apart = unicodedata.normalize("NFKD", visible_text(text))
        text = "".join(char for char in apart if not unicodedata.combining(char))
    return " ".join(default_process(text).split())


@dataclass(frozen=True, slots=True)
class ListedCampaign:
    """One campaign: what is needed to find it and to tell it from others. ``sweep`` is the one that saw it last."""

    id: str
    name: str
    status: str
    is_sms: bool
    is_voice: bool
    updated_at: datetime | None
    sweep: int = 0
    key: str = field(init=False)
    updated: float = field(init=False)  # seconds since 1970, 0 where Kore.ai does not tell

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", search_key(self.name))
        object.__setattr__(self, "updated", self.updated_at.timestamp() if self.updated_at else 0.0)

    @classmethod
    def of(cls, campaign: Campaign, campaign_type: str, sweep: int) -> "ListedCampaign":
        """A campaign from the list of this type; the list knows the type even where the campaign does not show it."""
        return cls(
            id=_storable(campaign.id),
            name=_storable(campaign.name),
            status=_storable(campaign.status),
            is_sms=campaign.is_sms,
            is_voice=campaign.is_voice or campaign_type == "voice",
            updated_at=campaign.updated_at,
            sweep=sweep,
        )


@dataclass(frozen=True)
class CachedList:
    """What this process has of the list, and how far that can be relied on.

    ``campaigns`` has the deletable ones first, and of each kind the last updated first. ``as_of``: all that was there
    at that time is in it, if nobody has deleted it since; None while the first sweep is not over. ``total``: how many
    Kore.ai says there are of the type that is being read. ``trouble``: why that stopped.
    """

    campaigns: tuple[ListedCampaign, ...] = ()
    as_of: datetime | None = None
    total: int | None = None
    trouble: Refusal | None = None

    @property
    def is_whole(self) -> bool:
        return self.as_of is not None

    def is_fresh(self, at: datetime) -> bool:
        """Whether it is whole, and its reading was not begun before this time."""
        return self.as_of is not None and self.as_of >= at


def sorted_for_picker(campaigns: Iterable[ListedCampaign], policy: Policy) -> tuple[ListedCampaign, ...]:
    """The deletable ones first, and of each kind the last updated first."""

    @cache
    def is_refused(*, is_voice: bool, is_sms: bool, status: str) -> bool:
        return policy.refuse_kind(is_voice=is_voice, is_sms=is_sms, status=status) is not None

    deletable: list[ListedCampaign] = []
    others: list[ListedCampaign] = []
    for campaign in sorted(campaigns, key=attrgetter("updated"), reverse=True):
        refused = is_refused(is_voice=campaign.is_voice, is_sms=campaign.is_sms, status=campaign.status)
        (others if refused else deletable).append(campaign)
    return (*deletable, *others)


def _storable(text: str) -> str:
    """Without what a database refuses: zero bytes and halves of characters. Longer than any name is cut."""
    return text[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode()
