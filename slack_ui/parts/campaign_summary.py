"""A campaign's details as text. A value that Kore.ai does not return is shown as unknown, never as zero."""

import json
from collections.abc import Sized
from datetime import datetime

from slack_sdk.models.blocks import Block, ContextBlock

from deletion.domain.extent import Extent, believable
from deletion.domain.fingerprint import READABLE_FIELDS
from kore_api.models import Campaign, Day
from slack_ui import strings
from slack_ui.parts.blast_radius import size_of
from slack_ui.parts.blocks import Parts, Value, date_part, details, note, quoted
from slack_ui.parts.text import NAME_LIMIT, clean, code, masked_number

LISTS_SHOWN = 10  # Kore.ai allows ten contact lists to a campaign
DAYS_SHOWN = 7
DAY_LIMIT, ZONE_LIMIT = 12, 50


def whole_id(campaign_id: str) -> ContextBlock:
    return note(strings.cards.WHOLE_ID.format(id=code(campaign_id)))


def build(campaign: Campaign, extent: Extent | None) -> list[Block]:
    """Return details, description and contact lists; ``extent`` is None while it is being loaded."""
    return [
        details(
            (strings.campaign.STATUS, clean(campaign.status) or strings.modals.UNKNOWN),
            (strings.campaign.FORMAT, clean(campaign.format or "") or strings.modals.UNKNOWN),
            (strings.campaign.PRIORITY, priority(campaign)),
            (strings.campaign.SCHEDULE, schedule(campaign)),
            (strings.campaign.CALLING_HOURS, calling_hours(campaign)),
            (strings.campaign.CALLER_ID, caller_id(campaign)),
            (strings.campaign.DNC_LISTS, dnc_lists(campaign)),
            (strings.campaign.SENT, _messages_sent(extent)),
            (strings.campaign.CREATED, _moment(campaign.created_at)),
            (strings.campaign.UPDATED, _moment(campaign.updated_at)),
        ),
        quoted(strings.campaign.DESCRIPTION, clean(campaign.description or "") or strings.modals.UNKNOWN),
        quoted(strings.campaign.CONTACT_LISTS, *contact_lists(campaign, extent)),
    ]


def readable(field: str, kept: str) -> str:
    """Return a fingerprint's field as readable text: JSON in words, digests unchanged."""
    if field in READABLE_FIELDS:
        return kept.strip('"')
    if field not in ("schedule", "dialing_strategy"):
        return kept
    try:
        value = json.loads(kept)
    except ValueError:  # a plain text
        return kept
    as_campaign = {"_id": "-", "schedule" if field == "schedule" else "dialingStrategy": value}
    campaign = Campaign.model_validate(as_campaign)
    return schedule(campaign) if field == "schedule" else calling_hours(campaign)


def priority(campaign: Campaign) -> str:
    said = count_of(campaign.priority)
    return strings.campaign.OF_FIVE.format(priority=said) if said != strings.modals.UNKNOWN else said


def schedule(campaign: Campaign) -> str:
    plan = campaign.schedule
    if plan is None or plan.is_scheduling_enabled is None:
        return strings.modals.UNKNOWN
    if not plan.is_scheduling_enabled:
        return strings.campaign.NOT_SCHEDULED
    return strings.campaign.RECURRING if plan.is_recurrence_enabled else strings.campaign.SCHEDULED


def calling_hours(campaign: Campaign) -> str:
    """Return days with equal hours as a range: ``Mon to Fri 9:00 AM - 6:00 PM (Asia/Kolkata), weekly``."""
    hours = campaign.dialing_strategy and campaign.dialing_strategy.calling_hours
    if not hours or not hours.days:
        return strings.modals.UNKNOWN
    runs: list[tuple[str, list[str]]] = []
    for day in hours.days[:DAYS_SHOWN]:
        if runs and runs[-1][0] == _times(day):
            runs[-1][1].append(_day(day))
        else:
            runs.append((_times(day), [_day(day)]))
    spoken = [strings.campaign.HOURS.format(days=_days(names), times=times) for times, names in runs]
    spoken += _more(hours.days, DAYS_SHOWN)
    zone = clean(hours.timezone or "", ZONE_LIMIT) or strings.campaign.ZONE_UNKNOWN
    frequency = clean(hours.frequency or "", DAY_LIMIT).lower()
    return f"{'; '.join(spoken)} ({zone}){f', {frequency}' if frequency else ''}"


