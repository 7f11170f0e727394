"""Build every view and message with the same external text in every place that takes one."""

from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import Any

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import Closeness, Hit
from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.approvals.approval import OFFERED, Objection
from deletion.domain.approvals.denial import Denial
from deletion.domain.approvals.quorum import Quorum
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.budget import Budget
from deletion.domain.campaign_list import MOST_CAMPAIGNS, CampaignList
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.freeze_and_budget import DeleteLimits, FreezeEvent, FreezeNotice
from deletion.domain.models import CampaignStop, Decision, EarlierRequest, Purpose, Request, Verdict
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy, Refusal
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.kore.health import Health, Trouble
from deletion.lifecycle.archive import Unopened
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from deletion.lifecycle.list_decisions import ListMissing, ListReview
from deletion.lifecycle.list_transitions import CAMPAIGNS
from deletion.lifecycle.rebuild import Kept
from deletion.lifecycle.stop_intake import StopPreview
from deletion.messages.projection import RequestView
from deletion.stores.hold_store import LISTED_AT_MOST
from deletion.stores.overview import COUNTED, PAGE, Overview, Section
from deletion.stores.request_queries import Cursor, Page, RequestFilter
from kore_api.causes import Cause
from kore_api.errors import KoreUnreachableError
from kore_api.models import Campaign
from slack_ui import strings
from slack_ui.messages import (
    approver_call,
    freeze_notice,
    hold_notice,
    late_outcome,
    list_card,
    list_line,
    list_pause,
    lookup_answer,
    request_card,
    suggestion,
    thread_line,
)
from slack_ui.parts import blocks
from slack_ui.parts.links import Links
from slack_ui.parts.request_form import help_text
from slack_ui.parts.text import clean, code
from slack_ui.views import (
    approve_modal,
    confirm_modal,
    home,
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
from tests.deletion.values import NOON, campaign, freeze, hold, listed, preview, request

ROOMS = tuple(f"C{number:010}" for number in range(300))
CODES = ("is_archived", "restricted_action_thread_only_channel", "msg_too_long", "x" * 500, "`<!here>`")
REFUSED = dict(zip(ROOMS, cycle(CODES), strict=False))
APPROVERS = tuple(f"U{number:010}" for number in range(20))
WAITED_FOR = tuple(f"S{number:010}" for number in range(20))
POLICY = Policy(
    approvals_channel="C0APPROVALS",
    approvers=(*APPROVERS, *WAITED_FOR),
    approvals_required=20,
    escalation_approvers=tuple(f"U1{number:09}" for number in range(20)),
)
QUOTAS = tuple(Quota(group, 1) for group in WAITED_FOR)
LACKING: Any = dict.fromkeys(("missing", "missing_after"), MissingApprovals(count=20, groups=WAITED_FOR[:5]))
UNCOUNTED = Quorum(20, 0, is_complete=False)
LINKS = Links("https://sandbox.slack.com/")
LINK = LINKS.to_place("C0", "1.2", strings.cards.POINTER_LINK)
EARLIER = EarlierRequest(
    count=1, state=State.FAILED, at=NOON, attempt=AttemptKind.REFUSED, channel_id="C0CARDS", ts="1.2"
)
CARD = Message(request_id="r", key="card", kind=MessageKind.CARD, target_id="C0", channel_id="C0", ts="1.2")
USED_UP = Budget(at=now(), approved=10, limit=10, approved_for_requester=5, limit_for_requester=5)
CARD_LINK = "<https://sandbox.slack.com/archives/C0/p12|approval card>"
Surface = dict[str, Any]


def hostile_campaign(text: str) -> Campaign:
    return campaign(
        name=text, description=text, status=text, format=text or "x", contactLists=[text] * 12, experienceFlow=text,
        priority=len(text) ** 400, totalMessagesSent=-5, schedule=text,
        dialingStrategy={
            "callingHours": {
                "timezone": text, "frequency": text,
                "days": [{"day": text, "start": text, "end": f"{number}{text}"} for number in range(9)],
            },
            "callerId": {"phoneNumber": text},
        },
    )  # fmt: skip


@cache
def hostile_fingerprint(text: str) -> CampaignFingerprint:
    return CampaignFingerprint.of(hostile_campaign(text))


def hostile_request(text: str, state: State = State.UNKNOWN, **facts: str) -> Request:
    """Return a request with every optional fact, and with more of each than can occur."""
    at = now()
    decisions = [Decision(person_id=person, verdict=Verdict.APPROVED, at=at) for person in APPROVERS]
    decisions.append(Decision(person_id="U0BOB", verdict=Verdict.REJECTED, at=at, reason=text))
    fields = ("name", "status", "format", "schedule", "contact_lists", "dialing_strategy", "experience_flow", "message")
    return request(
        state=state, campaign=hostile_fingerprint(text), reason=text, approvals_required=20,
        approval_quotas=QUOTAS, missing_approvals=MissingApprovals(count=0),
        escalated_at=at, expires_at=at, budget=USED_UP, decisions=tuple(decisions), observation=Observation.UNCLEAR,
        attempt=Attempt(kind=AttemptKind.NO_ANSWER, at=at, kore_message=text, explanation="Kore.ai said 400."),
        differences=tuple(Difference(field=field, before=text, after=f"{{{text}") for field in fields), earlier=EARLIER,
        extent=Extent(list_sizes={text: 1_204}, messages_sent=137), **facts,
    )  # fmt: skip


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


@cache
def homes(text: str) -> dict[str, Surface]:
    """Return Homes: full lists with every warning, empty, denied, unlisted and paused."""
    cursor = Cursor(at=now(), id="f" * 32)
    asked = tuple(hostile_request(text, State.AWAITING_APPROVAL, id=f"{n:032}") for n in range(PAGE))
    full = {section: Page(asked, before=cursor, after=cursor) for section in Section}
    told = {each.id: [Message(request_id=each.id, key="k", kind=MessageKind.CARD, target_id="C0")] for each in asked}
    used_up = DeleteLimits(at=now(), freeze=freeze(reason=text), approved=(now(),) * 10)
    worst = home.Home(
        Overview(full, COUNTED + 1, told, used_up),
        dict.fromkeys((each.id for each in asked), OFFERED),
        (home.Served(POLICY, used_up, Health(trouble=Trouble.DENIED, since=now())),),
        may_ask=True,
    )
    many = [hostile_list(text, *states) for states in ((State.AWAITING_APPROVAL,), (State.UNKNOWN, State.APPROVED))]
    of_lists = home.Home(
        Overview(
            {section: Page(tuple(each.requests[0] for each in many)) for section in Section},
            1,
            {each.id: [CARD] for each in many},
            DeleteLimits(at=now()),
            {each.id: each for each in many},
        ),
        {},
        (),
        may_ask=True,
    )
    quiet = home.Home(
        Overview({}, 0, {}, DeleteLimits(at=now())),
        {},
        (home.Served(POLICY, DeleteLimits(at=now()), Health(answered_at=now(), calls=3)),),
        may_ask=False,
    )
    return {
        **{
            name: home.view(home.blocks(shown, LINKS, Policies([POLICY])), now(), shown).to_dict()
            for name, shown in (("worst", worst), ("lists", of_lists), ("quiet", quiet))
        },
        "on no list": home.not_listed(POLICY).to_dict(),
        **{f"denied: {why}": home.denied(refusals.denial_text(why, POLICY)).to_dict() for why in Denial},
        "resting": home.paused(now()).to_dict(),
    }


def stopping(asked: Request) -> tuple[Request, Request]:
    """Return it as a stop alone and as a delete after a stop, each with the stop verified."""
    stop = CampaignStop(at=NOON, status_before=asked.reason, attempt=asked.attempt, messages_sent=10**4_000)
    alone, first = ({"stops": each, "stop": stop} for each in (Purpose.STOP, Purpose.STOP_AND_DELETE))
    return asked.model_copy(update=alone), asked.model_copy(update=first)


@cache
def messages(text: str) -> dict[str, Surface]:
    found = {}
    for state in State:
        for kind in (MessageKind.CARD, MessageKind.DIRECT, MessageKind.ROOM):
            message = Message(request_id="r", key="k", kind=kind, target_id="C0")
            asked = hostile_request(text, state)
            rebuild = asked.model_copy(update={"rebuilds": "another", "flow_name": text})
            variants = {"": asked, ", of a rebuild": rebuild}
            if kind is MessageKind.CARD:
                variants |= {f", to {each.purpose}": each for each in stopping(asked)}
            for what, of in ((f"{kind} of {state}{variant}", of) for variant, of in variants.items()):
                for name, frozen in (("", None), ("frozen ", freeze(reason=text)))[: 1 + of.is_open]:
                    seen = RequestView(of, REFUSED, frozen, CODES[0], CARD)
                    said, blocks = request_card.build(seen, message, POLICY, LINKS)
                    found[f"{name}{what}"] = {"text": said, "blocks": [block.to_dict() for block in blocks]}
    lifted = freeze(reason=text, lifted_by="U0CAROL", lifted_at=now(), lifted_because=text)
    for turn in FreezeEvent:
        told = FreezeNotice(freeze_id=lifted.id, event=turn, target_id="C0")
        found[f"notice of {turn}"] = freeze_notice.build(lifted, told, {})
        found[f"{turn}, unreached"] = freeze_notice.build(lifted, told, REFUSED)
    calls = ("requested", "reminded", "escalated", "approval struck", "approval withdrawn", "approvals insufficient")
    for event in ("rejected", "changed", *calls, "unheard of"):
        details = {"reason": text, "approvers": "U0HEAD, S0HEADS", "struck": "U0BOB", "why": text}
        entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details=details)
        for state in (State.AWAITING_APPROVAL, State.REJECTED):
            asked = hostile_request(text, state)
            found[f"story of {event}, {state}"] = {"text": thread_line.line(entry, asked, POLICY, CARD_LINK)}
            asked = hostile_request(text, state, requester_id="U0ALICE")
            found[f"call, {state}"] = {"text": approver_call.text(RequestView(asked), APPROVERS[0], POLICY, CARD_LINK)}
    return {**found, **list_messages(text)}


