"""The pure rules: what may be deleted, what is typed, when a campaign has changed, how a request ends."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.models import AttemptKind, Observation, State
from deletion.domain.outcome import OUTCOMES, outcome
from deletion.domain.policy import Policy, Refusal, confirmation_phrase, is_confirmed
from deletion.kore.campaign_gateway import CampaignGateway
from kore_api.client import KoreClient
from kore_api.errors import (
    KoreError,
    KoreNoAnswerError,
    KoreRateLimitError,
    KoreRefusedError,
    KoreServerError,
    KoreUnreachableError,
)
from tests.deletion.values import CAMPAIGN, campaign

ID = CAMPAIGN["_id"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, None),
        ({"status": "ready"}, None),
        ({"status": "Active"}, Refusal.STATUS),
        ({"status": "Brand New"}, Refusal.STATUS),
        ({"status": None}, Refusal.STATUS),
        ({"status": ""}, Refusal.STATUS),
        ({"dialingMode": "Agentless"}, Refusal.VOICE),
        ({"format": None, "message": None}, Refusal.NOT_SMS),
    ],
)
def test_only_sms_campaigns_in_a_listed_status_may_be_deleted(fields: dict[str, Any], refusal: Refusal | None) -> None:
    assert Policy().refuse_campaign(campaign(**fields)) == refusal


def test_an_empty_list_of_statuses_allows_none() -> None:
    assert Policy(deletable_statuses=()).refuse_campaign(campaign(status="")) is Refusal.STATUS


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Spring Sale", "Spring Sale"),
        ("Spring Sale ", "  Spring Sale"),
        ("Two\nLines", "Two Lines"),
        ("Autumn\u200b Sale\u200b", "Autumn Sale"),
        ("Summer \u202egnp\u202e Offer", "Summer gnp Offer"),
        ("R&D <b>", "R&D <b>"),
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("Été – ¿qué?", "Été – ¿qué?"),
        ("🔥 Sale", ID),
        ("", ID),
        ("\u200b\u200b", ID),
        ("E\u0301te\u0301", "Été"),
        ("Sale\ufe0f\U000e0100", "Sale"),
        ("שלום", "\u2068שלום\u2069"),
        ("x" * 101, ID),
    ],
)
def test_what_can_be_seen_can_be_typed(name: str, typed: str) -> None:
    assert is_confirmed(typed, confirmation_phrase(name, ID))


@pytest.mark.parametrize("typed", ["", "spring sale", "Spring", "Spring Sale!", "Spring  Sale x", "Spring Sаle", ID])
def test_anything_else_does_not_confirm(typed: str) -> None:
    assert not is_confirmed(typed, confirmation_phrase("Spring Sale", ID))


@given(st.text())
def test_no_name_is_confirmed_by_nothing_and_every_phrase_by_itself(name: str) -> None:
    phrase = confirmation_phrase(name, ID)
    assert phrase
    assert is_confirmed(phrase, phrase)
    assert not is_confirmed("", phrase)


def test_the_same_campaign_has_the_same_fingerprint_whatever_the_order_of_its_fields() -> None:
    again = campaign(**dict(reversed(CAMPAIGN.items())))
    assert CampaignFingerprint.of(campaign()).digest == CampaignFingerprint.of(again).digest
    assert CampaignFingerprint.of(campaign()).differences(CampaignFingerprint.of(again)) == ()


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("name", "Spring Sale 2", "name"),
        ("status", "Active", "status"),
        ("format", "advanced", "format"),
        ("schedule", {"isSchedulingEnabled": True}, "schedule"),
        ("contactLists", ["Renewals", "VIP"], "contact_lists"),
        ("dialingStrategy", {"callingHours": {"frequency": "DAILY"}}, "dialing_strategy"),
        ("experienceFlow", "cf-1", "experience_flow"),
        ("message", {"message": "QnVy"}, "message"),
        ("updatedAt", "2026-06-27T09:31:56.941Z", "updated_at"),
    ],
)
def test_each_field_of_the_fingerprint_changes_it_and_is_named(field: str, value: Any, named: str) -> None:
    before, after = CampaignFingerprint.of(campaign()), CampaignFingerprint.of(campaign(**{field: value}))
    assert before.digest != after.digest
    assert named in {difference.field for difference in before.differences(after)}


def test_what_is_kept_of_a_campaign_holds_no_message_and_no_number() -> None:
    kept = CampaignFingerprint.of(campaign()).model_dump_json()
    assert "SGVsbG8" not in kept
    assert "4930123456" not in kept


@pytest.mark.parametrize("attempt", AttemptKind)
@pytest.mark.parametrize("seen", Observation)
def test_deleted_is_said_only_when_answer_and_read_back_agree(attempt: AttemptKind, seen: Observation) -> None:
    agree = (attempt, seen) == (AttemptKind.CONFIRMED, Observation.ABSENT)
    assert (outcome(attempt, seen) is State.DELETED) == agree
    assert (outcome(attempt, seen) is State.GONE) == (seen is Observation.ABSENT and not agree)
    assert (attempt, seen) in OUTCOMES


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (KoreUnreachableError("no connection"), AttemptKind.NOT_SENT),
        (KoreNoAnswerError("no answer"), AttemptKind.NO_ANSWER),
        (KoreServerError("500"), AttemptKind.NO_ANSWER),
        (KoreRefusedError("no", "Campaign is locked"), AttemptKind.REFUSED),
        (KoreRateLimitError("too many"), AttemptKind.REFUSED),
    ],
)
async def test_an_attempt_is_called_what_it_was(mocker: MockerFixture, error: KoreError, kind: AttemptKind) -> None:
    kore = mocker.create_autospec(KoreClient, instance=True)
    kore.delete_campaign.side_effect = error
    attempt, returned = await CampaignGateway(kore).delete(ID)
    assert (attempt.kind, attempt.kore_message) == (kind, error.kore_message)
    assert returned is None
    kore.delete_campaign.assert_awaited_once_with(ID)
