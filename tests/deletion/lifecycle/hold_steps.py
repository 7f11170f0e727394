"""Hold and release the seeded campaign as approvers of one team."""

from deletion.domain.approvals.authorization import Action, ChannelKind, Permit, authorise
from deletion.domain.approvals.people import Person
from deletion.domain.clock import now
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.lifecycle.holding import Holding
from deletion.stores.hold_store import HoldStore
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.values import CAMPAIGN, person

POLICY = Policy(requesters=("U0ALICE",), approvers=("U0BOB", "U0CAROL"))
REASON = "Legal asked to keep it"
ID = CAMPAIGN["_id"]


def permit(action: Action, user_id: str, **facts: object) -> Permit:
    found = authorise(action, person(user_id, **facts), POLICY, ChannelKind.OURS, None)
    assert isinstance(found, Permit)
    return found


def holding_of(bot: Bot, policy: Policy = POLICY) -> Holding:
    return Holding(HoldStore(bot.engine), bot.transitions, policy)


async def as_in_slack(user_id: str) -> Person:
    return person(user_id)


def entry() -> Entry:
    return Entry(at=now(), event="campaign held", actor_id="U0BOB", surface="test")
