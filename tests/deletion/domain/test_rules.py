"""The pure rules: what may be deleted, what is typed, when a campaign has changed, how a request ends."""

from typing import Any

import pytest
from pytest_mock import MockerFixture

from deletion.domain.attempt import AttemptKind, Observation
from deletion.domain.extent import BELIEVABLE, believable
from deletion.domain.fingerprint import CampaignFingerprint
from deletion.domain.outcome import OUTCOMES, outcome, stopped
from deletion.domain.policy import Policy, Refusal
from deletion.domain.states import State
from deletion.domain.stopping import content_differences, is_stopped
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
        ("dialingStrategy", {**CAMPAIGN["dialingStrategy"], "callingHours": {}}, "dialing_strategy"),
        ("dialingStrategy", {**CAMPAIGN["dialingStrategy"], "callerId": None}, "caller_id"),
        ("experienceFlow", "cf-1", "experience_flow"),
        ("message", {"message": "QnVy"}, "message"),
        ("updatedAt", "2026-06-27T09:31:56.941Z", "updated_at"),
    ],
)
def test_each_field_of_the_fingerprint_changes_it_and_is_named_once(field: str, value: Any, named: str) -> None:
    before, after = CampaignFingerprint.of(campaign()), CampaignFingerprint.of(campaign(**{field: value}))
    assert before.digest != after.digest
    assert [difference.field for difference in before.differences(after)] == [named]


@pytest.mark.parametrize(
    ("strategy", "stored"), [(None, '{"":null}'), ("weekly", '{"":"weekly"}'), (["weekly"], '{"":["weekly"]}')]
)
def test_dialing_strategy_of_another_type_is_stored_and_compared_whole(strategy: object, stored: str) -> None:
    before, after = CampaignFingerprint.of(campaign()), CampaignFingerprint.of(campaign(dialingStrategy=strategy))
    assert [found.field for found in before.differences(after)] == ["dialing_strategy", "caller_id"]
    assert after.dialing_strategy == stored  # as in the rows of previous versions


def test_missing_fields_are_empty_in_the_fingerprint() -> None:
    found = CampaignFingerprint.of(campaign(name="", status="", format=None))
    assert (found.name, found.status, found.format) == ("", "", "")


def test_differences_show_lists_in_full_and_digests_by_their_start() -> None:
    strategy = {**CAMPAIGN["dialingStrategy"], "callerId": None}
    before = CampaignFingerprint.of(campaign(legalHold=1))
    after = CampaignFingerprint.of(campaign(contactLists=["Renewals", "VIP"], message=None, dialingStrategy=strategy))
    assert before.other_fields
    kept = before.other_fields["legalHold"].removeprefix("sha256:")
    shown = {
        "contact_lists": ("Renewals", "Renewals, VIP"),
        "message": (f"one with the digest {before.message[:8]}", ""),
        "caller_id": (f"one with the digest {before.caller_id[:8]}", ""),
        "legalHold": (f"one with the digest {kept[:8]}", ""),
    }
    assert {each.field: (each.before, each.after) for each in before.differences(after)} == shown
    assert {each.field: (each.after, each.before) for each in after.differences(before)} == shown


@pytest.mark.parametrize(("length", "is_readable"), [(198, True), (199, False)])
def test_readable_field_of_more_than_200_characters_is_a_digest(length: int, is_readable: bool) -> None:
    kept = CampaignFingerprint.of(campaign(queue="x" * length)).other_fields
    assert kept
    assert kept["queue"].startswith('"xxx' if is_readable else "sha256:")


@pytest.mark.parametrize(
    ("field", "value", "named", "after"),
    [
        ("description", "KEEP - legal hold", "description", "one with the digest"),
        ("priority", "1", "priority", '"1"'),
        ("dncLists", {"name": "Do Not Contact"}, "dncLists", '{"name":"Do Not Contact"}'),
        ("campaignInstanceId", "cid-c4ad0662", "campaignInstanceId", '"cid-c4ad0662"'),
        ("totalMessagesSent", 137, "totalMessagesSent", "137"),
        ("campaignInstanceUpdatedAt", "2026-06-28T09:31:56.940Z", "campaignInstanceUpdatedAt", "one with the digest"),
        ("dialingMode", "Preview", "dialingMode", '"Preview"'),
        ("connection", "Default Queue", "connection", '"Default Queue"'),
        ("queue", "Sales", "queue", '"Sales"'),
        ("createdAt", "2026-06-26T09:31:56.940Z", "createdAt", "one with the digest"),
        ("isFiltersEnabled", True, "isFiltersEnabled", "one with the digest"),
        ("legalHold", {"until": "2030"}, "legalHold", "one with the digest"),
        ("<!channel> *new*", 1, "more fields", "one with the digest"),
        ("format", ["simple"], "format", "one with the digest"),
        ("contactLists", [{"name": "Renewals", "id": "cl-2"}], "contactLists", "one with the digest"),
    ],
)
def test_any_other_field_changes_the_fingerprint_and_is_named(field: str, value: Any, named: str, after: str) -> None:
    plain = CampaignFingerprint.of(campaign())
    changed = CampaignFingerprint.of(campaign(**{field: value}))
    assert plain.digest != changed.digest
    shown = {difference.field: difference for difference in plain.differences(changed)}
    assert shown[named].before == ""
    assert shown[named].after.startswith(after)
    back = {difference.field: difference for difference in changed.differences(plain)}
    assert (back[named].before, back[named].after) == (shown[named].after, "")


