"""Views and messages in every state and with hostile texts: they keep Slack's limits and say what is so."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from deletion.catalogue.listed_campaign import CachedList
from deletion.catalogue.search import Closeness, Hit
from deletion.catalogue.similar_names import SimilarNames
from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.clock import now
from deletion.domain.extent import Extent
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.freeze_and_budget import Freeze, FreezeEvent, FreezeNotice
from deletion.domain.models import (
    OPEN_STATES,
    Attempt,
    AttemptKind,
    Budget,
    Decision,
    Observation,
    Overrun,
    Request,
    State,
    Verdict,
)
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.witnesses import Source
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from deletion.messages.projection import RequestView
from kore_api.causes import Cause
from kore_api.errors import KoreServerError, KoreUnreachableError
from kore_api.models import Campaign
from sandbox.slack.blocks.rules import check_message, check_options, check_view
from slack_ui import strings
from slack_ui.messages import freeze_notice, next_step, request_card, thread_line
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts import campaign_summary, ids
from slack_ui.parts.api_error import TRANSIENT
from slack_ui.parts.links import Links
from slack_ui.parts.text import clean
from slack_ui.parts.undelivered import cure
from slack_ui.views import confirm_modal, notice, picker_modal, rebuild_modal
from tests.deletion.values import NOON, campaign, freeze, listed, preview, request

WORST = ["<!channel> & <@U0BOB>", "x" * 10_000, "\u202e\u200b", "", "two\nlines", "🔥" * 3_000, "*b* _i_ `c` ~s~"]
POLICY = Policy(approvals_channel="C0APPROVALS", approvers=("U0BOB", "S0APPROVE"))
BUDGET = Budget(at=now(), approved=3, limit=10, approved_for_requester=1, limit_for_requester=5)
USED_UP = BUDGET.model_copy(update={"approved": 10})
NONE_ALIKE = SimilarNames(as_of=NOON)
EXTENT = Extent(list_sizes={"Renewals": 1_204}, messages_sent=0)


def summary(shown: Campaign, extent: Extent | None = EXTENT, alike: SimilarNames = NONE_ALIKE) -> dict[str, Any]:
    seen = preview().model_copy(update={"campaign": CampaignFingerprint.of(shown), "ask_for_id": alike.ask_for_id})
    looked = CampaignPreview(shown, alike, seen, 1, BUDGET)
    view: dict[str, Any] = confirm_modal.build(looked, extent, POLICY).to_dict()
    return view


def card(
    shown: Request,
    kind: MessageKind = MessageKind.ORIGIN,
    unreached: Mapping[str, str] = MappingProxyType({}),
    freeze: Freeze | None = None,
) -> dict[str, Any]:
    message = Message(request_id=shown.id, key="one", kind=kind, target_id="C0")
    text, blocks = request_card.build(RequestView(shown, unreached, freeze), message, POLICY)
    return {"text": text, "blocks": [block.to_dict() for block in blocks]}


def lines(surface: dict[str, Any]) -> dict[str, str]:
    """Return the labelled lines of all rich texts; a date by its fallback."""
    found: dict[str, str] = {}
    for block in surface["blocks"]:
        label = ""
        for part in block["elements"][0]["elements"] if block["type"] == "rich_text" else ():
            text = part.get("text") or part.get("fallback") or ""
            if part.get("style", {}).get("bold"):
                label = text.strip()
                found[label] = ""
            elif label:
                found[label] += text
    return found


@pytest.mark.parametrize("worst", WORST)
def test_summary_with_hostile_texts_keeps_limits_and_every_field(worst: str) -> None:
    shown = campaign(
        name=worst, description=worst, status=worst, format=worst or "x", contactLists=[worst] * 30,
        dialingStrategy={"callingHours": {"timezone": worst, "frequency": worst, "days": [{"day": worst}] * 40}},
    )  # fmt: skip
    view = summary(shown)
    check_view(view, "modal")
    assert "Contact lists" in str(view)
    assert "<!channel>" not in str([block for block in view["blocks"] if block["type"] == "section"])


@given(st.text(max_size=4_000), st.text(max_size=4_000))
def test_card_with_any_text_keeps_limits(name: str, said: str) -> None:
    shown = request(
        campaign=CampaignFingerprint.of(campaign(name=name)), reason=said, state=State.FAILED,
        attempt=Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message=said, explanation=said),
        differences=(Difference(field="name", before=name, after=said),),
    )  # fmt: skip
    built = card(shown)
    check_message(built["blocks"])
    assert 0 < len(built["text"]) <= 4_000
    assert "<!" not in built["text"].replace("<!date", "")


@pytest.mark.parametrize("unseen", ["", "\u200b" * 10, "\u2066 \u2069" * 5])
def test_invisible_text_gets_placeholder(unseen: str) -> None:
    built = card(request(reason=unseen, attempt=Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message=unseen)))
    check_message(built["blocks"])
    assert strings.modals.NO_VISIBLE_TEXT in str(built["blocks"])


@pytest.mark.parametrize("state", State)
def test_every_state_has_headline_and_next_step(state: State) -> None:
    built = card(request(state=state))
    check_message(built["blocks"])
    assert built["text"].startswith(f"`Spring Sale` {strings.deletion.DELETION.headlines[state]}")
    assert strings.deletion.DELETION.next_steps[state][:12] in built["text"]
    dates = {"{date_short_pretty}", "{time}", "{time_secs}"}
    assert not set(re.findall(r"\{[a-z_]+\}", str(built))) - dates


REFUSED = Attempt(kind=AttemptKind.REFUSED, at=now(), kore_message="Too many calls")


@pytest.mark.parametrize("attempt", [None, REFUSED])
@pytest.mark.parametrize("state", [State.APPROVED, State.DELETING, State.STOPPED])
def test_rate_limited_card_shows_time_and_attempt(state: State, attempt: Attempt | None) -> None:
    built = card(request(state=state, waiting_since=now(), attempt=attempt))
    check_message(built["blocks"])
    assert ("rate limit has been reached" in built["text"]) == (state is not State.STOPPED)
    assert ("no earlier than <!date" in built["text"]) == (state is not State.STOPPED)
    assert ("Too many calls" in built["text"]) == (attempt is not None)
    assert ("Refused" in str(built["blocks"])) == (attempt is not None)


@pytest.mark.parametrize("kind", AttemptKind)
@pytest.mark.parametrize("seen", Observation)
def test_decision_attempt_and_observation_are_shown_separately(kind: AttemptKind, seen: Observation) -> None:
    attempt = Attempt(kind=kind, at=now(), kore_message="Kore said  this")
    built = card(request(state=State.UNKNOWN, attempt=attempt, observation=seen))
    facts = str(built["blocks"])
    assert strings.deletion.DELETION.attempts[kind] in facts
    by_status = strings.cards.ABSENT_BY[Source.STATUS]
    assert (by_status if seen is Observation.ABSENT else strings.deletion.DELETION.observations[seen]) in facts
    assert "Kore said  this" in facts
    assert "Requested and confirmed by <@U0ALICE>" in facts


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
@pytest.mark.parametrize("worst", WORST)
def test_frozen_card_shows_reason_and_no_approve_button(state: State, worst: str) -> None:
    frozen = freeze(reason=worst[:500])
    for kind in (MessageKind.CARD, MessageKind.ORIGIN):
        built = card(request(state=state, expires_at=now()), kind, freeze=frozen)
        check_message(built["blocks"])
        assert "Frozen by <@U0BOB> <!date^" in str(built["blocks"])
        assert "All requests are frozen. Frozen by <@U0BOB>" in built["text"]
        assert ids.APPROVE_BUTTON not in str(built)
        assert "<!channel>" not in re.sub("`[^`]*`", "", built["text"])
        assert strings.deletion.DELETION.next_steps_while_frozen[state][:12] in str(built["blocks"][-1])
        assert not set(re.findall(r"\{[a-z_]+\}", str(built))) - {"{date_short_pretty}", "{time}", "{time_secs}"}
    assert ids.APPROVE_BUTTON in str(card(request(state=State.AWAITING_APPROVAL), MessageKind.CARD))


def test_expired_approval_has_its_own_headline() -> None:
    built = card(request(state=State.EXPIRED, approved_at=now()))
    assert built["text"].startswith(f"`Spring Sale` {strings.deletion.DELETION.expired_unused}")
    assert strings.deletion.DELETION.expired_unused in str(built["blocks"][0])


@pytest.mark.parametrize("event", FreezeEvent)
@pytest.mark.parametrize("worst", WORST)
def test_freeze_notice_keeps_limits(event: FreezeEvent, worst: str) -> None:
    frozen = freeze(reason=worst[:500], lifted_by="U0CAROL", lifted_at=now(), lifted_because=worst[:500])
    told = freeze_notice.build(frozen, FreezeNotice(freeze_id=frozen.id, event=event, target_id="C0"), {})
    check_message(told["blocks"])
    assert 0 < len(told["text"]) <= 4_000
    assert "<!channel>" not in told["text"]
    assert "<@U0BOB>" in told["text"]
    assert ("<@U0CAROL> unfroze" in told["text"]) == (event is FreezeEvent.UNFROZEN)
    assert not set(re.findall(r"\{[a-z_]+\}", str(told))) - {"{date_short_pretty}", "{time}"}
    notice = FreezeNotice(freeze_id=frozen.id, event=event, target_id="U0BOB")
    unreached = freeze_notice.build(frozen, notice, {"C1": "not_in_channel"})
    assert "<#C1>" in unreached["text"]
    assert "/invite" in unreached["text"]


def test_budget_is_shown_on_open_cards_near_its_limit_and_counts_the_approved_request() -> None:
    for approved, approved_at, left in (
        (3, now(), ""),
        (7, None, ""),
        (7, now(), "8 (limit 10), including 2 requested by <@U0ALICE> (limit 5)."),
        (8, None, "8 (limit 10), including 1 requested by <@U0ALICE> (limit 5)."),
    ):
        spent = BUDGET.model_copy(update={"approved": approved})
        said = str(card(request(budget=spent, approved_at=approved_at))["blocks"])
        assert left in said
        assert ("Deletions approved in the hour" in said) is bool(left)
        ended = card(request(budget=spent, approved_at=approved_at, state=State.DELETED))
        assert "Deletions approved" not in str(ended["blocks"])


def test_budget_is_shown_after_an_extra_approval() -> None:
    theirs = BUDGET.model_copy(update={"approved_for_requester": 5})
    for spent, said in (
        (USED_UP, ": 10 (limit 10)."),
        (theirs, "<@U0ALICE> has reached the hourly limit for one person"),
    ):
        for state in (State.AWAITING_APPROVAL, State.DELETED):
            built = card(request(budget=spent, state=state))
            assert said in built["text"]
            assert "One extra approval is required:" in str(built["blocks"])
            assert strings.deletion.DELETION.next_steps[state][:12] in str(built["blocks"][-1])
    view = confirm_modal.build(
        CampaignPreview(campaign(), NONE_ALIKE, preview(), 1, USED_UP), None, Policy(approvals_required=0)
    ).to_dict()
    assert "One extra approval is required" in str(view)
    assert view["submit"]["text"] == strings.modals.MODAL_SUBMIT_ASK


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Overrun.TEAM, "the hourly limit has been reached"), (Overrun.REQUESTER, "hourly limit for one person")],
)
def test_thread_explains_extra_approval(kind: Overrun, said: str) -> None:
    details = {"over_budget": str(kind), "approved_in_the_hour": "10", "limit": "10"}
    entry = Entry(at=now(), event="approved", actor_id="U0BOB", surface="modal", details=details)
    line = thread_line.line(entry, request(), POLICY)
    assert line.startswith("<@U0BOB> approved. One extra approval is required: ")
    assert said in line
    assert line.endswith("(10 approved in the last hour, limit 10).")


@pytest.mark.parametrize(
    ("approved_by", "said"),
    [
        ((), "Next: approval by 2 more people, in <#C0APPROVALS>: <@U0BOB>, <!subteam^S0APPROVE>. If it isn't"),
        (("U0BOB",), "Next: approval by one more person, in <#C0APPROVALS>: <!subteam^S0APPROVE>. If it isn't"),
    ],
)
def test_card_names_who_may_still_approve(approved_by: tuple[str, ...], said: str) -> None:
    policy = POLICY.model_copy(update={"approvers": ("U0ALICE", *POLICY.approvers)})
    made = tuple(Decision(person_id=each, verdict=Verdict.APPROVED, at=now()) for each in approved_by)
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=2, decisions=made, expires_at=now())
    assert next_step.text(RequestView(asked), policy).startswith(said)


def test_card_names_the_groups_that_must_approve() -> None:
    quotas = (Quota("S0LEGAL", 1), Quota("S0OPS", 1))
    policy = POLICY.model_copy(update={"approvers": ("S0LEGAL", "S0OPS", "U0BOB"), "escalation_approvers": ("U0EVE",)})
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=2, approval_quotas=quotas, expires_at=now())
    assert "2 more people, in <#C0APPROVALS>: <!subteam^S0LEGAL>, <!subteam^S0OPS>." in next_step.text(
        RequestView(asked), policy
    )
    lacking = {"missing_approvals": MissingApprovals(count=1, groups=("S0OPS",)), "escalated_at": now()}
    said = next_step.text(RequestView(asked.model_copy(update=lacking)), policy)
    assert "one more person, in <#C0APPROVALS>: <!subteam^S0OPS>, <@U0EVE>." in said


def test_card_says_that_no_approver_is_left() -> None:
    asked = request(state=State.AWAITING_APPROVAL, approvals_required=1, expires_at=now())
    alone = POLICY.model_copy(update={"approvers": ("U0ALICE",)})
    assert strings.cards.NO_APPROVER_LEFT in next_step.text(RequestView(asked), alone)


def test_unreached_channels_are_named_and_direct_message_explains_itself() -> None:
    told = card(request(state=State.DELETED), unreached={"C0ROOM": "is_archived"})
    assert "<#C0ROOM>" in told["text"]
    assert "<#C0ROOM>" in str(told["blocks"])
    assert "I couldn't post this in <#C0>" in str(
        card(request(state=State.DELETED), MessageKind.DIRECT, {"C0": "is_archived"})
    )


@pytest.mark.parametrize("error", sorted(TRANSIENT))
def test_failure_that_passes_by_itself_sends_no_one_to_the_operator(error: str) -> None:
    assert cure(error) == strings.delivery.SLACK_IS_DOWN.format(code=f"`{error}`")


@pytest.mark.parametrize(("state", "retries"), [(State.APPROVED, "every minute"), (State.DELETED, "for an hour")])
def test_message_says_how_long_the_bot_retries(state: State, retries: str) -> None:
    told = card(request(state=state), MessageKind.DIRECT, {"C0OPS": "is_archived"})
    assert retries in told["text"]
    assert retries in str(told["blocks"])
    assert "keep trying" not in str(told)


@pytest.mark.parametrize("kind", [MessageKind.CARD, MessageKind.ORIGIN, MessageKind.DIRECT])
@pytest.mark.parametrize("error", [*strings.delivery.CURES, "a_code_of_next_year"])
def test_message_names_channel_that_refuses_messages_and_the_cure(kind: MessageKind, error: str) -> None:
    told = card(request(state=State.APPROVED), kind, {"C0ROOM": error})
    said = strings.delivery.CURES.get(error, strings.delivery.OTHERWISE).format(code=f"`{error}`")
    assert f"I couldn't post this in <#C0ROOM>. {said}" in told["text"]
    assert said in str([element for block in told["blocks"] for element in block.get("elements", [])]).replace(
        "\\'", "'"
    )


@pytest.mark.parametrize("refusal", Refusal)
@pytest.mark.parametrize("known", [None, campaign(name="<!here>", status="Active")])
def test_every_refusal_says_why_and_that_no_request_was_made(refusal: Refusal, known: Campaign | None) -> None:
    view = notice.refused(Refused(refusal, known, request()), POLICY).to_dict()
    check_view(view, "modal")
    assert strings.refusals.REFUSALS[refusal][0] in str(view)
    assert strings.modals.NO_REQUEST_MADE in str(view)
    assert "{" not in view["blocks"][-2]["text"]["text"].replace(strings.campaign.DATE, "")


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (Refused(Refusal.DELETED, existing=request(), is_own=True), "I deleted it <!date^"),
        (Refused(Refusal.DELETED, existing=request()), ". <@U0ALICE> asked for that: <link>."),
        (Refused(Refusal.DELETED, existing=request(), is_own=True), ". You asked for that: <link>."),
        (Refused(Refusal.GONE, existing=request(), is_own=True), "I found it gone <!date^"),
        (Refused(Refusal.GONE, existing=request(), is_own=True), ". You had asked me to delete it: <link>."),
        (
            Refused(Refusal.DELETED, existing=request(), rebuild=request(state=State.REBUILT, created_id="cd-2")),
            "<link>. It was rebuilt as `cd-2`.",
        ),
    ],
)
def test_campaign_that_the_bot_deleted_is_refused_with_who_when_and_a_link(refused: Refused, said: str) -> None:
    view = notice.refused(refused, POLICY, "<link>").to_dict()
    assert said in view["blocks"][1]["text"]["text"]
    assert view["blocks"][0]["text"]["text"] == "Spring Sale"


@pytest.mark.parametrize("cause", [*Cause, None])
def test_refusal_names_the_cause_and_quotes_the_answer(cause: Cause | None) -> None:
    unread = KoreServerError("It failed.", "<!here> no Route matched", 404, cause=cause)
    view = notice.refused(Refused(why_unread(unread), unread=unread), POLICY).to_dict()
    check_view(view, "modal")
    said = view["blocks"][0]["text"]["text"]
    assert (strings.refusals.CAUSES[cause] if cause else strings.refusals.REFUSED_BY_KORE) in said
    assert said.endswith("The answer says: `&lt;!here&gt; no Route matched`")


def test_missing_values_are_shown_as_unknown_not_zero() -> None:
    bare = Campaign.model_validate({"_id": "cd-3aefda80-f98e-5f4f-ad41-92803abb0001", "name": "Bare"})
    said = str([block.to_dict() for block in campaign_summary.build(bare, Extent())])
    assert said.count("unknown") >= 9
    assert "0" not in said.replace(bare.id, "")


def test_zero_is_shown_and_sizes_have_thousands_separator() -> None:
    said = str(summary(campaign()))
    assert lines(summary(campaign()))["Messages sent so far"] == "0"
    assert "Stopped · 0 sent · 1,204 contacts" in said
    assert "Renewals: 1,204 contacts" in said


def test_messages_sent_of_the_cached_list_say_their_age() -> None:
    view = summary(campaign(), Extent(messages_sent=137, sent_as_of=NOON))
    assert lines(view)["Messages sent so far"] == "137, as of 2026-01-01 12:00 UTC"


def test_summary_shows_loading_until_extent_is_known() -> None:
    assert str(summary(campaign(), None)).count(strings.modals.COUNTING) == 4


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["MO", "TU", "WE"], "Mon to Wed"),
        (["MO", "WE"], "Mon, Wed"),
        (["SA", "SU"], "Sat, Sun"),
        (["MO", "XX"], "Mon, XX"),
        ([None], "unknown day"),
    ],
)
def test_consecutive_calling_days_are_shown_as_range(days: list[str | None], said: str) -> None:
    hours = {"days": [{"day": day, "start": "9:00 AM", "end": "6:00 PM"} for day in days], "timezone": "Asia/Kolkata"}
    spoken = campaign_summary.calling_hours(campaign(dialingStrategy={"callingHours": hours}))
    assert spoken == f"{said} 9:00 AM - 6:00 PM (Asia/Kolkata)"


@pytest.mark.parametrize("letter", ["x", "&", "🔥"])
def test_long_calling_hours_are_cut_part_by_part(letter: str) -> None:
    long = letter * 10_000
    days = [{"day": long, "start": f"{number}{long}", "end": long} for number in range(40)]
    hours = {"days": days, "timezone": f"Asia/Kolkata {long}", "frequency": "WEEKLY"}
    said = str(summary(campaign(dialingStrategy={"callingHours": hours})))
    for part in ("6" + letter, "and 33 more", "Asia/Kolkata", "weekly"):
        assert part in said


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (None, "unknown"),
        ({}, "unknown"),
        ({"isSchedulingEnabled": False}, "Not scheduled"),
        ({"isSchedulingEnabled": True}, "Scheduled"),
        ({"isSchedulingEnabled": True, "isRecurrenceEnabled": True}, "Scheduled, recurring"),
    ],
)
def test_schedule_is_described(plan: dict[str, bool] | None, said: str) -> None:
    assert campaign_summary.schedule(campaign(schedule=plan)) == said


def test_summary_hides_phone_number_and_message() -> None:
    said = str(summary(campaign()))
    assert "30123456" not in said
    assert "SGVsbG8" not in said
    assert "Hello" not in said


def test_confirm_form_round_trips() -> None:
    view = summary(campaign())
    typed = {
        ids.REASON_BLOCK: {ids.REASON_INPUT: {"value": "  Because  "}},
        ids.PHRASE_BLOCK: {ids.PHRASE_INPUT: {"value": None}},
    }
    form = confirm_modal.parse({**view, "state": {"values": typed}})
    assert (form.preview_id, form.reason, form.phrase) == (view["private_metadata"], "Because", "")
    assert {block["block_id"] for block in view["blocks"] if block["type"] == "input"} == set(typed)
    assert set(confirm_modal.errors(form, preview(), POLICY)) == {ids.REASON_BLOCK, ids.PHRASE_BLOCK}


@pytest.mark.parametrize("worst", WORST)
@pytest.mark.parametrize("as_of", [None, NOON])
def test_similar_names_with_hostile_texts_keep_limits(worst: str, as_of: datetime | None) -> None:
    alike = SimilarNames(tuple(listed(number, worst, status=worst) for number in range(20)), as_of)
    view = summary(campaign(), alike=alike)
    check_view(view, "modal")
    assert "and 15 more" in str(view)
    assert "<!channel>" not in str([block for block in view["blocks"] if block["type"] == "section"])


@pytest.mark.parametrize(
    ("alike", "asks"),
    [
        (NONE_ALIKE, False),
        (SimilarNames(), True),
        (SimilarNames((listed(1, "Spring Sales"),)), True),
        (SimilarNames((listed(1, "Spring Sales"),), NOON), True),
    ],
)
def test_end_of_id_is_required_if_names_are_or_may_be_similar(alike: SimilarNames, *, asks: bool) -> None:
    view = summary(campaign(), alike=alike)
    assert (ids.ID_END_BLOCK in {block.get("block_id") for block in view["blocks"]}) == asks
    assert (":mag:" in str(view)) == asks


@pytest.mark.parametrize(
    ("typed", "wrong"), [("0001", False), (" 0001 ", False), ("", True), ("000", True), ("0002", True)]
)
def test_end_of_id_requirement_comes_from_preview(typed: str, *, wrong: bool) -> None:
    seen, form = (
        preview(),
        confirm_modal.Form(preview_id="p", reason="Because of it", phrase="Spring Sale", id_end=typed),
    )
    assert confirm_modal.errors(form, seen, POLICY) == {}
    asked = seen.model_copy(update={"ask_for_id": True})
    assert confirm_modal.errors(form, asked, POLICY) == (
        {ids.ID_END_BLOCK: strings.modals.ID_END_WRONG} if wrong else {}
    )


COPIES = [
    CachedList(),
    CachedList((listed(1, "x"),), total=10_000),
    CachedList((listed(1, "x"),), trouble=Refusal.KORE_SILENT),
    CachedList((listed(1, "x"),), NOON),
    CachedList((listed(1, "x"),), NOON, trouble=Refusal.KORE_LIMIT),
]


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("count", [0, 1, 2, 100])
@pytest.mark.parametrize("query", WORST)
def test_picker_keeps_limits(copy: CachedList, count: int, query: str) -> None:
    picking = picker_modal.Picking(query=clean(query, picker_modal.QUERY_LIMIT))
    view = picker_modal.build(copy, picking, [Hit(listed(1, "x"), Closeness.CONTAINS)] * count).to_dict()
    check_view(view, "modal")
    assert picker_modal.picking(view) == picking
    assert "<!channel>" not in str([block for block in view["blocks"] if block["type"] == "section"])
    assert ("loaded so far" in str(view["blocks"][-1])) == (copy in COPIES[:2])


@given(st.text(), st.text(), st.sampled_from(["Ready", "Active", "Hibernating" * 20]))
def test_option_with_any_name_keeps_limits(name: str, query: str, status: str) -> None:
    some = [
        listed(1, name, status=status),
        listed(2, query, is_voice=True),
        listed(3, query, is_sms=False, updated_at=None),
    ]
    for in_groups in (True, False):
        assert check_options(picker_modal.answer(some, POLICY, in_groups=in_groups)) == []


@pytest.mark.parametrize(
    ("closeness", "whole", "said"),
    [
        ([], True, "*No campaign matches* `sale`. Type another"),
        ([], False, "*None of the campaigns loaded so far matches* `sale`. Type another"),
        ([Closeness.FUZZY], True, "*No campaign matches* `sale`. Open the list to see similar ones"),
        ([Closeness.CONTAINS, Closeness.FUZZY], True, "*One campaign matches* `sale`."),
        ([Closeness.CONTAINS, Closeness.SAME], True, "*2 campaigns match* `sale`."),
        ([Closeness.CONTAINS] * 100, True, "*At least 100 campaigns match* `sale`. Open the list to see 100 of them"),
    ],
)
def test_picker_shows_number_of_matches(closeness: list[Closeness], said: str, *, whole: bool) -> None:
    hits = [Hit(listed(number, "x"), each) for number, each in enumerate(closeness)]
    copy, picking = CachedList(as_of=NOON if whole else None), picker_modal.Picking(channel_id="C0", query="sale")
    assert said in str(picker_modal.build(copy, picking, hits).to_dict()["blocks"][0])


def test_option_shows_end_of_id_and_why_it_cannot_be_deleted() -> None:
    long = "Service Renewal Outreach for everybody who has not answered, Campaign"
    some = [listed(0xABCD, f"{long}61"), listed(2, "Sale", status="Active"), listed(3, "Transport", is_voice=True)]
    groups = picker_modal.answer(some, POLICY, in_groups=True)["option_groups"]

    (first,), (second, third) = (group["options"] for group in groups)
    assert [group["label"]["text"] for group in groups] == [
        strings.modals.MAY_BE_DELETED,
        strings.modals.MAY_NOT_BE_DELETED,
    ]
    assert first["text"]["text"].startswith("Service Renewal Outreach for")
    assert first["text"]["text"].endswith("has not answered, Campaign61 · …abcd")
    assert first["description"]["text"] == "Ready · updated 1 Jan 2026"
    assert second["description"]["text"] == "Active, can't be deleted now · updated 1 Jan 2026"
    assert third["description"]["text"] == "Voice campaign, can't be deleted here · updated 1 Jan 2026"
    flat = picker_modal.answer(some[::-1], POLICY, in_groups=False)["options"]
    assert [option["value"] for option in flat] == [campaign.id for campaign in some[::-1]]


@pytest.mark.parametrize(
    "wrong",
    [confirm_modal.frozen(freeze()), confirm_modal.over_budget(NOON), rebuild_modal.frozen(freeze())],
    ids=["frozen", "over budget", "rebuild frozen"],
)
def test_late_form_error_does_not_claim_that_input_is_kept(wrong: dict[str, str]) -> None:
    said = str(notice.form_errors(wrong.values()).to_dict())
    assert strings.modals.OPEN_AGAIN in said
    assert "stays" not in said


def test_card_that_names_an_unreached_channel_is_not_final() -> None:
    ended = request(state=State.REJECTED)
    message = Message(request_id=ended.id, key="card", kind=MessageKind.CARD, target_id=POLICY.approvals_channel)
    projector = SlackProjector(AsyncWebClient(), Policies([POLICY]), Links("https://sandbox.slack.com/"))

    assert projector.render(RequestView(ended), message).is_final
    assert not projector.render(RequestView(ended, {"C0OPS": "is_archived"}), message).is_final


def test_card_of_a_fenced_delete_does_not_blame_the_rate_limit() -> None:
    fenced = Attempt(kind=AttemptKind.NOT_SENT, at=now(), explanation="Too slow")
    limited = fenced.model_copy(update={"retry_after_seconds": 20.0})
    for attempt, is_blamed in ((fenced, False), (limited, True)):
        built = card(request(state=State.APPROVED, waiting_since=now(), attempt=attempt))
        assert ("rate limit has been reached" in built["text"]) is is_blamed


def test_unknown_outcome_of_another_account_promises_no_check() -> None:
    attempt = Attempt(kind=AttemptKind.NO_ANSWER, at=now())
    for account, is_promised in ((None, True), ("another account", False)):
        built = card(request(state=State.UNKNOWN, attempt=attempt, kore_account=account))
        assert ("I keep checking" in built["text"]) is is_promised
        assert (strings.cards.UNKNOWN_IN_OTHER_ACCOUNT in built["text"]) is not is_promised


def test_approver_reads_why_the_campaign_could_not_be_read() -> None:
    failure = KoreUnreachableError("Kore.ai could not be reached.", "proxy says no", cause=Cause.PROXY)
    shown = str(notice.unreadable(failure).to_dict())
    for sentence in (strings.refusals.CAUSES[Cause.PROXY], "proxy says no", strings.modals.CAMPAIGN_UNREADABLE[1]):
        assert sentence in shown
