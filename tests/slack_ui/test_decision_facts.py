"""What people decide on: the blast radius first, and nothing claimed that Kore.ai did not say."""

import re
from typing import Any

import pytest

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.attempt import AttemptKind
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.models import CampaignStop, EarlierRequest, Purpose
from deletion.domain.policy import Policy
from deletion.domain.records import Message, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.messages.projection import RequestView
from sandbox.slack.blocks.rules import check_view
from slack_ui import strings
from slack_ui.messages import request_card
from slack_ui.parts import blast_radius, ids
from slack_ui.parts.links import Links
from slack_ui.views import approve_modal, confirm_modal, notice
from slack_ui.views.approve_modal import Review
from tests.deletion.values import NOON, campaign, listed, preview, request
from tests.slack_ui.surfaces import BUDGET, WEEKLY, lines

POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB",))
LINKS = Links("https://sandbox.slack.com/")
NOTHING_KNOWN = "Stopped · messages sent: unknown · contacts: unknown"
EXTENT = Extent(list_sizes={"Renewals": 1_204}, messages_sent=137)
ALONE = SimilarNames(as_of=NOON)
EARLIER = EarlierRequest(
    count=1, state=State.FAILED, at=NOON, attempt=AttemptKind.REFUSED, channel_id="C0CARDS", ts="1.2"
)


@pytest.mark.parametrize(
    ("extent", "lists", "said"),
    [
        (EXTENT, ("Renewals",), "Stopped · 137 sent · 1,204 contacts"),
        (EXTENT, ("Renewals", "Other"), "Stopped · 137 sent · at least 1,204 contacts"),
        (EXTENT, ("Other",), "Stopped · 137 sent · contacts: unknown"),
        (EXTENT, (), "Stopped · 137 sent · contacts: unknown"),
        (Extent(list_sizes={"Renewals": 0}, messages_sent=0), ("Renewals",), "Stopped · 0 sent · 0 contacts"),
        (Extent(list_sizes={"Renewals": -1}, messages_sent=10**4_000), ("Renewals",), NOTHING_KNOWN),
        (None, ("Renewals",), NOTHING_KNOWN),
    ],
)  # fmt: skip
def test_blast_radius_says_unknown_and_never_zero_for_what_kore_did_not_say(
    extent: Extent | None, lists: tuple[str, ...], said: str
) -> None:
    assert blast_radius.line("Stopped", extent, lists) == said


def test_blast_radius_in_a_modal_says_loading_only_until_the_extent_is_known() -> None:
    assert blast_radius.of(campaign(), None) == "Stopped · messages sent: loading … · contacts: loading …"
    assert blast_radius.of(campaign(), Extent()) == NOTHING_KNOWN


def approve(**changes: Any) -> dict[str, Any]:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, extent=EXTENT)
    lacking = {"missing": MissingApprovals(count=1), "missing_after": MissingApprovals(count=0)}
    known = {"campaign": campaign(), "extent": EXTENT, "similar_names": ALONE}
    review = Review(**{"request": asked, **known, **lacking, **changes})
    view: dict[str, Any] = approve_modal.build(review, POLICY, LINKS).to_dict()
    check_view(view, "modal")
    return view


def test_approver_sees_blast_radius_first_and_all_that_the_requester_saw() -> None:
    shown = campaign(description="For renewals", dncLists={"name": "Do not call"}, dialingStrategy=WEEKLY)
    view = approve(campaign=shown)
    seen = preview().model_copy(update={"campaign": CampaignFingerprint.of(shown)})
    asked = confirm_modal.build(CampaignPreview(shown, ALONE, seen, 1, BUDGET), EXTENT, POLICY).to_dict()

    kinds = [block["type"] for block in view["blocks"]]
    assert kinds[:3] == ["alert", "rich_text", "header"]
    assert view["blocks"][0]["text"]["text"] == "Stopped · 137 sent · 1,204 contacts"
    assert next(iter(lines(view))) == "Next sending"
    for label, value in lines(asked).items():
        assert lines(view)[label] == value
    assert lines(view)["Do-not-contact lists"] == "Do not call"
    for said in ("For renewals", "Renewals: 1,204 contacts", "Replaced by the autumn one", "nearly the same name"):
        assert said in str(view)


def test_approvers_of_a_rebuild_see_the_flow_that_the_requester_typed() -> None:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, rebuilds="another", flow_name="Order <Status>")
    card = Message(request_id=asked.id, key="card-C0APPROVALS", kind=MessageKind.CARD, target_id="C0APPROVALS")

    view = approve(request=asked, campaign=None)
    text, blocks = request_card.build(RequestView(asked), card, POLICY, LINKS)

    assert lines(view)["Experience flow"] == "Order <Status>"
    assert "`Order &lt;Status&gt;`" in text
    facts = [field["text"] for block in blocks for field in block.to_dict().get("fields", ())]
    assert "*Experience flow*\n`Order &lt;Status&gt;`" in facts


def test_flow_without_a_visible_character_is_no_fact() -> None:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, rebuilds="another", flow_name=" ")
    view = approve(request=asked, campaign=None)
    assert "Experience flow" not in lines(view)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (EXTENT, EXTENT, "Contacts and messages sent are the same."),
        (EXTENT, Extent(list_sizes={"Renewals": 1_310}, messages_sent=137), "Renewals: was 1,204, now 1,310"),
        (EXTENT, Extent(list_sizes={"Renewals": 1_204}), "Messages sent so far: was 137, now unknown"),
        (None, EXTENT, "were not known when it was requested"),
        (EXTENT, None, "loading …"),
    ],
)
def test_approver_sees_every_difference_since_the_request(then: Extent | None, now: Extent | None, said: str) -> None:
    view = approve(request=request(state=State.AWAITING_APPROVAL, extent=then), extent=now)
    assert said in str(next(block for block in view["blocks"] if "Since the request" in str(block)))


