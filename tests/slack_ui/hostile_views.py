"""Build every modal with the same external text in every place that takes one."""

from functools import cache
from typing import Any

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import Closeness, Hit
from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals
from deletion.domain.approvals.approval import Objection
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.campaign_list import MOST_CAMPAIGNS
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Purpose
from deletion.domain.policy import Refusal
from deletion.domain.states import State
from deletion.lifecycle.archive import Unopened
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from deletion.lifecycle.rebuild import Kept
from deletion.lifecycle.stop_intake import StopPreview
from deletion.stores.hold_store import LISTED_AT_MOST
from kore_api.causes import Cause
from kore_api.errors import KoreUnreachableError
from slack_ui import strings
from slack_ui.messages import freeze_notice, hold_notice
from slack_ui.parts import blocks
from slack_ui.parts.request_form import help_text
from slack_ui.parts.text import clean
from slack_ui.views import (
    approve_modal,
    confirm_modal,
    list_approve_modal,
    list_confirm_modal,
    list_picker,
    list_reject_modal,
    notice,
    picker_modal,
    rebuild_modal,
    refusals,
    reject_modal,
    stop_modal,
)
from slack_ui.views.approve_modal import Review
from tests.deletion.values import NOON, freeze, hold, listed, preview
from tests.slack_ui.hostile_values import (
    EARLIER,
    LINKS,
    POLICY,
    QUOTAS,
    USED_UP,
    WAITED_FOR,
    Surface,
    hostile_campaign,
    hostile_list,
    hostile_request,
)

UNCOUNTED = Quorum(20, 0, is_complete=False)
LACKING: Any = dict.fromkeys(("missing", "missing_after"), MissingApprovals(count=20, groups=WAITED_FOR[:5]))
LINK = LINKS.to_place("C0", "1.2", strings.cards.POINTER_LINK)


