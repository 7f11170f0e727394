"""Forms and messages tell the campaigns of a list apart, also those of the same name whose ids have the same end."""

from collections.abc import Sequence
from typing import Any

import pytest

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.campaign_list import CampaignList
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.policy import Policy, Refusal
from deletion.domain.records import Entry
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from deletion.messages.projection import RequestView
from sandbox.slack.blocks.rules import check_view
from slack_ui.messages import late_outcome, list_card, list_line, list_pause, list_progress
from slack_ui.parts import ids, list_extent
from slack_ui.parts.text import NAME_LIMIT
from slack_ui.views import list_approve_modal, list_confirm_modal
from slack_ui.views.list_approve_modal import Shown
from slack_ui.views.list_confirm_modal import Chosen
from tests.deletion.values import NOON, campaign, campaign_list, preview
from tests.slack_ui.surfaces import BUDGET
from tests.stories.person import shown

LONG = "x" * NAME_LIMIT
ENDS = [f"cd-3aefda80-f98e-5f4f-ad41-92803abb{number:04}" for number in range(1, 3)]
SAME_END = ["cd-3aefda80-f98e-5f4f-ad41-92803abb0001", "cd-3aefda81-f98e-5f4f-ad41-92803abb0001"]
NONE_ALIKE = SimilarNames(as_of=NOON)
ENTRY = Entry(at=NOON, event="failed", actor_id="engine", surface="engine", details={"list_position": "1"})


def named(*names: str, its_ids: Sequence[str] = ENDS) -> CampaignList:
    """Return a paused list of campaigns with these names, whose ids end in 0001, 0002 and so on unless given."""
    listed = campaign_list(State.FAILED, *[State.APPROVED] * (len(names) - 1), paused_on=1)
    requests = []
    for request, name, campaign_id in zip(listed.requests, names, its_ids, strict=False):
        changed = {"name": name, "campaign_id": campaign_id}
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


def forms(listed: CampaignList) -> dict[str, dict[str, Any]]:
    """Return the form that requests the list, and the one that approves it."""
    waiting = [each.model_copy(update={"state": State.AWAITING_APPROVAL}) for each in listed.requests]
    lacking = [MissingApprovals(count=1) for _ in waiting]
    review = ListReview(CampaignList(listed.id, tuple(waiting)))
    to_approve = Shown(review, "U0BOB", ListMissing(lacking, lacking), [NONE_ALIKE] * len(waiting))
    previews = [
        CampaignPreview(campaign(), NONE_ALIKE, preview().model_copy(update={"campaign": each.campaign}), 1, BUDGET)
        for each in waiting
    ]
    return {
        "confirm": list_confirm_modal.build(Chosen(previews, [], [], 1), Policy()).to_dict(),
        "approve": list_approve_modal.build(to_approve, Policy()).to_dict(),
    }


def struck(form: dict[str, Any]) -> list[str]:
    """Return the texts of the campaigns that can be struck."""
    (choice,) = [block["element"] for block in form["blocks"] if block.get("block_id") == ids.STRUCK_BLOCK]
    return [option["text"]["text"] for option in choice["options"]]


@pytest.mark.parametrize("name", ["Spring Sale", LONG])
def test_whole_id_is_shown_where_another_has_the_same_end(name: str) -> None:
    listed = named(name, name, its_ids=SAME_END)
    for said in about_the_first(listed):
        assert f"` (`{SAME_END[0]}`)" in said
    for form in forms(listed).values():
        check_view(form, "modal")
        assert [each in shown(form) for each in SAME_END] == [True, True]
    rows = [row[0]["text"] for row in list_progress.table(listed).to_dict()["rows"][1:]]
    for texts in (rows, struck(forms(listed)["approve"])):
        assert [text.rpartition(" · ")[2] for text in texts] == SAME_END


def test_end_of_the_id_is_enough_where_no_other_has_it() -> None:
    listed = named("Spring Sale", "Spring Sale")
    assert struck(forms(listed)["approve"]) == ["1. Spring Sale · …0001", "2. Spring Sale · …0002"]
    for form in forms(listed).values():
        assert not any(each in shown(form["blocks"]) for each in ENDS)


def test_campaign_that_is_left_out_is_told_from_one_of_the_list() -> None:
    chosen = preview().model_copy(update={"campaign": named("Spring Sale").requests[0].campaign})
    left_out = campaign(_id=SAME_END[1], name="Spring Sale")
    refused = Refused(Refusal.STATUS, left_out)
    view = list_confirm_modal.build(
        Chosen([CampaignPreview(campaign(), NONE_ALIKE, chosen, 1, BUDGET)], [], [(left_out.id, refused)], 1), Policy()
    )
    assert f"Spring Sale ({SAME_END[1]})" in shown(view.to_dict())


@pytest.mark.parametrize(
    ("said_by_kore", "shown_day"),
    [
        ("2026-11-02T23:30:00.000Z", "updated 2 Nov 2026"),
        ("2026-11-02T02:30:00+05:30", "updated 1 Nov 2026"),
        ("2026-11-02T23:30:00", "updated 2 Nov 2026"),
        ("9999-12-31T23:30:00-05:00", "updated 31 Dec 9999"),
        ("soon", "updated soon"),
        (None, "last update unknown"),
    ],
)
def test_forms_of_a_list_say_the_last_update_as_the_picker_does(said_by_kore: str | None, shown_day: str) -> None:
    seen = CampaignFingerprint.of(campaign(updatedAt=said_by_kore))
    assert list_extent.line(seen, None).endswith(f" · {shown_day}")
