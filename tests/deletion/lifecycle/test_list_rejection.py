"""A rejection of a list is of the campaigns that its form showed."""

from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.authorization import Action
from deletion.domain.campaign_list import CampaignList
from deletion.domain.states import State
from deletion.lifecycle.list_decisions import ListAct
from tests.deletion.lifecycle.list_world import Lists


async def test_rejection_from_a_form_that_shows_campaigns_approved_since_rejects_nothing(lists: Lists) -> None:
    """The first could not be read when Bob approved. Carol would take all of them for rejected."""
    listed = await lists.add((), ("U0DAVE",), ("U0DAVE",))
    form = ListAct("modal", "Still needed", shown_ids=frozenset(each.id for each in listed.requests))
    await lists.approve("U0BOB", listed)

    decided = await lists.decisions.record(lists.permit("U0CAROL", listed, Action.REJECT), listed.id, form)

    assert decided
    assert decided.objection is Objection.ENDED
    assert decided.listed.counts == {State.AWAITING_APPROVAL: 1, State.APPROVED: 2}


async def test_rejection_is_of_the_campaigns_that_its_form_showed(lists: Lists) -> None:
    """The approval of the others was withdrawn while the form was open."""
    listed = await lists.add((), ("U0DAVE",), ("U0DAVE",))
    await lists.approve("U0BOB", listed, shown=2)
    first, *_ = (await lists.now(listed)).awaiting
    form = ListAct("modal", "Still needed", shown_ids=frozenset({first.id}))
    bob = lists.permit("U0BOB", CampaignList(listed.id, (await lists.now(listed)).waiting), Action.WITHDRAW_APPROVAL)
    assert await lists.decisions.record(bob, listed.id, ListAct("button"))

    decided = await lists.decisions.record(lists.permit("U0CAROL", listed, Action.REJECT), listed.id, form)

    assert decided
    assert decided.objection is None
    assert [each.state for each in decided.listed.requests] == [State.REJECTED, *[State.AWAITING_APPROVAL] * 2]
