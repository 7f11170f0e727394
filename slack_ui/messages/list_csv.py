"""The result of a list as a CSV file (RFC 4180), whose cells no spreadsheet takes for a formula.

It is UTF-8 with a byte order mark, without which Excel shows accents wrongly.
"""

import csv
import io
from datetime import UTC, datetime

from deletion.domain.campaign_list import CampaignList
from deletion.domain.extent import Extent
from deletion.domain.models import Request
from deletion.domain.states import State
from deletion.journal.export_file import harmless
from slack_ui import strings
from slack_ui.messages import list_progress
from slack_ui.parts.application import named
from slack_ui.parts.text import KORE_MESSAGE_LIMIT, clean


def build(listed: CampaignList, *, is_corrected: bool) -> dict[str, str | bytes]:
    """Return file name, title and content. The title says as of when they are true: a file is never changed."""
    request, told = listed.requests[0], {"list_id": listed.id[:8], "when": listed.changed_at.astimezone(UTC)}
    corrected = strings.lists.FILE_CORRECTED if is_corrected else ""
    return {
        "filename": strings.lists.FILE_NAMES[request.is_practice].format(**told, corrected=corrected),
        "title": f"{named(request.application)}{strings.lists.FILE_TITLES[is_corrected].format(**told)}",
        "content": content(listed),
    }


def content(listed: CampaignList) -> bytes:
    """Return a heading and one row for each campaign, every cell quoted."""
    stream = io.StringIO()
    table = csv.writer(stream, quoting=csv.QUOTE_ALL)
    table.writerow(strings.lists.FILE_COLUMNS)
    table.writerows([harmless(clean(cell, KORE_MESSAGE_LIMIT)) for cell in _row(each)] for each in listed.requests)
    return stream.getvalue().encode("utf-8-sig")


def _row(request: Request) -> tuple[str, ...]:
    extent, attempt = request.extent or Extent(), request.attempt
    sent = extent.messages_sent
    return (
        str(request.list_position),
        request.campaign.name,
        request.campaign.campaign_id,
        request.campaign.status,
        _contacts(extent, request.campaign.contact_lists),
        strings.modals.UNKNOWN if sent is None else str(sent),
        list_progress.result(request),
        attempt.kore_message if attempt else "",
        request.requester_id,
        " ".join(approval.person_id for approval in request.approvals),
        request.ticket,
        _time(request.requested_at),
        _time(attempt.at) if attempt and request.state is State.DELETED else "",
        strings.lists.FILE_PRACTICE[request.is_practice],
    )


def _contacts(extent: Extent, names: tuple[str, ...]) -> str:
    """Return the contacts of all lists together; "at least" where the size of some is unknown."""
    sizes = [extent.list_sizes.get(name) for name in dict.fromkeys(names)]
    known = [size for size in sizes if size is not None]
    if not known:
        return strings.modals.UNKNOWN
    return str(sum(known)) if len(known) == len(sizes) else strings.lists.FILE_AT_LEAST.format(count=sum(known))


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
