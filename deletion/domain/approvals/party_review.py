"""Decide whether the people behind a request still have the rights that they used. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from deletion.domain.approvals.authorization import (
    UNDECIDED,
    Action,
    ChannelKind,
    Permit,
    asked_by,
    authorise,
    refuse_right,
)
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Person, RequestParties
from deletion.domain.models import Request, StruckApproval
from deletion.domain.policy import Policy


class PartyDirectory(Protocol):
    """What Slack says now about the people behind a request. Never raises: what Slack does not say is unknown."""

    async def parties_of(self, request: Request) -> RequestParties:
        """Return the requester and the approvers so far."""

    async def authorise_again(self, permit: Permit, request: Request) -> Permit | Denial:
        """Judge the permit's person anew, for this version of the request."""


@dataclass(frozen=True)
class PartyReview:
    """``is_undecided``: Slack did not say enough, so nothing follows yet. ``struck`` are the approvals that lapsed.

    ``approvers`` are those whose approvals stand.
    """

    is_undecided: bool = False
    requester_lapse: Denial | None = None
    struck: tuple[StruckApproval, ...] = ()
    approvers: tuple[Person, ...] = ()


def review(parties: RequestParties, policy: Policy, at: datetime) -> PartyReview:
    """Return which rights lapsed. Of two accounts of one person, the earlier approval counts."""
    if parties.requester is None:
        return PartyReview(is_undecided=True)
    if denial := refuse_right(asked_by(parties.request), parties.requester, policy):
        return PartyReview(denial in UNDECIDED, None if denial in UNDECIDED else denial)
    standing = replace(parties, approvers=())
    struck = []
    for approval, approver in zip(parties.request.approvals, parties.approvers, strict=True):
        found = authorise(Action.APPROVE, approver, policy, ChannelKind.OURS, standing)
        if isinstance(found, Permit):
            standing = replace(standing, approvers=(*standing.approvers, approver))
        elif found in UNDECIDED:
            return PartyReview(is_undecided=True)
        else:
            lapsed = {"person_id": approval.person_id, "approved_at": approval.at, "why": found}
            struck.append(StruckApproval(**lapsed, struck_at=at))
    return PartyReview(struck=tuple(struck), approvers=tuple(standing.approvers))