@pytest.mark.parametrize(
    "fields", [{"lname": "spring sale"}, {"description": None}, {"connection": ""}, {"id": CAMPAIGN["_id"]}]
)
def test_second_id_name_in_lower_case_and_empty_fields_change_no_fingerprint(fields: dict[str, Any]) -> None:
    assert CampaignFingerprint.of(campaign(**fields)) == CampaignFingerprint.of(campaign())


def test_fingerprint_of_previous_version_is_compared_by_what_it_has() -> None:
    fields = {"name": "Été", "schedule": {"é": "ü"}, "message": {"message": "ß"}}
    whole = CampaignFingerprint.of(campaign(**fields, description="Old"))
    old = whole.model_copy(update={"other_fields": None})
    assert old.digest == "98f0cbdec97b518bd58408069197c79ad87c27806de233acfb40d4cc2d0d12be"
    assert old.differences(CampaignFingerprint.of(campaign(**fields, description="New"))) == ()
    renamed = CampaignFingerprint.of(campaign(**{**fields, "name": "Eté"}, description="New"))
    assert [difference.field for difference in old.differences(renamed)] == ["name"]


def test_fingerprint_of_a_huge_campaign_is_bounded() -> None:
    many = {f"field{number}": {"text": "x" * 1_000} for number in range(500)}
    before, after = campaign(**many), campaign(**{**many, "field499": 1})
    kept = CampaignFingerprint.of(before)
    assert len(kept.model_dump_json()) < 6_000
    assert [found.field for found in kept.differences(CampaignFingerprint.of(after))] == ["more fields"]


def test_half_of_a_surrogate_pair_has_a_fingerprint() -> None:
    assert CampaignFingerprint.of(campaign(name="\ud83d", message={"message": "\ud83d"}, description="\ud83d")).digest


def test_what_is_kept_of_a_campaign_holds_no_message_and_no_number() -> None:
    kept = CampaignFingerprint.of(campaign(description="Call Ada at +4930123456", owner="Ada")).model_dump_json()
    assert "SGVsbG8" not in kept
    assert "4930123456" not in kept
    assert "Ada" not in kept


@pytest.mark.parametrize(
    ("status", "stopped"), [("Stopped", True), ("STOPPED", True), ("Stopping", False), ("", False), (None, False)]
)
def test_campaign_is_stopped_by_its_status_alone(status: str | None, stopped: bool) -> None:
    assert is_stopped(status) == stopped


def test_run_changes_no_content_of_a_campaign() -> None:
    before = CampaignFingerprint.of(campaign())
    ran = {"status": "Active", "updatedAt": "2026-07-01T00:00:00.000Z", "totalMessagesSent": 137}
    assert content_differences(before, CampaignFingerprint.of(campaign(**ran))) == ()
    renamed = CampaignFingerprint.of(campaign(name="Other", **ran))
    assert [found.field for found in content_differences(before, renamed)] == ["name"]


@pytest.mark.parametrize(
    ("number", "believed"), [(None, None), (0, 0), (-1, None), (BELIEVABLE - 1, BELIEVABLE - 1), (BELIEVABLE, None)]
)
def test_implausible_number_is_unknown(number: int | None, believed: int | None) -> None:
    assert believable(number) == believed


@pytest.mark.parametrize("attempt", AttemptKind)
@pytest.mark.parametrize("seen", sorted(set(Observation) - {Observation.STOPPED}))  # which is of a stop
def test_deleted_is_said_only_when_answer_and_read_back_agree(attempt: AttemptKind, seen: Observation) -> None:
    agree = (attempt, seen) == (AttemptKind.CONFIRMED, Observation.ABSENT)
    assert (outcome(attempt, seen) is State.DELETED) == agree
    assert (outcome(attempt, seen) is State.GONE) == (seen is Observation.ABSENT and not agree)
    assert (attempt, seen) in OUTCOMES


@pytest.mark.parametrize("attempt", AttemptKind)
@pytest.mark.parametrize("seen", Observation)
def test_campaign_is_called_stopped_only_when_that_was_seen(attempt: AttemptKind, seen: Observation) -> None:
    ended = stopped(attempt, seen)
    assert (ended is State.CAMPAIGN_STOPPED) == (seen is Observation.STOPPED)
    assert (ended is State.GONE) == (seen is Observation.ABSENT)
    never_left = attempt is AttemptKind.NOT_SENT or (attempt, seen) == (AttemptKind.REFUSED, Observation.PRESENT)
    assert (ended is State.FAILED) == (never_left and seen in (Observation.PRESENT, Observation.UNCLEAR))


async def send_at_once() -> None:
    """Hold nothing back."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (KoreUnreachableError("no connection"), AttemptKind.NOT_SENT),
        (KoreNoAnswerError("no answer"), AttemptKind.NO_ANSWER),
        (KoreServerError("500"), AttemptKind.NO_ANSWER),
        (KoreRefusedError("no", "Campaign is locked", is_from_kore=True), AttemptKind.REFUSED),
        (KoreRateLimitError("too many"), AttemptKind.REFUSED),
    ],
)
async def test_an_attempt_is_called_what_it_was(mocker: MockerFixture, error: KoreError, kind: AttemptKind) -> None:
    kore = mocker.create_autospec(KoreClient, instance=True)
    kore.delete_campaign.side_effect = error
    attempt, returned = await CampaignGateway(kore).delete(ID, send_at_once)
    assert (attempt.kind, attempt.kore_message) == (kind, error.kore_message)
    assert returned is None
    kore.delete_campaign.assert_awaited_once()
