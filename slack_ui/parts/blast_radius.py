"""How many people a delete concerns, in one line: ``Stopped · 137 sent · 1,204 contacts``."""

from deletion.domain.extent import Extent
from kore_api.models import Campaign
from slack_ui import strings
from slack_ui.parts.text import clean

DOT, STATUS_LIMIT = " · ", 40


def of(campaign: Campaign, extent: Extent | None) -> str:
    """Return plain text for a modal; ``extent`` is None while it is being loaded."""
    status = clean(campaign.status, STATUS_LIMIT)
    return line(status, extent, campaign.contact_lists, strings.modals.COUNTING)


def line(status: str, extent: Extent | None, lists: tuple[str, ...], no_extent: str = strings.modals.UNKNOWN) -> str:
    """Return the line. The caller has cleaned ``status``."""
    missing = strings.modals.UNKNOWN if extent else no_extent
    sent, contacts = (_sent(extent), _contacts(extent, lists)) if extent else (None, None)
    return DOT.join(
        [
            status or strings.campaign.STATUS_UNKNOWN,
            sent or strings.campaign.SENT_MISSING.format(missing=missing),
            contacts or strings.campaign.CONTACTS_MISSING.format(missing=missing),
        ]
    )


def _sent(extent: Extent) -> str | None:
    sent = extent.messages_sent
    return None if sent is None else strings.campaign.SENT_SHORT.format(count=f"{sent:,}")


def _contacts(extent: Extent, lists: tuple[str, ...]) -> str | None:
    """Return the contacts of all lists together; "at least" where the size of some is unknown."""
    sizes = [extent.list_sizes.get(name) for name in dict.fromkeys(lists)]
    known = [size for size in sizes if size is not None]
    if not known:
        return None
    said = size_of(sum(known))
    return said if len(known) == len(sizes) else strings.campaign.SIZE_AT_LEAST.format(size=said)


def size_of(contacts: int) -> str:
    return strings.campaign.SIZE_ONE if contacts == 1 else strings.campaign.SIZE.format(count=f"{contacts:,}")