def test_approver_after_a_stop_reads_that_the_status_is_another_than_when_requested() -> None:
    """An approval was withdrawn in the undo window that follows the stop; the rest is compared since then."""
    stopped = {"stops": Purpose.STOP_AND_DELETE, "stop": CampaignStop(at=NOON, status_before="Active")}
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, extent=EXTENT, **stopped)

    said = str(approve(request=asked))

    assert "Status: was Active, now Stopped" in said
    assert strings.modals.SAME_CAMPAIGN not in said


def test_approver_sees_similar_names_once_they_are_known() -> None:
    assert "Checking for similar names" in str(approve(similar_names=None))
    alike = approve(similar_names=SimilarNames((listed(1, "Spring Sales"),), NOON))
    assert "Spring Sales" in str(alike)


def test_approver_of_a_changed_campaign_sees_what_changed() -> None:
    changed = request(state=State.CHANGED, differences=(Difference(field="status", before="Stopped", after="Ready"),))
    view = notice.changed(changed).to_dict()
    check_view(view, "modal")
    assert "Status: was Stopped, now Ready" in str(view)


def confirm(**changes: Any) -> dict[str, Any]:
    plain = {"campaign": campaign(), "similar_names": ALONE, "preview": preview(), "approvals_required": 1}
    looked = CampaignPreview(**{**plain, "budget": BUDGET, **changes})
    view: dict[str, Any] = confirm_modal.build(looked, EXTENT, POLICY, LINKS).to_dict()
    check_view(view, "modal")
    return view


def test_confirm_modal_begins_with_blast_radius_name_and_the_two_fields() -> None:
    blocks = confirm()["blocks"]
    assert [block["type"] for block in blocks[:5]] == ["alert", "header", "context", "input", "input"]
    assert blocks[0]["text"]["text"] == "Stopped · 137 sent · 1,204 contacts"
    assert blocks[2]["elements"][0]["text"] == "ID `cd-3aefda80-f98e-5f4f-ad41-92803abb0001`"
    assert [block["block_id"] for block in blocks[3:5]] == [ids.REASON_BLOCK, ids.PHRASE_BLOCK]


def test_confirm_modal_shows_similar_names_before_the_fields() -> None:
    alike = SimilarNames((listed(1, "Spring Sales"),), NOON)
    asked = preview().model_copy(update={"ask_for_id": True})
    blocks = confirm(similar_names=alike, preview=asked)["blocks"]
    assert [block["type"] for block in blocks[:5]] == ["alert", "header", "context", "section", "input"]
    assert "`Spring Sales`, Ready, `…0001`" in blocks[3]["text"]["text"]


def test_only_the_id_is_shown_as_code() -> None:
    said = str(confirm())
    assert re.findall("`([^`]*)`", said) == ["cd-3aefda80-f98e-5f4f-ad41-92803abb0001"]
    assert "'code': True" not in said


FIRST_FAILED = ":repeat: *Second request for this campaign.* The first failed <!date^"
REFUSED = ": Kore.ai refused."
LINK = "<https://sandbox.slack.com/archives/C0CARDS/p12|See that request>"


@pytest.mark.parametrize("state", sorted(set(State) - OPEN_STATES - {State.REBUILT}))
def test_earlier_request_is_told_in_every_state(state: State) -> None:
    said = str(confirm(earlier=EARLIER.model_copy(update={"state": state, "person_id": "U0BOB", "count": 11})))
    assert "Request number 12 for this campaign" in said
    assert "{" not in said.partition("The last one ")[2].partition("<!date")[0]


def test_earlier_request_is_shown_with_a_link_to_requester_approver_and_channel() -> None:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, earlier=EARLIER)
    message = Message(request_id=asked.id, key="card", kind=MessageKind.CARD, target_id="C0")
    text, blocks = request_card.build(RequestView(asked), message, POLICY, LINKS)
    for surface in (confirm(earlier=EARLIER), approve(request=asked), [block.to_dict() for block in blocks]):
        for part in (FIRST_FAILED, REFUSED, LINK):
            assert part in str(surface)
    assert FIRST_FAILED in text
    assert "https://" not in text


CARD = Message(request_id="r", key="card", kind=MessageKind.CARD, target_id="C0", channel_id="C0CARDS", ts="1.2")


@pytest.mark.parametrize("state", sorted(set(State) - OPEN_STATES))
def test_ops_room_gets_two_lines_and_a_link_for_what_is_not_a_deletion(state: State) -> None:
    message = Message(request_id="r", key="room", kind=MessageKind.ROOM, target_id="C0OPS")
    seen = RequestView(request(state=state, approvals_required=1), card=CARD)
    text, blocks = request_card.build(seen, message, POLICY, LINKS)
    is_short = state in (State.REJECTED, State.CANCELLED, State.EXPIRED, State.STOPPED, State.CHANGED)
    assert (len(blocks) == 2) == is_short
    assert ("|Details>" in str(blocks[1].to_dict())) == is_short
    assert "`Spring Sale` " in text
    assert "Requested by <@U0ALICE>" in text


def test_card_carries_the_blast_radius_in_one_line_and_the_whole_id_once() -> None:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, extent=EXTENT)
    message = Message(request_id=asked.id, key="card", kind=MessageKind.CARD, target_id="C0")
    text, blocks = request_card.build(RequestView(asked), message, POLICY)
    said = str([block.to_dict() for block in blocks])
    line = "When requested: Stopped · 137 sent · 1,204 contacts · Not scheduled"
    assert line in said
    assert line in text
    assert said.count(asked.campaign.campaign_id) == text.count(asked.campaign.campaign_id) == 1
    assert "`…0001`" in said
