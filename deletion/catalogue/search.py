"""Search campaigns by name or id. Pure: the query and the list in, the best hits out."""

import heapq
import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from rapidfuzz import fuzz, process

from deletion.catalogue.listed_campaign import ListedCampaign
from deletion.domain.policy import ID_END
from deletion.domain.text.name_query import NameQuery
from deletion.domain.text.typed_text import without_marks

MOST_HITS = 100  # an external select shows no more (docs.slack.dev/reference/block-kit/block-elements)
ENOUGH = 10  # direct hits; with as many, fuzzy ones are not searched
FUZZY_FROM = 70  # of 100: "billing alrt" still finds "Billing Alert …" and not "Billing Reminder …"
CANDIDATE_FROM = 65  # as typed; with the words in another order it may score higher
AT_A_TIME = 10_000  # the library holds the interpreter's lock, so other work goes on in between
_PART_OF_AN_ID = re.compile(rf"[cdx0-9a-f-]{{{ID_END},}}")


class Closeness(IntEnum):
    """How closely a campaign matches a query, closest first."""

    SAME = 0
    PREFIX = 1
    WORDS = 2  # each word typed is one of its words
    CONTAINS = 3
    FUZZY = 4


class Hit(NamedTuple):
    """A matching campaign. ``score`` (0 to 100) orders the fuzzy ones. ``by_id``: its id alone matches."""

    campaign: ListedCampaign
    closeness: Closeness
    score: float = 0.0
    by_id: bool = False


def rank(query: str, campaigns: Sequence[ListedCampaign], limit: int = MOST_HITS) -> list[Hit]:
    """Return the best hits, closest first; equally close ones stay in the order of ``campaigns``.

    Names come before ids, because a year may be the end of an id by chance. An empty query matches every campaign. The
    time is proportional to the number of campaigns.
    """
    asked, part_of_id = NameQuery.of(query), without_marks(query)
    key = asked.key
    if not asked.literal:
        return [Hit(campaign, Closeness.SAME) for campaign in campaigns[:limit]]
    hits = [Hit(campaign, _closeness(campaign, key, part_of_id)) for campaign in _named(asked, campaigns)]
    named = {hit.campaign.id for hit in hits}
    hits += [
        Hit(campaign, _closeness(campaign, key, part_of_id), by_id=True)
        for campaign in _with_id(part_of_id, campaigns)
        if campaign.id not in named
    ]
    if key and len(hits) < ENOUGH:
        found = {hit.campaign.id for hit in hits}
        hits += [hit for hit in _fuzzy(key, campaigns) if hit.campaign.id not in found]
    return heapq.nsmallest(limit, hits, key=_order)


def meant(hits: Sequence[Hit]) -> list[ListedCampaign]:
    """Return the direct hits of a ranking: a name that only resembles the query may be of another campaign.

    Those by id count only where there are none by name.
    """
    direct = [hit for hit in hits if hit.closeness is not Closeness.FUZZY]
    named = [hit for hit in direct if not hit.by_id]
    return [hit.campaign for hit in named or direct]


def with_words(query: str, campaigns: Sequence[ListedCampaign]) -> Sequence[ListedCampaign]:
    """Return those whose name has the typed words; all of them if none has."""
    return [each for each in campaigns if has_words(query, each)] or campaigns


def has_words(query: str, campaign: ListedCampaign) -> bool:
    """Return whether each typed word is a word of the name: of Zone 4, and not of Zone 14."""
    return set(NameQuery.of(query).key.split()) <= set(campaign.key.split())


def _order(hit: Hit) -> tuple[bool, bool, Closeness, float]:
    return hit.closeness is Closeness.FUZZY, hit.by_id, hit.closeness, -round(hit.score, -1)


def _named(asked: NameQuery, campaigns: Sequence[ListedCampaign]) -> Sequence[ListedCampaign]:
    """Return the campaigns whose name the query finds."""
    found = campaigns
    for word in asked.key.split():  # word by word, which is faster than asking the query for each campaign
        found = [campaign for campaign in found if word in campaign.key]
    if not asked.key:
        found = [campaign for campaign in campaigns if asked.finds(campaign.name, campaign.key)]
    return found


def _with_id(part: str, campaigns: Sequence[ListedCampaign]) -> Sequence[ListedCampaign]:
    """Return the campaigns whose id begins or ends with the query."""
    if not _PART_OF_AN_ID.fullmatch(part):
        return []
    return [each for each in campaigns if (key := each.id.casefold()).startswith(part) or key.endswith(part)]


def _closeness(campaign: ListedCampaign, key: str, part_of_id: str) -> Closeness:
    name, campaign_id = campaign.key, campaign.id.casefold()
    if name == key or part_of_id in (campaign_id, campaign_id[-ID_END:]):
        return Closeness.SAME
    if (key and name.startswith(key)) or (part_of_id and campaign_id.startswith(part_of_id)):
        return Closeness.PREFIX
    return Closeness.WORDS if set(key.split()) <= set(name.split()) else Closeness.CONTAINS


def _fuzzy(key: str, campaigns: Sequence[ListedCampaign]) -> list[Hit]:
    """Score by the better of two comparisons: as typed, and with the words in any order."""
    hits = []
    for start in range(0, len(campaigns), AT_A_TIME):
        names = [campaign.key for campaign in campaigns[start : start + AT_A_TIME]]
        near = process.extract(key, names, scorer=fuzz.partial_ratio, score_cutoff=CANDIDATE_FROM, limit=1000)
        for name, as_typed, index in near:
            score = max(as_typed, fuzz.partial_token_sort_ratio(key, name))
            if score >= FUZZY_FROM:
                hits.append(Hit(campaigns[start + index], Closeness.FUZZY, score))
    return hits
