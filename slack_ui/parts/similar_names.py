"""The warning that other campaigns have, or may have, nearly the same name."""

from slack_sdk.models.blocks import SectionBlock

from deletion.catalogue.listed_campaign import ListedCampaign
from deletion.catalogue.similar_names import SimilarNames
from slack_ui import strings
from slack_ui.parts.blocks import mrkdwn
from slack_ui.parts.text import NAME_LIMIT, code, date, short_id, word

MOST_SHOWN = 5
STATUS_LIMIT = 40


def build(alike: SimilarNames) -> list[SectionBlock]:
    """Return the warning, or nothing if there certainly are no such campaigns."""
    if not alike.ask_for_id:
        return []
    more = len(alike.found) - MOST_SHOWN
    lines = [_heading(alike), *(_line(campaign) for campaign in alike.found[:MOST_SHOWN])]
    return [mrkdwn("\n".join([*lines, strings.modals.ALIKE_MORE.format(count=more)] if more > 0 else lines))]


def _heading(alike: SimilarNames) -> str:
    if alike.as_of is None:
        return strings.modals.ALIKE_KNOWN if alike.found else strings.modals.ALIKE_UNCHECKED
    said = strings.modals.ALIKE_ONE if len(alike.found) == 1 else strings.modals.ALIKE_SEVERAL
    return said.format(count=len(alike.found), when=date(alike.as_of))


def _line(campaign: ListedCampaign) -> str:
    updated = campaign.updated_at
    return strings.modals.ALIKE_LINE.format(
        name=code(campaign.name, NAME_LIMIT) or strings.modals.UNNAMED,
        status=word(campaign.status, STATUS_LIMIT) or strings.modals.UNKNOWN,
        id=short_id(campaign.id),
        updated=strings.modals.ALIKE_UPDATED.format(when=date(updated)) if updated else strings.modals.ALIKE_NOT_DATED,
    )
