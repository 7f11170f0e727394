"""Find campaigns whose names are nearly the same as another's. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from deletion.catalogue.listed_campaign import LONGEST, CachedList, ListedCampaign
from deletion.catalogue.sync_state import FRESH
from deletion.domain.policy import ID_END
from deletion.domain.text.look_alikes import READ_AS, as_read
from deletion.domain.text.name_query import search_key

# "Spring Sale Reminder" and "Spring Sale Remlnder" are 95 of 100 alike, "Customer Welcome" and "Customer Welcome EU"
# 91; "Interactive Support SMS Campaign" and "Interactive Support Voice Campaign" are 88, and clearly different.
ALIKE_FROM = 90
ONE_LETTER = 1  # in a short name one letter is more than a tenth: "Promo A" and "Promo B"
TOO_OLD = timedelta(minutes=15)
_LETTERS = {**READ_AS, **dict.fromkeys(map(ord, "0123456789 "))}


@dataclass(frozen=True)
class SimilarNames:
    """Other campaigns with nearly the same name, most similar first; ``as_of`` is None if unchecked.

    ``campaign_id`` is the campaign that they are compared with.
    """

    found: tuple[ListedCampaign, ...] = ()
    as_of: datetime | None = None
    campaign_id: str = ""

    @property
    def ask_for_id(self) -> bool:
        """Return whether the name alone may not identify the campaign."""
        return bool(self.found) or self.as_of is None

    @property
    def have_same_end(self) -> bool:
        """Return whether the end of the id does not identify the campaign either."""
        return any(other.id[-ID_END:].lower() == self.campaign_id[-ID_END:].lower() for other in self.found)


def similar_names(campaign_id: str, name: str, copy: CachedList, at: datetime) -> SimilarNames:
    """Return similar names of the cached list, asked for ``at`` that time.

    An incomplete list, or one that was more than a minute old then, may show some, and proves nothing.
    """
    is_proof = copy.is_fresh(at - FRESH)
    found = tuple(_alike(campaign_id, name, copy.campaigns))
    return SimilarNames(found, copy.as_of if is_proof else None, campaign_id)


def _alike(campaign_id: str, name: str, campaigns: Sequence[ListedCampaign]) -> list[ListedCampaign]:
    """Return campaigns with the same letters apart from digits and punctuation, one edit away, or 90 % similar.

    Letters that look alike count as the same. Of a long name, as much is compared as the list keeps.
    """
    key, keys = search_key(name[:LONGEST]), [campaign.key for campaign in campaigns]
    letters = _letters(key)
    same = [index for index, other in enumerate(keys) if letters and _letters(other) == letters]
    alike = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=ALIKE_FROM, limit=None)
    near = process.extract(key, keys, scorer=Levenshtein.distance, score_cutoff=ONE_LETTER, limit=None)
    indexes = {*same, *(index for *_, index in (*alike, *near))}
    others = (campaigns[index] for index in indexes if campaigns[index].id != campaign_id)
    return sorted(
        others, key=lambda other: (-fuzz.ratio(as_read(key), as_read(other.key)), -fuzz.ratio(key, other.key), other.id)
    )


def _letters(key: str) -> str:
    return as_read(key, _LETTERS)
