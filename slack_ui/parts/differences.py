"""List the changes between two readings of a campaign, one line for each field."""

from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.models import Request
from kore_api.models import Campaign
from slack_ui import strings
from slack_ui.parts.campaign_summary import count_of, readable
from slack_ui.parts.text import NAME_LIMIT, clean

DIFFERENCE_LIMIT, DIFFERENCES_SHOWN = 150, 10


def lines(request: Request) -> list[str]:
    """Return plain text for the fields in which the campaign was no longer the requested one."""
    return _lines(request.differences)


def _lines(found: tuple[Difference, ...]) -> list[str]:
    more = len(found) - DIFFERENCES_SHOWN
    return [
        strings.cards.CHANGED_FIELD.format(
            field=field(difference),
            before=clean(readable(difference.field, difference.before), DIFFERENCE_LIMIT) or strings.cards.EMPTY_VALUE,
            after=clean(readable(difference.field, difference.after), DIFFERENCE_LIMIT) or strings.cards.EMPTY_VALUE,
        )
        for difference in found[:DIFFERENCES_SHOWN]
    ] + _more(more)


def _more(count: int) -> list[str]:
    """Return a line about the fields that are not shown, if there are any."""
    said = strings.cards.ONE_MORE_CHANGED if count == 1 else strings.cards.MORE_CHANGED.format(count=count)
    return [said] if count > 0 else []


def field(difference: Difference) -> str:
    return strings.cards.FIELDS.get(difference.field, difference.field)


def _by_stop(request: Request, campaign: Campaign) -> tuple[Difference, ...]:
    """Return the change of the status up to the request's stop, after which the campaign is compared as it was then."""
    if request.stop is None or request.stop.status_before == campaign.status:
        return ()
    return (Difference(field="status", before=request.stop.status_before, after=campaign.status),)


def since_request(request: Request, campaign: Campaign, now: Extent | None) -> list[str]:
    """Return plain text: the counts that differ from what the requester was shown, and the fields.

    A campaign to stop may differ in what a run changes; any other is the same but for the status that a stop of the bot
    has changed. ``now`` is None while it is loaded.
    """
    before = request.extent
    changed_fields = (*_by_stop(request, campaign), *request.campaign.differences(CampaignFingerprint.of(campaign)))
    same = _lines(changed_fields) or [strings.modals.SAME_CAMPAIGN]
    if before is None:
        return [*same, strings.modals.COUNTS_NOT_KNOWN_THEN]
    if now is None:
        return [*same, strings.modals.COUNTING]
    names = dict.fromkeys(request.campaign.contact_lists)
    counts = [(clean(name, NAME_LIMIT), before.list_sizes.get(name), now.list_sizes.get(name)) for name in names]
    counts.append((strings.campaign.SENT, before.messages_sent, now.messages_sent))
    changed = [
        strings.cards.CHANGED_FIELD.format(
            field=name or strings.modals.UNNAMED_LIST, before=count_of(then), after=count_of(after)
        )
        for name, then, after in counts
        if then != after
    ]
    shown, more = changed[:DIFFERENCES_SHOWN], len(changed) - DIFFERENCES_SHOWN
    return [*same, *([*shown, *_more(more)] or [strings.modals.SAME_COUNTS])]