@cache
def views(text: str) -> dict[str, Surface]:
    shown, asked = hostile_campaign(text), hostile_request(text)
    kept = preview().model_copy(update={"campaign": CampaignFingerprint.of(shown)})
    extent = Extent(list_sizes={text: 10**4_000}, messages_sent=10**4_000, sent_as_of=NOON)
    twins = tuple(listed(number, text, status=text) for number in range(12))
    copy, picking = CachedList(twins, NOON), picker_modal.Picking(query=clean(text, picker_modal.QUERY_LIMIT))
    alone, alike, unproved = SimilarNames(as_of=NOON), SimilarNames(twins, NOON), SimilarNames(twins)
    frozen = freeze(reason=text)
    said: dict[str, str] = {why: refusals.denial_text(why, POLICY, request=asked) for why in Denial}
    said |= {why: refusals.objection_text(why, asked, frozen) for why in Objection}
    said |= {"frozen before": freeze_notice.frozen_before(frozen), "under way": freeze_notice.in_progress([asked])}
    held = hold(campaign_name=text, reason=text)
    said |= {
        "held": hold_notice.done(held, has_begun=False),
        "holds": hold_notice.listed([held] * (LISTED_AT_MOST + 1)),
    }
    said |= {"held late": hold_notice.done(held, has_begun=True)}
    said |= {"held before": hold_notice.held_before(held), "released": hold_notice.released(held)}
    said |= {"frozen, unanswered": freeze_notice.result(frozen, [asked], POLICY)}

    def refused(why: Refusal) -> Refused:
        known = shown if why is not Refusal.UNSETTLED else None
        return Refused(why, known, asked, frozen, held, now(), quorum=Quorum(20, 0))

    confirm = confirm_modal.build(
        CampaignPreview(shown, alone, kept, 20, USED_UP, earlier=EARLIER), extent, POLICY, LINKS
    )
    kept_many = [kept.model_copy(update={"id": f"{number:032}", "extent": extent}) for number in range(MOST_CAMPAIGNS)]
    chosen = [CampaignPreview(shown, alone, each, 20, USED_UP, earlier=EARLIER) for each in kept_many]
    left_out = [("cd-3aefda80-f98e-5f4f-ad41-92803abb0001", refused(why)) for why in Refusal]
    many = list_confirm_modal.Chosen(chosen, kept_many, left_out[:MOST_CAMPAIGNS], 21)
    waiting = hostile_list(text, State.AWAITING_APPROVAL)
    missing = [MissingApprovals(count=0), *[MissingApprovals(count=20, groups=WAITED_FOR[:5])] * (MOST_CAMPAIGNS - 1)]
    many_to_approve = {
        name: list_approve_modal.Shown(
            ListReview(waiting, unread),
            "U0BOB",
            ListMissing(missing[len(unread) :], missing[len(unread) :]),
            [names] * (MOST_CAMPAIGNS - len(unread)),
        )
        for name, names, unread in (
            ("", alike, waiting.requests[:1]),
            (", perhaps with similar names", unproved, ()),
            (", without similar names", alone, ()),
            (", unchecked", SimilarNames(), ()),
        )
    }
    return {
        "confirm": confirm.to_dict(),
        "confirm without alerts": blocks.without_alerts(confirm).to_dict(),
        "confirm, counting": confirm_modal.build(
            CampaignPreview(shown, alone, kept, 20, USED_UP), None, POLICY
        ).to_dict(),
        "confirm one of many": confirm_modal.build(
            CampaignPreview(shown, alike, kept, 20, USED_UP), None, POLICY
        ).to_dict(),
        "confirm one of perhaps many": confirm_modal.build(
            CampaignPreview(shown, unproved, kept, 20, USED_UP, UNCOUNTED), None, POLICY
        ).to_dict(),
        "pick many": list_picker.for_words(
            copy, picking, [Hit(each, Closeness.SAME) for each in twins], POLICY
        ).to_dict(),
        "pick many by id": list_picker.for_ids(copy, picking, [each.id for each in twins]).to_dict(),
        "confirm many": list_confirm_modal.build(many, POLICY).to_dict(),
        "none of many": list_confirm_modal.none_left(many.left_out, POLICY).to_dict(),
        **{
            f"approve many{name}": list_approve_modal.build(of, POLICY).to_dict()
            for name, of in many_to_approve.items()
        },
        "reject many": list_reject_modal.build(waiting).to_dict(),
        "pick": picker_modal.build(copy, picking, []).to_dict(),
        "approve": approve_modal.build(Review(asked, shown, extent, alike, **LACKING), POLICY, LINKS).to_dict(),
        "approve, counting": approve_modal.build(Review(asked, shown, **LACKING), POLICY, LINKS).to_dict(),
        "approve a rebuild": approve_modal.build(
            Review(asked.model_copy(update={"rebuilds": "another", "flow_name": text}), **LACKING), POLICY, LINKS
        ).to_dict(),
        "approve a stop and delete": approve_modal.build(
            Review(asked.model_copy(update={"stops": Purpose.STOP_AND_DELETE}), shown, extent, alike, **LACKING), POLICY
        ).to_dict(),
        "stop": stop_modal.build(StopPreview(shown, kept, 20), extent, POLICY).to_dict(),
        "stop, counting": stop_modal.build(StopPreview(shown, kept, 0), None, POLICY).to_dict(),
        "stop and delete": confirm_modal.build(
            CampaignPreview(
                shown, alone, kept.model_copy(update={"stops": Purpose.STOP_AND_DELETE}), 0, USED_UP, earlier=EARLIER
            ),
            extent,
            POLICY,
        ).to_dict(),
        "changed": notice.changed(asked).to_dict(),
        "reject": reject_modal.build(asked).to_dict(),
        "loading": notice.loading().to_dict(),
        "loading in a window": notice.headed(notice.loading(), {"title": {"text": text}}).to_dict(),
        "waiting": notice.waiting(now()).to_dict(),
        "unexpected": notice.unexpected().to_dict(),
        "unreadable": notice.unreadable(KoreUnreachableError(text, text, cause=Cause.PROXY)).to_dict(),
        "recorded": notice.recorded(asked).to_dict(),
        "not taken": notice.form_errors(confirm_modal.frozen(frozen).values()).to_dict(),
        "preview lost": notice.preview_lost().to_dict(),
        "help": notice.info(help_text(POLICY.model_copy(update={"approval_quotas": QUOTAS}))).to_dict(),
        "said": notice.info(freeze_notice.frozen_before(frozen)).to_dict(),
        "rebuild": rebuild_modal.build(Kept(kept, needs_flow_name=True), POLICY).to_dict(),
        "rebuild: already": rebuild_modal.already(asked.model_copy(update={"rebuilds": asked.id})).to_dict(),
        "rebuild: to be deleted": rebuild_modal.already(asked.model_copy(update={"state": State.APPROVED})).to_dict(),
        "rebuild: deleted again": rebuild_modal.already(
            asked.model_copy(update={"state": State.DELETED}), LINK
        ).to_dict(),
        "rebuild: not now": rebuild_modal.not_now(asked).to_dict(),
        **{f"rebuild: {why}": rebuild_modal.unopened(asked, why).to_dict() for why in Unopened},
        **{f"refused: {why}": notice.refused(refused(why), POLICY, LINK).to_dict() for why in Refusal},
        **{f"denied: {why}": refusals.denial_view(why, POLICY).to_dict() for why in Denial},
        **{f"objected: {why}": refusals.objection_view(why, asked, frozen).to_dict() for why in Objection},
        **{f"told: {why}": notice.error("Nothing was done", text).to_dict() for why, text in said.items()},
    }  # fmt: skip


def suggestions(text: str) -> list[Surface]:
    """Return the picker's suggestions, grouped and ungrouped."""
    found = [listed(1, text, status=text), listed(2, text, status="Ready"), listed(3, text, is_voice=True)]
    return [picker_modal.answer(found, POLICY, in_groups=in_groups) for in_groups in (True, False)]
