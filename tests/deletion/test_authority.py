"""Who may do what: every action by every kind of person, one table."""

import pytest

from deletion.domain.authorization import (
    Action,
    ChannelKind,
    Denial,
    Membership,
    Permit,
    Person,
    RequestParties,
    authorise,
)
from deletion.domain.clock import now
from deletion.domain.models import Decision, State, Verdict
from deletion.domain.policy import Policy
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
}
NOT_ASKING = dict.fromkeys((Action.FIND, Action.ASK, Action.REBUILD), Denial.NOT_A_REQUESTER)
NOT_JUDGING = dict.fromkeys((Action.APPROVE, Action.REJECT, Action.FREEZE, Action.UNFREEZE), Denial.NOT_AN_APPROVER)
NOT_FREEZING = dict.fromkeys((Action.FREEZE, Action.UNFREEZE), Denial.NOT_AN_APPROVER)
OWN = dict.fromkeys((Action.APPROVE, Action.REJECT), Denial.OWN_REQUEST)
NOT_THEIRS = {Action.CANCEL: Denial.NOT_THE_REQUESTER}
NEITHER = {Action.STOP: Denial.NEITHER}
NO_ROLE = NOT_ASKING | NOT_JUDGING | NOT_THEIRS | NEITHER | {Action.LOOK_UP: Denial.NOT_ON_A_LIST}
# What each may not do with a request of Alice's, and why; everything else they may.
DENIED: dict[str, dict[Action, Denial]] = {
    "requester": OWN | NOT_FREEZING,
    "approver by id": NOT_ASKING | NOT_THEIRS,
    "approver by group": NOT_ASKING | NOT_THEIRS,
    "approver removed a minute ago": NO_ROLE,
    "requester by group": NOT_JUDGING | NOT_THEIRS | NEITHER,
    "ordinary member": NO_ROLE,
    "requester's other account": NOT_ASKING | OWN | NOT_THEIRS,
    "requester's id in another workspace": NOT_JUDGING | NOT_THEIRS | NEITHER,
    "guest on every list": dict.fromkeys(Action, Denial.GUEST),
    "stranger on every list": dict.fromkeys(Action, Denial.STRANGER),
    "deactivated, on every list": dict.fromkeys(Action, Denial.DEACTIVATED),
    "bot on every list": dict.fromkeys(Action, Denial.BOT),
    "unknown, on every list": dict.fromkeys(Action, Denial.UNKNOWN_PERSON),
}
ALICES = (Action.FIND, Action.ASK, Action.CANCEL, Action.REBUILD)


def ask(
    action: Action, somebody: Person, place: ChannelKind = ChannelKind.OURS, policy: Policy = POLICY
) -> Denial | None:
    case = RequestParties(request(state=State.AWAITING_APPROVAL), ALICE)
    found = authorise(action, somebody, policy, place, case)
    if isinstance(found, Permit):
        assert (found.action, found.person, found.request_id) == (action, somebody, case.request.id)
        return None
    return found


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_action_by_every_kind_of_person(who: str, action: Action) -> None:
    assert ask(action, PEOPLE[who]) is DENIED[who].get(action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    ("place", "denial"),
    [
        (ChannelKind.SHARED, Denial.SHARED_CHANNEL),
        (ChannelKind.WITHOUT_BOT, Denial.BOT_NOT_IN_CHANNEL),
        (ChannelKind.UNKNOWN, Denial.CHANNEL_UNREADABLE),
    ],
)
def test_where_matters_for_asking_and_approving_and_never_for_stopping(
    place: ChannelKind, denial: Denial, action: Action
) -> None:
    somebody = ALICE if action in ALICES else PEOPLE["approver by id"]
    matters = action in (Action.ASK, Action.APPROVE, Action.REBUILD, Action.UNFREEZE)
    assert ask(action, somebody, place) is (denial if matters else None)


@pytest.mark.parametrize("action", [action for action in Action if action not in (Action.HELP, Action.OPEN_HOME)])
@pytest.mark.parametrize("who", ["approver by id", "approver by group", "requester by group"])
def test_an_empty_list_means_nobody(who: str, action: Action) -> None:
    assert ask(action, PEOPLE[who], policy=Policy()) is not None


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_a_request_is_not_judged_while_nobody_can_tell_who_asked(action: Action) -> None:
    bob, asked = PEOPLE["approver by id"], request(state=State.AWAITING_APPROVAL)
    nobody = person("U0ALICE", membership=Membership.UNKNOWN)
    for case in (None, RequestParties(asked), RequestParties(asked, nobody)):
        assert authorise(action, bob, POLICY, ChannelKind.OURS, case) is Denial.UNKNOWN_REQUESTER


def test_two_accounts_of_one_human_are_not_two_who_agree() -> None:
    once = Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=now())
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=2, decisions=(once,))
    bob = person("U0BOB", identities={"U0BOB", "bob@sandbox.example"})
    other = person("U0BOB2", groups={"S0APPROVE"}, identities={"U0BOB2", "bob@sandbox.example"})
    case = RequestParties(asked, ALICE, (bob,))
    assert authorise(Action.APPROVE, other, POLICY, ChannelKind.OURS, case) is Denial.ALREADY_APPROVED_BY_PERSON
    carol = PEOPLE["approver by group"]
    assert isinstance(authorise(Action.APPROVE, carol, POLICY, ChannelKind.OURS, case), Permit)