@cache
def hostile_list(text: str, *states: State) -> CampaignList:
    """Return a list of as many campaigns as there may be, in these states by turns."""
    requests = tuple(
        hostile_request(text, state, id=f"{number:032}").model_copy(
            update={"list_id": f"{1:032}", "list_position": number}
        )
        for number, state in zip(range(1, MOST_CAMPAIGNS + 1), cycle(states), strict=False)
    )
    return CampaignList(requests[0].id, requests)


def list_messages(text: str) -> dict[str, Surface]:
    """Return the messages and thread lines of lists."""
    found = {}
    waiting, paused = hostile_list(text, State.AWAITING_APPROVAL), hostile_list(text, State.UNKNOWN, State.APPROVED)
    done = hostile_list(text, *(state for state in strings.lists.RESULTS if state not in OPEN_STATES))
    paused = replace(paused, paused_on=paused.requests[0].id)
    decided = [
        each.model_copy(update={"decisions": each.decisions[number:]}) for number, each in enumerate(waiting.requests)
    ]
    mixed = replace(waiting, requests=tuple(decided))
    for name, shown_list in (("waiting", waiting), ("paused", paused), ("done", done), ("mixed", mixed)):
        for frozen in (None, freeze(reason=text)):
            message = Message(request_id="r", key="k", kind=MessageKind.CARD, target_id="C0")
            seen = RequestView(shown_list.overall, REFUSED, frozen, CODES[0], CARD, listed=shown_list)
            said, blocks = list_card.build(seen, shown_list, message, POLICY)
            shown = {"text": said, "blocks": [block.to_dict() for block in blocks]}
            found[f"{name} list{', frozen' if frozen else ''}"] = shown
    found["first of a list"] = {"text": list_card.first(waiting)}
    for name, shown_list in (("paused", paused), ("done", done)):
        told = Entry(at=now(), event="failed", actor_id="engine", surface="engine", details={"list_position": "1"})
        for frozen in (None, freeze(reason=text)):
            said = list_pause.text(told, shown_list, frozen, CARD_LINK)
            found[f"pause of a {name} list{', frozen' if frozen else ''}"] = {"text": said}
    late = Entry(at=now(), event="failed", actor_id="engine", surface="engine", details={"list_position": "2"})
    for state in (State.FAILED, State.DELETED, State.GONE, State.UNKNOWN):
        found[f"late outcome {state}"] = {"text": late_outcome.text(late, hostile_list(text, state), CARD_LINK)}
    for event in (*strings.lists.LINES, "deleted", "unheard of"):
        for count in ({}, {CAMPAIGNS: "20"}):
            details = {"reason": text, "approvers": "U0HEAD, S0HEADS", "list_position": "2", **count}
            entry = Entry(at=now(), event=event, actor_id="U0BOB", surface="modal", details=details)
            found[f"story of {event} in a list, {count}"] = {"text": list_line.line(entry, waiting, POLICY, CARD_LINK)}
    return found


