"""An approval of a list counts the groups of those who have approved, and keeps what its form said."""

from collections.abc import AsyncIterator

import pytest

from deletion.domain.approval_rule import ApprovalRule, Quota
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.form_promise import FormPromise
from deletion.domain.campaign_list import CampaignList
from deletion.domain.states import State
from deletion.lifecycle.list_approval import ListDecided, ListForm
from tests.deletion.lifecycle.list_world import Lists
from tests.deletion.lifecycle.party_world import POLICY

pytestmark = pytest.mark.any_database

QUOTAS = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
KEPT, BROKEN = (FormPromise(rule=ApprovalRule(required=required, quotas=QUOTAS)) for required in (2, 3))


@pytest.fixture
async def lists(database_url: str) -> AsyncIterator[Lists]:
    lists = Lists(database_url, POLICY.model_copy(update={"approval_quotas": QUOTAS}))
    lists.slack.change("U0BOB", groups={"S0LEGAL"})
    lists.slack.change("U0CAROL", groups={"S0OPS"})
    yield lists
    await lists.bot.engine.dispose()


async def submit(lists: Lists, listed: CampaignList, *promises: FormPromise) -> ListDecided:
    """Approve each request of the list as Carol, with a form that said this about it."""
    said = {each.id: promise for each, promise in zip(listed.requests, promises, strict=True)}
    decided = await lists.approval.approve(
        lists.permit("U0CAROL", listed), listed.id, ListForm(frozenset(said), promises=said)
    )
    assert decided
    return decided


async def test_groups_of_all_who_have_approved_meet_the_rule_that_the_form_said(lists: Lists) -> None:
    listed = await lists.add(("U0BOB",), ("U0BOB",), approval_quotas=QUOTAS)
    decided = await submit(lists, listed, KEPT, KEPT)
    assert decided.objection is None
    assert decided.listed.counts == {State.APPROVED: 2}


async def test_form_that_said_for_one_campaign_that_more_approvals_follow_approves_none(lists: Lists) -> None:
    listed = await lists.add(("U0BOB",), ("U0BOB",), approval_quotas=QUOTAS)
    decided = await submit(lists, listed, KEPT, BROKEN)
    assert decided.objection is Objection.OUTDATED
    assert decided.listed == listed == await lists.now(listed)
