"""Messages about one campaign of a list tell it from another one of the list that is shown by the same name."""

import pytest

from deletion.domain.campaign_list import CampaignList
from deletion.domain.policy import Policy
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.messages.projection import RequestView
from slack_ui.messages import late_outcome, list_card, list_line, list_pause
from slack_ui.parts.text import NAME_LIMIT
from tests.deletion.values import NOON, campaign_list
from tests.stories.person import shown

LONG = "x" * NAME_LIMIT
ENTRY = Entry(at=NOON, event="failed", actor_id="engine", surface="engine", details={"list_position": "1"})


def named(*names: str) -> CampaignList:
    """Return a paused list of campaigns with these names, whose ids end in 0001, 0002 and so on."""
    listed = campaign_list(State.FAILED, *[State.APPROVED] * (len(names) - 1), paused_on=1)
    requests = []
    for number, (request, name) in enumerate(zip(listed.requests, names, strict=True), start=1):
        changed = {"name": name, "campaign_id": f"cd-3aefda80-f98e-5f4f-ad41-92803abb{number:04}"}
        requests.append(request.model_copy(update={"campaign": request.campaign.model_copy(update=changed)}))
    return CampaignList(listed.id, tuple(requests), listed.paused_on)


def about_the_first(listed: CampaignList) -> list[str]:
    """Return the line of the thread, both direct messages, and the card."""
    card = list_card.account(RequestView(listed.overall, listed=listed), listed, Policy())
    return [
        list_line.line(ENTRY, listed, Policy()),
        list_pause.first(ENTRY, listed),
        late_outcome.text(ENTRY, listed, ""),
        shown([block.to_dict() for block in card[:3]]),
    ]


@pytest.mark.parametrize("names", [("Spring Sale", "Spring Sale"), (f"{LONG} A", f"{LONG} B")])
def test_end_of_the_id_is_shown_where_another_has_the_same_name(names: tuple[str, str]) -> None:
    for said in about_the_first(named(*names)):
        assert "` (`…0001`)" in said


def test_name_alone_is_shown_where_no_other_has_it() -> None:
    for said in about_the_first(named("Spring Sale", "Spring  Sale")):
        assert "`Spring Sale`" in said
        assert "0001" not in said