@cache
def answers(text: str) -> dict[str, Surface]:
    """Return the replies to ``status`` and ``history``."""
    asked, cursor = hostile_request(text), Cursor(at=now(), id="f" * 32)
    told = [
        Message(request_id=asked.id, key=f"{n}", kind=MessageKind.CARD, target_id="C0", channel_id="C0", ts="1.2")
        for n in range(3)
    ]
    of = {asked.id: told}
    paused = replace(hostile_list(text, State.UNKNOWN, State.APPROVED), paused_on=f"{1:032}")
    seen = RequestView(paused.overall, REFUSED, freeze(reason=text), listed=paused)
    built = {
        "list": lookup_answer.of_list(seen, paused, told, LINKS, POLICY),
        "one": lookup_answer.one(RequestView(asked), told, LINKS, POLICY, is_asked_again=True),
        "several": lookup_answer.several("Several requests", [asked] * 10, of, LINKS),
        "page": lookup_answer.page(
            Page((asked,) * 10, before=cursor, after=cursor), RequestFilter(since=now()), of, LINKS
        ),
        "nothing": lookup_answer.text_only("There is none."),
        "did you mean": suggestion.build(("history",), "", text),
        "did you mean to search": suggestion.build((), text, text),
        "freeze all?": freeze_notice.question(),
        "a word": lookup_answer.text_only(strings.lookup_and_home.NOT_A_FILTER.format(word=code(text))),
    }
    return {name: {"text": said, "blocks": [each.to_dict() for each in shown]} for name, (said, shown) in built.items()}
