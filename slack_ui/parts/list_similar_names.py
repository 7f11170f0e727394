"""Which campaigns of a list have, or may have, nearly the same names as others outside it."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.policy import ID_END
from slack_ui import strings
from slack_ui.parts.blocks import details, mrkdwn, note
from slack_ui.parts.list_extent import NAME_IN_TABLE
from slack_ui.parts.text import clean, date, short_name


def build(names: Sequence[str], alike: Sequence[SimilarNames]) -> list[Block]:
    """Return a heading, and one line for each campaign that has similar names, with the most similar one.

    ``names`` are the campaigns as the form names them, and ``alike`` their similar names in the same order, all
    compared with one copy of Kore.ai's list.
    """
    found = [(name, each) for name, each in zip(names, alike, strict=True) if each.found]
    as_of = alike[0].as_of
    if as_of and not found:
        return [note(strings.similar_names.LIST_NONE)]
    if not found:
        return [mrkdwn(strings.similar_names.LIST_UNCHECKED)]
    said = strings.similar_names.LIST_ONE if len(found) == 1 else strings.similar_names.LIST_SEVERAL
    heading = said.format(count=len(found), when=date(as_of)) if as_of else strings.similar_names.LIST_KNOWN
    return [mrkdwn(heading), details(*((_named(name, each), _others(each)) for name, each in found))]


def _named(name: str, alike: SimilarNames) -> str:
    return f"{name} ({clean(alike.campaign_id)})" if alike.have_same_end else name


def _others(alike: SimilarNames) -> str:
    first, more = alike.found[0], len(alike.found) - 1
    other = short_name(first.name, NAME_IN_TABLE)
    shown = f"{other}{strings.modals.ID_END.format(end=clean(first.id[-ID_END:]))}"
    if alike.have_same_end:
        shown = f"{other} ({clean(first.id)})"
    said = strings.similar_names.LIKE_AND_MORE if more else strings.similar_names.LIKE
    return said.format(other=shown, count=more)
