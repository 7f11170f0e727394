"""Requester and approvers, and what one of them may do."""

from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.people import Membership, Person, RequestParties
from deletion.domain.clock import now
from deletion.domain.models import Decision, Request, Verdict
from deletion.domain.policy import Policy
from deletion.domain.states import State
from tests.deletion.values import person, request

POLICY = Policy(requesters=("U0ALICE", "S0ASK"), approvers=("U0BOB", "S0APPROVE"))
ALICE = person("U0ALICE", identities={"U0ALICE", "alice@sandbox.example"})
PEOPLE = {
    "requester": ALICE,
    "approver by id": person("U0BOB"),
    "approver by group": person("U0CAROL", groups={"S0APPROVE"}),
    "approver removed a minute ago": person("U0CAROL"),
    "requester by group": person("U0ERIN", groups={"S0ASK"}),
    "ordinary member": person("U0DAN"),
    "requester's other account": person("U0ALICE2", groups={"S0APPROVE"}, identities={"alice@sandbox.example"}),
    "requester's id in another workspace": person("U0ALICE", team_id="T0OTHER"),
    "guest on every list": person("U0BOB", membership=Membership.GUEST, groups={"S0ASK"}),
    "stranger on every list": person("U0BOB", membership=Membership.STRANGER, groups={"S0ASK"}),
    "deactivated, on every list": person("U0BOB", membership=Membership.DEACTIVATED, groups={"S0ASK"}),
    "bot on every list": person("U0BOB", membership=Membership.BOT, groups={"S0ASK"}),
    "unknown, on every list": person("U0BOB", membership=Membership.UNKNOWN, groups={"S0ASK"}),
    "member of groups that cannot be read": person("U0CAROL", unread_groups={"S0ASK", "S0APPROVE"}),
    "approver without a verified address": person("U0BOB", has_verified_email=False),
}
CAROL = PEOPLE["approver by group"]
BOB = person("U0BOB", identities={"U0BOB", "bob@sandbox.example"})


def approved_by(*person_ids: str) -> Request:
    decisions = tuple(Decision(person_id=each, verdict=Verdict.APPROVED, at=now()) for each in person_ids)
    return request(state=State.AWAITING_APPROVAL, approvals_required=2, decisions=decisions)


def approving(who: Person, earlier: Person, requester: Person = ALICE, policy: Policy = POLICY) -> Permit | Denial:
    parties = RequestParties(approved_by(earlier.id), requester, (earlier,))
    return authorise(Action.APPROVE, who, policy, ChannelKind.OURS, parties)
