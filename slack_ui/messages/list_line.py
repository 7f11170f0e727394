"""The lines of a list's thread: about several campaigns at once, or about one, which it then names."""

import re

from deletion.domain.campaign_list import CampaignList
from deletion.domain.models import Request
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.list_approval import STRUCK
from deletion.lifecycle.list_transitions import CAMPAIGNS
from slack_ui import strings
from slack_ui.messages import thread_line
from slack_ui.parts import list_extent
from slack_ui.parts.text import NAME_LIMIT, PERSON, code, date, mention


def line(entry: Entry, listed: CampaignList, policy: Policy, link: str = "") -> str:
    """Return the line in mrkdwn. ``link`` leads to the card."""
    request = listed.at(entry.details.get("list_position", "")) or listed.requests[0]
    count = entry.details.get(CAMPAIGNS)
    if count is None or entry.event not in strings.lists.LINES:
        name = code(request.campaign.name, NAME_LIMIT) or strings.modals.UNNAMED
        return strings.lists.LINE_OF_ONE.format(name=name, line=thread_line.line(entry, request, policy, link))
    is_struck = entry.details.get("reason") == STRUCK
    said = strings.lists.STRUCK_LINE if is_struck else strings.lists.LINES[entry.event]
    filled = said.format(
        actor=mention(entry.actor_id) if entry.actor_id.startswith(PERSON) else strings.modals.UNKNOWN_USER,
        count=list_extent.count(int(count)),
        reason=code(entry.details.get("reason", "")),
        escalated=" ".join(mention(each) for each in entry.details.get("approvers", "").split(", ") if each),
        link=link,
        **list_extent.verbs(int(count)),
        **_call(listed.overall, policy),
    )
    told = re.sub(" {2,}", " ", filled).strip()
    return f"{told} {strings.lists.THREAD_OVER_BUDGET}" if "over_budget" in entry.details else told


def _call(request: Request, policy: Policy) -> dict[str, str]:
    """Return what calls approvers to a list that waits for them; nothing for any other."""
    if request.state is not State.AWAITING_APPROVAL:
        return {"approvers": "", "decide_by": "", "call": ""}
    approvers = " ".join(mention(each) for each in policy.notified_about(request))
    decide_by = strings.cards.DECIDE_BY.format(until=date(request.expires_at)) if request.expires_at else ""
    return {"approvers": approvers, "decide_by": decide_by, "call": f"{approvers} {decide_by}" if approvers else ""}
