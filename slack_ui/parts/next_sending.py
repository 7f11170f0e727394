"""When a campaign may send next, as far as Kore.ai's fields settle it."""

from datetime import datetime, timedelta
from math import ceil

from deletion.domain.sending_window import IDLE, SendingWindow, sending_window
from kore_api.models import Campaign
from slack_ui import strings
from slack_ui.parts.text import clean

STATUS_LIMIT, ZONE_LIMIT = 40, 50
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = 12


def text(campaign: Campaign, at: datetime) -> str:
    """Return plain text: what starts it, and when its calling hours are open or open next."""
    return f"{_start(campaign)} {_hours(sending_window(campaign, at), at)}"


def _start(campaign: Campaign) -> str:
    plan = campaign.schedule
    if campaign.status.casefold() not in IDLE:
        status = clean(campaign.status, STATUS_LIMIT) or strings.modals.UNKNOWN
        return strings.campaign.MAY_BE_SENDING.format(status=status)
    if plan is None or plan.is_scheduling_enabled is None:
        return strings.campaign.START_UNKNOWN
    if not plan.is_scheduling_enabled:
        return strings.campaign.START_BY_HAND
    return strings.campaign.STARTS_AGAIN if plan.is_recurrence_enabled else strings.campaign.STARTS_ONCE


def _hours(window: SendingWindow | None, at: datetime) -> str:
    if window is None:
        return strings.campaign.WINDOW_UNKNOWN
    zone = clean(window.zone, ZONE_LIMIT)
    if window.is_open:
        return strings.campaign.WINDOW_OPEN.format(until=_moment(window.closes_at), zone=zone)
    wait = _wait(window.opens_at - at)
    return strings.campaign.WINDOW_NEXT.format(wait=wait, opens=_moment(window.opens_at), zone=zone)


def _wait(left: timedelta) -> str:
    """Return minutes up to an hour, then hours up to two days, then days."""
    if left < HOUR:
        return strings.campaign.IN_MINUTES.format(count=ceil(left / timedelta(minutes=1)))
    if left < 2 * DAY:
        return strings.campaign.IN_HOURS.format(count=round(left / HOUR))
    return strings.campaign.IN_DAYS.format(count=round(left / DAY))


def _moment(moment: datetime) -> str:
    """Return day and time in the campaign's own zone, such as ``Mon 9:00 AM``."""
    day = list(strings.campaign.DAYS.values())[moment.weekday()]
    half = strings.campaign.MORNING if moment.hour < NOON else strings.campaign.AFTERNOON
    return f"{day} {moment.hour % NOON or NOON}:{moment:%M} {half}"
