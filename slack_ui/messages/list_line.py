"""The lines of a list's thread: about several campaigns at once, or about one, which it then names."""

from datetime import timedelta

from deletion.domain.attempt import AttemptKind
from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from deletion.lifecycle.list_transitions import CAMPAIGNS
from slack_ui import strings
from slack_ui.messages import thread_line
from slack_ui.parts import list_extent, list_name
from slack_ui.parts.text import code, single_spaced

TOGETHER = timedelta(minutes=2)  # in which the approvals of all campaigns of a list are judged


def line(entry: Entry, listed: CampaignList, policy: Policy, link: str = "") -> str:
    """Return the line in mrkdwn. ``link`` leads to the card."""
    request = request_of(entry, listed)
    count = entry.details.get(CAMPAIGNS)
    if count is None or entry.event not in strings.lists.LINES:
        calls = not any(_was_called_with(each, entry, request) for each in listed.awaiting)
        said = strings.lists.LINES_OF_ONE.get(entry.event) or thread_line.line(
            entry, request, policy, link, calls=calls
        )
        return strings.lists.LINE_OF_ONE.format(name=list_name.told_apart(request, listed), line=said)
    whole, reason = listed.overall, entry.details.get("reason", "")
    said = strings.lists.LINES[entry.event]
    if entry.event == Verdict.APPROVED and reason:
        said = strings.lists.APPROVED_WITH_COMMENT
    elif entry.event == Verdict.REJECTED and reason == STRUCK:
        said = strings.lists.STRUCK_LINE
    elif entry.event == State.EXPIRED and any(map(_was_sent, listed.requests)):
        said = strings.lists.EXPIRED_AFTER_AN_ATTEMPT
    filled = thread_line.true_now(said, entry, whole).format(
        actor=thread_line.actor(entry),
        count=list_extent.count(int(count)),
        reason=code(reason),
        link=link,
        **list_extent.verbs(int(count)),
        **thread_line.call(entry, listed.awaiting, policy),
    )
    told = single_spaced(filled)
    return f"{told} {strings.lists.THREAD_OVER_BUDGET}" if "over_budget" in entry.details else told


def _was_called_with(other: Request, entry: Entry, request: Request) -> bool:
    """Return whether an earlier campaign lost approvals at that time, too: its line has called the approvers."""
    lost_at = [other.awaiting_since, *(each.struck_at for each in other.struck)]
    is_earlier = (other.list_position or 0) < (request.list_position or 0)
    return is_earlier and any(at and abs(entry.at - at) < TOGETHER for at in lost_at)


def request_of(entry: Entry, listed: CampaignList) -> Request:
    """Return the request that an entry is about, or the first for an entry about several."""
    return listed.at(entry.details.get("list_position", "")) or listed.requests[0]


def _was_sent(request: Request) -> bool:
    return request.attempt is not None and request.attempt.kind not in (AttemptKind.NOT_SENT, AttemptKind.PRACTISED)
