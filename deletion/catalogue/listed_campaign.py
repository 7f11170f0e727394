"""A campaign as Kore.ai's list showed it, and the cached list. Good for finding campaigns, not for deciding on them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import attrgetter

from deletion.domain.policy import Policy, Refusal
from deletion.domain.text.name_query import search_key
from kore_api.models import Campaign

LONGEST = 300
GONE = -1  # the sweep of a campaign that was deleted since the list was read


@dataclass(frozen=True, slots=True)
class ListedCampaign:
    """A campaign as the list shows it. ``sweep`` is the last full sweep that saw it, ``seen_at`` when that was."""

    id: str
    name: str
    status: str
    is_sms: bool
    is_voice: bool
    updated_at: datetime | None
    sweep: int = 0
    messages_sent: int | None = None
    seen_at: datetime | None = None
    key: str = field(init=False)
    updated: float = field(init=False)  # seconds since 1970, 0 where unknown

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", search_key(self.name))
        object.__setattr__(self, "updated", self.updated_at.timestamp() if self.updated_at else 0.0)

    @classmethod
    def of(
        cls, campaign: Campaign, campaign_type: str, sweep: int, seen_at: datetime | None = None
    ) -> "ListedCampaign":
        """Return a campaign of the list of this type, which tells the type even where the campaign does not."""
        return cls(
            id=_storable(campaign.id),
            name=_storable(campaign.name),
            status=_storable(campaign.status),
            is_sms=campaign.is_sms,
            is_voice=campaign.is_voice or campaign_type == "voice",
            updated_at=campaign.updated_at,
            sweep=sweep,
            messages_sent=_within_range(campaign.total_messages_sent),
            seen_at=seen_at,
        )


@dataclass(frozen=True)
class CachedList:
    """The list as this replica knows it.

    ``campaigns`` has the deletable ones first, then by last update. ``as_of``: every campaign of that time is in it,
    unless it was deleted since; None until the first full sweep is complete. ``total``: the number of campaigns that
    Kore.ai states for the type that is being read. ``trouble``: why the sync stopped.
    """

    campaigns: tuple[ListedCampaign, ...] = ()
    as_of: datetime | None = None
    total: int | None = None
    trouble: Refusal | None = None

    @property
    def is_whole(self) -> bool:
        return self.as_of is not None

    def is_fresh(self, at: datetime) -> bool:
        """Return whether it is complete and its reading began no earlier than ``at``."""
        return self.as_of is not None and self.as_of >= at


def sorted_for_picker(campaigns: Iterable[ListedCampaign], policy: Policy) -> tuple[ListedCampaign, ...]:
    """Return the deletable campaigns first, each kind by last update."""

    @cache
    def is_refused(*, is_voice: bool, is_sms: bool, status: str) -> bool:
        return policy.refuse_kind(is_voice=is_voice, is_sms=is_sms, status=status) is not None

    deletable: list[ListedCampaign] = []
    others: list[ListedCampaign] = []
    for campaign in sorted(campaigns, key=attrgetter("updated"), reverse=True):
        refused = is_refused(is_voice=campaign.is_voice, is_sms=campaign.is_sms, status=campaign.status)
        (others if refused or policy.protects(campaign.name) else deletable).append(campaign)
    return (*deletable, *others)


def _storable(text: str) -> str:
    """Return the text without what a database refuses, zero bytes and lone surrogates, cut to ``LONGEST``."""
    return text[:LONGEST].replace("\0", "").encode("utf-8", "replace").decode()


def _within_range(count: int | None) -> int | None:
    """Return a count that a 64-bit column holds, or None."""
    return count if count is not None and 0 <= count < 2**63 else None
