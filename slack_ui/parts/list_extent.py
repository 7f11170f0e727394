"""How many people the campaigns of a list concern together, and one campaign of it in a line."""

from collections.abc import Sequence
from datetime import UTC, datetime

from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Request
from slack_ui import strings
from slack_ui.parts import blast_radius
from slack_ui.parts.text import clean, day, id_among, plain_name, short_name

Shown = tuple[CampaignFingerprint, Extent | None]
VALUE = 40
DAY_LIMIT = 10
NAME_IN_TABLE = 48


def shown(requests: Sequence[Request]) -> list[Shown]:
    """Return each campaign of these requests, as it was when it was requested."""
    return [(each.campaign, each.extent) for each in requests]


def count(number: int) -> str:
    return strings.lists.ONE if number == 1 else strings.lists.TOTAL.format(count=number)


def verbs(number: int) -> dict[str, str]:
    """Return the verbs of sentences about that many campaigns, by their plural."""
    return {plural: singular if number == 1 else plural for plural, singular in strings.lists.VERBS.items()}


def total(campaigns: Sequence[Shown]) -> str:
    """Return one line of plain text for all: a contact list that several use counts once."""
    names = tuple(dict.fromkeys(name for campaign, _ in campaigns for name in campaign.contact_lists))
    sizes = {name: size for _, extent in campaigns if extent for name, size in extent.list_sizes.items()}
    sent = [extent.messages_sent if extent else None for _, extent in campaigns]
    known = [number for number in sent if number is not None]
    whole = Extent(list_sizes=sizes, messages_sent=sum(known) if len(known) == len(sent) else None)
    return blast_radius.line(count(len(campaigns)), whole, names)


def name_and_id(campaign: CampaignFingerprint, among: Sequence[str]) -> str:
    """Return the name in plain text, with what tells its id from ``among``, the ids of the list."""
    return f"{plain_name(campaign.name)}{_id(campaign, among)}"


def short_name_and_id(campaign: CampaignFingerprint, among: Sequence[str], limit: int) -> str:
    """Return the same with a name that is cut in the middle, so that all is at most ``limit`` long."""
    shown_id = _id(campaign, among)
    return f"{short_name(campaign.name, limit - len(shown_id))}{shown_id}"


def line(campaign: CampaignFingerprint, extent: Extent | None) -> str:
    """Return status, contacts, messages sent and last update of one campaign as plain text."""
    updated = _day(campaign.updated_at)
    said = strings.lists.UPDATED.format(day=updated) if updated else strings.lists.NOT_DATED
    return f"{_reach(campaign, extent)}{blast_radius.DOT}{said}"


def _day(updated_at: str) -> str:
    """Return the day as the picker shows it, or the beginning of what Kore.ai says in place of a time."""
    try:
        moment = datetime.fromisoformat(updated_at)
    except ValueError:
        return clean(updated_at[:DAY_LIMIT])
    return day(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def cells(campaign: CampaignFingerprint, extent: Extent | None, among: Sequence[str]) -> tuple[str, str]:
    """Return name with id, and the reach, for a row of a table that fits into a message twenty times."""
    return f"{short_name(campaign.name, NAME_IN_TABLE)}{_id(campaign, among)}", _reach(campaign, extent)


def _id(campaign: CampaignFingerprint, among: Sequence[str]) -> str:
    return strings.modals.ID_SHOWN.format(id=clean(id_among(campaign.campaign_id, among), VALUE))


def _reach(campaign: CampaignFingerprint, extent: Extent | None) -> str:
    return blast_radius.line(clean(campaign.status, VALUE), extent or Extent(), campaign.contact_lists)
