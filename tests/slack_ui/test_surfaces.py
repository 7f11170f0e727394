"""Messages and views in every state and with hostile texts: they keep Slack's limits and say what is so."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approval_rule import MissingApprovals, Quota
from deletion.domain.attempt import Attempt, AttemptKind, Observation
from deletion.domain.budget import Overrun
from deletion.domain.clock import now
from deletion.domain.fingerprint import CampaignFingerprint, Difference
from deletion.domain.freeze_and_budget import FreezeEvent, FreezeNotice
from deletion.domain.models import Decision, Verdict
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.domain.records import Entry, Message, MessageKind
from deletion.domain.states import OPEN_STATES, State
from deletion.domain.witnesses import Source
from deletion.lifecycle.intake_results import CampaignPreview, Refused
from deletion.messages.projection import RequestView
from kore_api.causes import Cause
from kore_api.errors import KoreServerError, KoreUnreachableError
from kore_api.models import Campaign
from sandbox.slack.blocks.rules import check_message, check_view
from slack_ui import strings
from slack_ui.messages import freeze_notice, next_step, thread_line
from slack_ui.messages.projector import SlackProjector
from slack_ui.parts import ids
from slack_ui.parts.api_error import TRANSIENT
from slack_ui.parts.links import Links
from slack_ui.parts.undelivered import cure
from slack_ui.views import confirm_modal, notice, rebuild_modal
from tests.deletion.values import NOON, campaign, freeze, preview, request
from tests.slack_ui.surfaces import BUDGET, NONE_ALIKE, POLICY, USED_UP, WORST, card


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
