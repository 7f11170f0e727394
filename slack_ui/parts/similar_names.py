"""The warning that other campaigns have, or may have, nearly the same name."""

from slack_sdk.models.blocks import SectionBlock

from deletion.catalogue.listed_campaign import ListedCampaign
from deletion.catalogue.similar_names import SimilarNames
from slack_ui import strings
from slack_ui.parts.blocks import mrkdwn
from slack_ui.parts.text import code, date, name_in_code, short_id, word

MOST_SHOWN = 5
STATUS_LIMIT = 40


def build(alike: SimilarNames) -> list[SectionBlock]:
    """Return the warning, or nothing if there certainly are no such campaigns."""
    if not alike.ask_for_id:
        return []
    more = len(alike.found) - MOST_SHOWN
    lines = [_heading(alike), *(_line(campaign, alike) for campaign in alike.found[:MOST_SHOWN])]
    return [mrkdwn("\n".join([*lines, strings.similar_names.MORE.format(count=more)] if more > 0 else lines))]


def _heading(alike: SimilarNames) -> str:
    if alike.as_of is None:
        return strings.similar_names.KNOWN if alike.found else strings.similar_names.UNCHECKED
    said = strings.similar_names.ONE if len(alike.found) == 1 else strings.similar_names.SEVERAL
    return said.format(count=len(alike.found), when=date(alike.as_of))


def _line(campaign: ListedCampaign, alike: SimilarNames) -> str:
    updated = campaign.updated_at
    return strings.similar_names.LINE.format(
        name=name_in_code(campaign.name),
        status=word(campaign.status, STATUS_LIMIT) or strings.modals.UNKNOWN,
        id=code(campaign.id) if alike.have_same_end else short_id(campaign.id),
        updated=strings.similar_names.UPDATED.format(when=date(updated))
        if updated
        else strings.similar_names.NOT_DATED,
    )
