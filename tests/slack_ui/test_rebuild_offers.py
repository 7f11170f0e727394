"""Rebuild is offered where it is possible, by the messages that have the button, and not after a rebuild."""

import pytest

from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.clock import now
from deletion.domain.models import Request
from deletion.domain.outcome import LATE_DELETES
from deletion.domain.policy import Policy
from deletion.domain.rebuildable import NOT_REBUILDABLE, Rebuildable
from deletion.domain.recipients import recipients
from deletion.domain.records import Entry, MessageKind
from deletion.domain.states import State
from deletion.lifecycle.intake_results import CampaignPreview
from deletion.messages.projection import RequestView
from slack_ui.messages import lookup_answer, request_card
from slack_ui.parts import ids
from slack_ui.parts.links import Links
from slack_ui.parts.text import date
from slack_ui.views import approve_modal, confirm_modal
from tests.deletion.values import NOON, campaign, preview, request
from tests.slack_ui.surfaces import BUDGET
from tests.stories import person

CONFIRMED = Attempt(kind=AttemptKind.CONFIRMED, at=now())
LOST = Attempt(kind=AttemptKind.NO_ANSWER, at=now() - LATE_DELETES)
DELETED = request(
    state=State.DELETED, attempt=CONFIRMED, observation=Observation.ABSENT, approvals_required=1, channel_id="C0ASKED"
)
CARDS = Policy(approvals_channel="C0APPROVALS", ops_rooms=("C0OPS",))


def messages(deleted: Request, rebuildable: Rebuildable) -> dict[MessageKind | None, str]:
    """Return the text and buttons of each message of a closed request, and under None of the private answer."""
    seen = RequestView(deleted, rebuildable=rebuildable)
    entry = Entry(at=now(), event="deleted", actor_id="engine", surface="engine")
    shown: dict[MessageKind | None, str] = {
        owed.kind: str([block.to_dict() for block in request_card.build(seen, owed, CARDS)[1]])
        for owed in recipients(deleted, entry, CARDS)
        if owed.kind is not MessageKind.STORY
    }
    private, _ = lookup_answer.one(seen, [], Links("https://sandbox.slack.com/"), CARDS, is_asked_again=False)
    assert len(shown) == 4, "card, origin, ops room, direct message"
    return {**shown, None: private}


@pytest.mark.parametrize("deleted", [DELETED, DELETED.model_copy(update={"state": State.GONE, "attempt": LOST})])
def test_every_message_about_an_archived_deletion_says_where_it_can_be_rebuilt(deleted: Request) -> None:
    for kind, said in messages(deleted, Rebuildable(is_archived=True)).items():
        has_button = kind in (MessageKind.CARD, MessageKind.ORIGIN)
        assert (ids.REBUILD_BUTTON in said) is has_button
        assert ("on its message in <#C0APPROVALS>" in said) is not has_button
        assert "can make a new campaign with the same content, with a new ID and without its history" in said
        assert "while the archive has a copy of it" in said  # the message stays when the archive is purged
    assert "may have been my delete" in said or deleted.state is State.DELETED


@pytest.mark.parametrize("is_archived", [True, False])
def test_private_answer_has_the_button_of_a_campaign_whose_list_has_none(*, is_archived: bool) -> None:
    of_list = DELETED.model_copy(update={"list_id": "1" * 32, "list_position": 2})
    seen = RequestView(of_list, rebuildable=Rebuildable(is_archived=is_archived))

    text, blocks = lookup_answer.one(seen, [], Links("https://sandbox.slack.com/"), CARDS, is_asked_again=False)

    shown = [block.to_dict() for block in blocks]
    values = [element["value"] for block in shown if block["type"] == "actions" for element in block["elements"]]
    assert values == [of_list.id] * is_archived
    assert "on its message" not in f"{text} {shown}"
    assert ("Rebuild can make a new campaign" in text) is is_archived


def test_deletion_without_an_archive_that_opens_offers_no_rebuild() -> None:
    for said in messages(DELETED, NOT_REBUILDABLE).values():
        assert "ebuil" not in said
        assert "Kore.ai documents no undo" in said


def test_every_message_about_a_rebuilt_deletion_names_the_new_campaign_and_offers_no_rebuild() -> None:
    rebuilt = request(state=State.REBUILT, rebuilds=DELETED.id, created_id="cd-3aefda80-f98e-5f4f-ad41-92803abb4dd2")
    for said in messages(DELETED, Rebuildable(rebuilt=rebuilt)).values():
        assert f"Rebuilt {date(rebuilt.changed_at)} as `…4dd2`" in said
        assert ids.REBUILD_BUTTON not in said
        assert "Rebuild can" not in said


@pytest.mark.parametrize("archives", [True, False])
def test_warning_of_the_forms_names_the_rebuild_where_it_will_be_possible(archives: bool) -> None:
    policy = Policy(archives=archives)
    asked, lacking = request(state=State.AWAITING_APPROVAL), MissingApprovals(count=1)
    looked = CampaignPreview(campaign(), SimilarNames(as_of=NOON), preview(), 1, BUDGET)
    review = approve_modal.Review(asked, campaign(), missing=lacking, missing_after=lacking)
    for view in (confirm_modal.build(looked, None, policy), approve_modal.build(review, policy)):
        said = person.shown(view.to_dict())
        assert "Kore.ai documents no undo." in said
        assert ("rebuilt, but only as a new campaign with a new ID and no history" in said) is archives


def test_message_about_a_rebuilt_deletion_is_as_of_the_rebuild() -> None:
    rebuilt = request(state=State.REBUILT, rebuilds=DELETED.id, created_id="cd-1", changed_at=now())
    for kind, said in messages(DELETED, Rebuildable(rebuilt=rebuilt)).items():
        assert kind is None or f"As of {date(rebuilt.changed_at)}" in said


def test_card_of_a_rebuild_counts_no_contacts_of_the_deleted_campaign() -> None:
    said = person.shown([block.to_dict() for block in request_card.account(RequestView(request(rebuilds="1")), CARDS)])
    assert "In the archive: Stopped · Not scheduled" in said
    assert "unknown" not in said
