"""The rules of one application: which campaigns and requests they cover, and who is called."""

from typing import Any

import pytest

from deletion.domain.approval_rule import ApprovalRule
from deletion.domain.budget import Budget
from deletion.domain.execution_check import REFUSALS, lacks_approvals, refuse_reading, refuse_stop
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import Decision, Purpose, Verdict
from deletion.domain.policy import Policy, Refusal, why_unread
from deletion.domain.ticket import TICKET_MAX
from kore_api.account import PRACTICE_SUFFIX
from kore_api.errors import (
    CampaignNotFoundError,
    KoreAuthError,
    KoreError,
    KoreNoAnswerError,
    KoreRateLimitError,
    KoreServerError,
)
from tests.deletion.values import NOON, campaign, request

KEPT = Policy(protected_names=("Legal*", "*-hold?", "Winter"))


@pytest.mark.parametrize(
    ("name", "is_protected"),
    [
        ("Legal notice", True),
        ("LEGAL", True),
        ("Le\u200bgal notice", True),
        ("\uff2cegal notice", True),
        ("Spring-hold1", True),
        ("Spring-hold", False),
        ("winter", True),
        ("Winter Sale", False),
        ("Our legal notice", False),
        ("", False),
    ],
)
def test_protected_names_are_patterns_without_regard_to_case_or_invisible_characters(
    name: str, is_protected: bool
) -> None:
    assert KEPT.protects(name) == is_protected
    assert KEPT.refuse_campaign(campaign(name=name)) is (Refusal.PROTECTED if is_protected else None)
    assert not Policy().protects(name)


def test_two_letters_that_look_like_one_protect_no_other_name_and_split_at_a_wildcard() -> None:
    assert not Policy(protected_names=("*stem*",)).protects("Eastern Sale")
    assert Policy(protected_names=("car*",)).protects("Carnival")


@pytest.mark.parametrize("name", ["Q 1", "Q\u00a0 1", "Q-1", "Q\u20141", "Q\u22121"])
def test_question_mark_of_a_protected_name_stands_for_any_dash_or_space(name: str) -> None:
    assert Policy(protected_names=("Q?1",)).protects(name)


@pytest.mark.parametrize(
    ("mine", "theirs", "is_served"),
    [
        (("", "a"), ("", "a"), True),
        (("", "a"), ("", "b"), False),
        (("", "a"), ("", None), True),  # a row of a version that stored no account
        (("eu", "a"), ("eu", None), False),
        (("eu", "a"), ("eu", "a"), True),
        (("eu", "a"), ("us", "a"), False),
        (("", "a"), ("eu", None), False),
    ],
)
def test_policy_serves_requests_of_its_application_and_account(
    mine: tuple[str, str], theirs: tuple[str, str | None], is_served: bool
) -> None:
    policy = Policy(application=mine[0], kore_account=mine[1])
    assert policy.serves(request(application=theirs[0], kore_account=theirs[1])) == is_served


@pytest.mark.parametrize(
    ("application", "account", "is_shown"),
    [
        ("eu", "a", True),
        ("practice-eu", "a", True),
        ("practice-eu", f"a{PRACTICE_SUFFIX}", True),
        ("practice-eu", f"b{PRACTICE_SUFFIX}", False),
        ("us", "a", False),
        ("practice", "a", False),
        ("practice-eu", None, False),
    ],
)
def test_requests_in_practice_are_shown_but_not_served(application: str, account: str | None, is_shown: bool) -> None:
    policy, made = Policy(application="eu", kore_account="a"), request(application=application, kore_account=account)
    assert (policy.shows(made), policy.serves(made)) == (is_shown, application == "eu")


@pytest.mark.parametrize(("stops", "required"), [(Purpose.STOP, 1), (Purpose.STOP_AND_DELETE, 3), (None, 3)], ids=str)
def test_stop_alone_has_a_number_of_approvals_of_its_own(stops: Purpose | None, required: int) -> None:
    policy = Policy(approvals_required=3, stop_approvals_required=1)
    assert policy.rule_for(request(stops=stops)) == ApprovalRule(required=required)


