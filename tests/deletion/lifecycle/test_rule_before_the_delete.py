"""The rule of the request and that of the settings are judged again before the delete."""

import pytest

from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.clock import now
from deletion.domain.states import State
from tests.deletion.lifecycle.approval_steps import ESCALATING, RULE
from tests.deletion.lifecycle.party_world import Open

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(("moved_to", "is_enough"), [({"S0OPS"}, False), ({"S0LEGAL"}, True)])
async def test_approver_who_left_the_required_group_reopens_the_request(
    opened: Open, moved_to: set[str], is_enough: bool
) -> None:
    bot = await opened(approval_quotas=RULE)
    bot.slack.change("U0CAROL", groups={"S0OPS"})
    bot.slack.change("U0BOB", groups=moved_to)
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE)

    found = await bot.check.confirm(kept)

    assert found
    if is_enough:
        assert found is kept
        return
    assert (found.state, found.missing_approvals) == (
        State.AWAITING_APPROVAL,
        MissingApprovals(count=1, groups=("S0LEGAL",)),
    )
    assert (await bot.events(kept))[-1] == "approvals insufficient"


@pytest.mark.parametrize("owner", ["request", "settings"])
async def test_either_rule_is_judged_before_the_delete(opened: Open, owner: str) -> None:
    bot = await opened(approval_quotas=RULE if owner == "settings" else ())
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE if owner == "request" else ())

    found = await bot.check.confirm(kept)

    assert found
    assert (found.state, found.approval_quotas) == (State.AWAITING_APPROVAL, RULE)


async def test_unread_group_of_the_rule_defers_the_delete(opened: Open) -> None:
    bot = await opened(approval_quotas=RULE)
    bot.slack.change("U0BOB", groups={"S0LEGAL"})
    bot.slack.change("U0CAROL", unread_groups={"S0OPS"})
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE)

    found = await bot.check.confirm(kept)

    assert found
    assert (found.state, len(found.approvals)) == (State.APPROVED, 2)
    assert (await bot.events(kept))[-1] == "waiting for Slack"


async def test_unread_group_of_escalation_approvers_defers_the_delete(opened: Open) -> None:
    bot = await opened(**{**ESCALATING, "escalation_approvers": ("S0HEADS",)}, approval_quotas=RULE[:1])
    bot.slack.change("U0BOB", unread_groups={"S0HEADS"})
    kept = await bot.add("U0BOB", "U0CAROL", approval_quotas=RULE[:1], escalated_at=now())

    found = await bot.check.confirm(kept)

    assert found
    assert (found.state, len(found.approvals)) == (State.APPROVED, 2)
    assert (await bot.events(kept))[-1] == "waiting for Slack"
