"""Build the Home of a requester or approver, and check Slack's limits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from deletion.domain.campaign_list import CampaignList
from deletion.domain.clock import now
from deletion.domain.freeze_and_budget import DeleteLimits
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.kore.health import Health
from deletion.stores.overview import Overview, Section
from deletion.stores.request_queries import Cursor, Page
from sandbox.slack.blocks.rules import check_view
from slack_ui.views import home
from tests.deletion.values import freeze
from tests.slack_ui.surfaces import LINKS, told

POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "S0APPROVE"))
FREE = DeleteLimits(at=now(), approved=(now(),) * 3, approved_for_requester=(now(),))
FROZEN = replace(FREE, freeze=freeze())
WELL = Health(answered_at=now(), calls=12)
CURSOR = Cursor(at=now(), id="f" * 32)
NOTHING = {section: Page(()) for section in Section}


def view(
    pages: dict[Section, Page],
    count: int = 0,
    offers: home.Offers | None = None,
    *,
    health: Health = WELL,
    limits: DeleteLimits = FREE,
    may_ask: bool = True,
    lists: Sequence[CampaignList] = (),
) -> dict[str, Any]:
    found = {each.id: [told(each)] for page in pages.values() for each in page.requests}
    served, of_lists = (home.Served(POLICY, limits, health),), {each.id: each for each in lists}
    seen = home.Home(Overview(pages, count, found, limits, of_lists), offers or {}, served, may_ask)
    made: dict[str, Any] = home.view(home.blocks(seen, LINKS, Policies([POLICY])), now(), seen).to_dict()
    check_view(made, "home")
    return made
