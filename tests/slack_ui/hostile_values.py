"""Campaigns, requests and lists with the same external text in every place that takes one."""

from functools import cache
from itertools import cycle
from typing import Any

from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.budget import Budget
from deletion.domain.campaign_list import MOST_CAMPAIGNS, CampaignList
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.models import Decision, EarlierRequest, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import State
from kore_api.models import Campaign
from slack_ui.parts.links import Links
from tests.deletion.values import NOON, campaign, request

ROOMS = tuple(f"C{number:010}" for number in range(300))
CODES = ("is_archived", "restricted_action_thread_only_channel", "msg_too_long", "x" * 500, "`<!here>`")
REFUSED = dict(zip(ROOMS, cycle(CODES), strict=False))
APPROVERS = tuple(f"U{number:010}" for number in range(20))
WAITED_FOR = tuple(f"S{number:010}" for number in range(20))
POLICY = Policy(
    approvals_channel="C0APPROVALS",
    approvers=(*APPROVERS, *WAITED_FOR),
    approvals_required=20,
    escalation_approvers=tuple(f"U1{number:09}" for number in range(20)),
)
QUOTAS = tuple(Quota(group, 1) for group in WAITED_FOR)
LINKS = Links("https://sandbox.slack.com/")
EARLIER = EarlierRequest(
    count=1, state=State.FAILED, at=NOON, attempt=AttemptKind.REFUSED, channel_id="C0CARDS", ts="1.2"
)
CARD = Message(request_id="r", key="card", kind=MessageKind.CARD, target_id="C0", channel_id="C0", ts="1.2")
USED_UP = Budget(at=now(), approved=10, limit=10, approved_for_requester=5, limit_for_requester=5)
CARD_LINK = "<https://sandbox.slack.com/archives/C0/p12|approval card>"
Surface = dict[str, Any]


def hostile_campaign(text: str) -> Campaign:
    return campaign(
        name=text, description=text, status=text, format=text or "x", contactLists=[text] * 12, experienceFlow=text,
        priority=len(text) ** 400, totalMessagesSent=-5, schedule=text,
        dialingStrategy={
            "callingHours": {
                "timezone": text, "frequency": text,
                "days": [{"day": text, "start": text, "end": f"{number}{text}"} for number in range(9)],
            },
            "callerId": {"phoneNumber": text},
        },
    )  # fmt: skip


@cache
def hostile_fingerprint(text: str) -> CampaignFingerprint:
    return CampaignFingerprint.of(hostile_campaign(text))


def hostile_request(text: str, state: State = State.UNKNOWN, **facts: str) -> Request:
    """Return a request with every optional fact, and with more of each than can occur."""
    at = now()
    decisions = [Decision(person_id=person, verdict=Verdict.APPROVED, at=at) for person in APPROVERS]
    decisions.append(Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=at, reason=text))
    fields = ("name", "status", "format", "schedule", "contact_lists", "dialing_strategy", "experience_flow", "message")
    return request(
        state=state, campaign=hostile_fingerprint(text), reason=text, approvals_required=20,
        approval_quotas=QUOTAS, missing_approvals=MissingApprovals(count=0),
        escalated_at=at, expires_at=at, budget=USED_UP, decisions=tuple(decisions), observation=Observation.UNCLEAR,
        attempt=Attempt(kind=AttemptKind.NO_ANSWER, at=at, kore_message=text, explanation="Kore.ai said 400."),
        differences=tuple(Difference(field=field, before=text, after=f"{{{text}") for field in fields), earlier=EARLIER,
        extent=Extent(list_sizes={text: 1_204}, messages_sent=137), **facts,
    )  # fmt: skip


@cache
def hostile_list(text: str, *states: State) -> CampaignList:
    """Return a list of as many campaigns as there may be, in these states by turns."""
    requests = tuple(
        hostile_request(text, state, id=f"{number:032}").model_copy(
            update={"list_id": f"{1:032}", "list_position": number}
        )
        for number, state in zip(range(1, MOST_CAMPAIGNS + 1), cycle(states), strict=False)
    )
    return CampaignList(requests[0].id, requests)