def test_request_lacks_approvals_that_todays_settings_require_of_different_people() -> None:
    bob, carol = (Decision(person_id=each, verdict=Verdict.APPROVED, at=NOON) for each in ("U0BOB", "U0CAROL"))
    policy = Policy(approvals_required=2)
    assert lacks_approvals(request(decisions=(bob, bob)), policy)
    assert not lacks_approvals(request(decisions=(bob, carol)), policy)
    assert lacks_approvals(request(decisions=(bob, carol)), Policy(approvals_required=3))
    used_up = Budget(at=NOON, approved=10, limit=10, approved_for_requester=0, limit_for_requester=5)
    assert lacks_approvals(request(decisions=(bob, carol), budget=used_up), policy)
    assert not lacks_approvals(request(decisions=(), stops=Purpose.STOP), policy)


RUNNING, READY, FORBIDDEN = {"status": "Active"}, {"status": "Ready"}, {"status": "Preparing"}
VOICE, NOT_SMS = {"dialingMode": "Agentless", **RUNNING}, {"format": None, "message": None, **RUNNING}
STOPPING = Policy(stoppable_statuses=("Active",), protected_names=("Legal*",))


@pytest.mark.parametrize(
    ("fields", "purpose", "why"),
    [
        (RUNNING, Purpose.STOP, None),
        ({"status": "Stopped"}, Purpose.STOP, None),
        (FORBIDDEN, Purpose.STOP, "status"),
        ({"status": ""}, Purpose.STOP, "status"),
        ({"name": "Legal notice", **RUNNING}, Purpose.STOP, None),  # a name protects from a delete alone
        (VOICE, Purpose.STOP, "voice"),
        (NOT_SMS, Purpose.STOP, "not an SMS"),
        (RUNNING, Purpose.STOP_AND_DELETE, None),
        (READY, Purpose.STOP_AND_DELETE, None),
        (FORBIDDEN, Purpose.STOP_AND_DELETE, "status"),
        ({"name": "Legal notice", **RUNNING}, Purpose.STOP_AND_DELETE, "protect"),
        (VOICE, Purpose.STOP_AND_DELETE, "voice"),
        (NOT_SMS, Purpose.STOP_AND_DELETE, "not an SMS"),
    ],
)
def test_stop_is_refused_as_the_campaign_was_just_read(
    fields: dict[str, Any], purpose: Purpose, why: str | None
) -> None:
    asked = request(stops=purpose, campaign=CampaignFingerprint.of(campaign(**RUNNING)))

    refusal = refuse_stop(campaign(**fields), asked, STOPPING)

    assert why in refusal if why and refusal else refusal is why


@pytest.mark.parametrize("stoppable", [("Paused",), ("Paused", "Active")])
def test_campaign_that_was_to_be_stopped_first_is_not_deleted_running_because_the_settings_changed(
    stoppable: tuple[str, ...],
) -> None:
    asked = request(stops=Purpose.STOP_AND_DELETE, campaign=CampaignFingerprint.of(campaign(**RUNNING)))
    policy = Policy(deletable_statuses=("Active", "Stopped"), stoppable_statuses=stoppable)

    refusal = refuse_stop(campaign(status="active"), asked, policy)

    assert refusal == (None if "Active" in stoppable else REFUSALS[Refusal.NOT_STOPPABLE])


@pytest.mark.parametrize(
    ("fields", "needs_stop"),
    [(RUNNING, True), (READY, False), (FORBIDDEN, False), (VOICE, False), ({"name": "Legal", **RUNNING}, False)],
)
def test_campaign_needs_a_stop_if_its_status_alone_keeps_it_from_being_deleted(
    fields: dict[str, Any], needs_stop: bool
) -> None:
    assert STOPPING.needs_stop(campaign(**fields)) == needs_stop
    assert not STOPPING.is_kind_to_stop(is_voice=True, is_sms=True, status="Active")
    never_stopped = STOPPING.model_copy(update={"deletable_statuses": ("Ready",)})
    assert not never_stopped.needs_stop(campaign(**fields))