def caller_id(campaign: Campaign) -> str:
    strategy = campaign.dialing_strategy
    number = strategy.caller_id.phone_number if strategy and strategy.caller_id else None
    return masked_number(number) if number else strings.modals.UNKNOWN


def dnc_lists(campaign: Campaign) -> str:
    names = tuple(found.name for found in campaign.dnc_lists if found.name)
    return (
        ", ".join([_list(name) for name in names[:LISTS_SHOWN]] + _more(names, LISTS_SHOWN)) or strings.modals.UNKNOWN
    )


def _messages_sent(extent: Extent | None) -> Value:
    """Return the count, with its age where it comes from the cached list."""
    if extent is None:
        return strings.modals.COUNTING
    count, as_of = count_of(extent.messages_sent), extent.sent_as_of
    if as_of is None:
        return count
    return [Parts.Text(text=strings.campaign.SENT_AS_OF.format(count=count)), date_part(as_of)]


def _moment(moment: datetime | None) -> Value:
    return [date_part(moment)] if moment else strings.modals.UNKNOWN


def contact_lists(campaign: Campaign, extent: Extent | None) -> list[str]:
    """Return one line for each list, with its size: ``Renewal Due - May/June 2025: 1,204 contacts``."""
    if not campaign.contact_lists:
        return [strings.modals.UNKNOWN]
    names = campaign.contact_lists
    return [f"{_list(name)}: {_size(name, extent)}" for name in names[:LISTS_SHOWN]] + _more(names, LISTS_SHOWN)


def list_names(names: tuple[str, ...]) -> list[str]:
    """Return one line for each list. Each is cut separately, so that a long name hides no other."""
    return [_list(name) for name in names[:LISTS_SHOWN]] + _more(names, LISTS_SHOWN) or [strings.modals.UNKNOWN]


def _list(name: str) -> str:
    return clean(name, NAME_LIMIT) or strings.modals.UNNAMED_LIST


def _more(found: Sized, shown: int) -> list[str]:
    more = len(found) - shown
    return [strings.campaign.AND_MORE.format(count=more)] if more > 0 else []


def _size(name: str, extent: Extent | None) -> str:
    if extent is None:
        return strings.modals.COUNTING
    size = believable(extent.list_sizes.get(name))
    return strings.campaign.SIZE_UNKNOWN if size is None else size_of(size)


def count_of(number: int | None) -> str:
    """Return the number, or unknown for an implausible one, which could also be too long to print."""
    return strings.modals.UNKNOWN if believable(number) is None else f"{number:,}"


def _times(day: Day) -> str:
    start, end = clean(day.start or "", DAY_LIMIT), clean(day.end or "", DAY_LIMIT)
    is_known = start and end
    return strings.campaign.FROM_TO.format(start=start, end=end) if is_known else strings.campaign.HOURS_UNKNOWN


def _day(day: Day) -> str:
    return strings.campaign.DAYS.get(
        (day.day or "").upper(), clean(day.day or "", DAY_LIMIT) or strings.campaign.DAY_UNKNOWN
    )


def _days(names: list[str]) -> str:
    order = list(strings.campaign.DAYS.values())
    consecutive = names in (order[start : start + len(names)] for start in range(len(order)))
    is_run = consecutive and len(names) > 2  # noqa: PLR2004 - two are named
    return strings.campaign.DAY_TO_DAY.format(first=names[0], last=names[-1]) if is_run else ", ".join(names)