def test_campaign_that_settings_forbid_is_not_deleted_as_it_was_just_read() -> None:
    assert refuse_reading(campaign(**READY), STOPPING) is None
    assert refuse_reading(campaign(name="Legal notice"), STOPPING) == "My settings protect campaigns with its name."
    assert refuse_reading(campaign(**RUNNING), STOPPING)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (CampaignNotFoundError, Refusal.NOT_FOUND),
        (KoreRateLimitError, Refusal.KORE_LIMIT),
        (KoreAuthError, Refusal.KORE_DENIES),
        (KoreServerError, Refusal.KORE_SILENT),
        (KoreNoAnswerError, Refusal.KORE_SILENT),
    ],
)
def test_only_a_clear_answer_says_that_a_campaign_is_not_found(error: type[KoreError], refusal: Refusal) -> None:
    assert why_unread(error("as Kore.ai said")) is refusal


@pytest.mark.parametrize(
    ("pattern", "text", "is_ticket"),
    [
        (r"OPS-\d+", "OPS-12", True),
        (r"OPS-\d+", "OPS-12 and more", False),
        (r"OPS-\d+", "see OPS-12", False),
        (r"OPS-\d+", f"OPS-{'1' * 60}", True),
        (r"OPS-\d+", f"OPS-{'1' * 61}", False),
        ("", "OPS-12", False),
        ("", "", False),
    ],
)
def test_ticket_is_the_whole_text_and_bounded(pattern: str, text: str, is_ticket: bool) -> None:
    assert Policy(ticket_pattern=pattern).is_ticket(text) == is_ticket


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("([A-Z]+-?)+[0-9]+", "A" * TICKET_MAX), ("(?:A|AA)+b?", "A" * (TICKET_MAX - 1) + "!")],
)
def test_pattern_that_would_try_for_years_finds_no_ticket(pattern: str, text: str) -> None:
    """Any user may type the text, and no other request would be served meanwhile."""
    assert not Policy(ticket_pattern=pattern).is_ticket(text)


CALLING = Policy(approvers=("U0ALICE", "U0BOB", "S0LEGAL"), escalation_approvers=("U0ALICE", "U0HEAD", "U0BOB"))
BOBS = (Decision(person_id="U0BOB", verdict=Verdict.APPROVED, at=NOON),)


@pytest.mark.parametrize(
    ("to_notify", "changes", "called"),
    [
        (None, {}, ("U0BOB", "S0LEGAL")),
        (None, {"decisions": BOBS}, ("S0LEGAL",)),
        (None, {"escalated_at": NOON}, ("U0BOB", "S0LEGAL", "U0HEAD")),
        (("U0BOB",), {}, ("U0BOB",)),
        ((), {}, ()),
        ((), {"escalated_at": NOON}, ("U0HEAD", "U0BOB")),
    ],
)
def test_approvers_are_called_without_the_requester_and_those_who_approved(
    to_notify: tuple[str, ...] | None, changes: dict[str, Any], called: tuple[str, ...]
) -> None:
    policy = CALLING.model_copy(update={"approvers_to_notify": to_notify})
    assert policy.notified_about(request(**changes)) == called


def test_groups_of_the_rule_at_the_time_of_the_request_still_matter() -> None:
    policy = Policy(requesters=("U0ALICE", "S0ASK"), approvers=("S0OPS",))
    asked = request(approvals_required=1, approval_quotas=ApprovalRule.parse("S0LEGAL:1").quotas)
    assert policy.groups_for(asked) == ("S0ASK", "S0LEGAL", "S0OPS")
    assert policy.groups_for(None) == ("S0ASK", "S0OPS")
