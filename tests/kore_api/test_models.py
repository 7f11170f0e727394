"""Models read from the documented samples and from unexpected values."""

import base64
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kore_api.models import UNKNOWN_STATUS, Campaign, ContactList, SmsMessage
from kore_api.sms_text import decode_sms_text
from tests.kore_api import samples
from tests.kore_api.samples import DELETE_SMS_CAMPAIGN, LISTED_SMS, LISTED_VOICE, SAMPLE_ID

DELETED = DELETE_SMS_CAMPAIGN["data"]
WHOLE = [DELETED, samples.DELETE_SMS_CAMPAIGN_V2, LISTED_SMS, LISTED_VOICE]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted({key for sample in WHOLE for key in sample if key not in ("_id", "id")})


def test_documented_delete_sample_is_read_completely() -> None:
    campaign = Campaign.model_validate(DELETED)

    assert campaign.id == SAMPLE_ID
    assert campaign.name == "Interactive Support SMS Campaign"
    assert (campaign.status, campaign.format, campaign.priority) == ("Stopped", "advanced", 5)
    assert campaign.dialing_strategy is not None
    assert campaign.dialing_strategy.caller_id is not None
    assert campaign.dialing_strategy.caller_id.phone_number == "+91987654321"
    assert campaign.dialing_strategy.calling_hours is not None
    assert campaign.dialing_strategy.calling_hours.timezone == "Asia/Kolkata"
    assert [day.day for day in campaign.dialing_strategy.calling_hours.days] == ["MO", "TU", "WE", "TH", "FR"]
    assert campaign.dialing_strategy.calling_hours.days[0].start == "9:00 AM"
    assert campaign.experience_flow == "cf-67447605-115e-5dd2-a676-e158cf3bxxxx"
    assert campaign.created_at == datetime(2025, 6, 27, 9, 25, 53, 320000, UTC)
    assert campaign.updated_at == datetime(2025, 6, 27, 9, 31, 56, 940000, UTC)
    assert campaign.schedule is not None
    assert campaign.schedule.is_scheduling_enabled is False
    assert campaign.campaign_instance_id == "cid-xxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
    assert campaign.contact_lists == ("Renewal Due - May/June 2025",)


@pytest.mark.parametrize("sample", WHOLE)
def test_model_dump_returns_the_original_json(sample: dict[str, Any]) -> None:
    campaign = Campaign.model_validate(sample)

    assert campaign.model_dump(by_alias=True, exclude_unset=True) == sample
    assert campaign.raw == sample
    assert Campaign.model_validate_json(campaign.model_dump_json()) == campaign
    assert pickle.loads(pickle.dumps(campaign)) == campaign  # noqa: S301 - pickled here


@pytest.mark.parametrize(
    ("raw", "priority"),
    [("5", 5), (4, 4), (None, None), ("high", None), ([], None)],
    ids=["text", "number", "null", "word", "list"],
)
def test_priority_is_read_as_a_number(raw: object, priority: int | None) -> None:
    assert Campaign.model_validate({"_id": SAMPLE_ID, "priority": raw}).priority == priority


def test_campaign_needs_only_an_id() -> None:
    campaign = Campaign.model_validate({"id": SAMPLE_ID})

    assert (campaign.name, campaign.status, campaign.contact_lists) == ("", UNKNOWN_STATUS, ())
    assert campaign.priority is None
    assert not campaign.is_voice
    assert not campaign.is_sms


@pytest.mark.parametrize("wrong", [{}, {"_id": None}, {"_id": ""}, {"_id": 7}, {"_id": ["cd"]}])
def test_campaign_without_an_id_is_invalid(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Campaign.model_validate(wrong)


@given(st.sampled_from(FIELDS), ANYTHING)
def test_value_of_an_unexpected_type_counts_as_missing(field: str, value: object) -> None:
    sample = DELETED | LISTED_VOICE | {field: value}

    assert Campaign.model_validate(sample).id == LISTED_VOICE["_id"]


def test_unknown_statuses_and_fields_are_kept() -> None:
    campaign = Campaign.model_validate({"_id": SAMPLE_ID, "status": "Hibernating", "colour": {"is": "blue"}})

    assert campaign.status == "Hibernating"
    assert campaign.model_extra == {"colour": {"is": "blue"}}


def test_status_of_an_unexpected_type_is_unknown() -> None:
    assert Campaign.model_validate({"_id": SAMPLE_ID, "status": ["Ready"]}).status == UNKNOWN_STATUS


def test_date_without_a_zone_is_missing() -> None:
    assert Campaign.model_validate({"_id": SAMPLE_ID, "updatedAt": "2025-06-27T09:31:56"}).updated_at is None


def test_campaign_keeps_a_copy_of_its_input() -> None:
    sent = {"_id": SAMPLE_ID, "contactLists": ["A"]}
    campaign = Campaign.model_validate(sent)

    sent["contactLists"] = ["B"]

    assert campaign.raw["contactLists"] == ["A"]


@pytest.mark.parametrize(
    "mark",
    [
        {"dialingMode": "Agentless"},
        {"dialingMode": {"strange": True}},
        {"connection": "Default Queue"},
        {"queue": "Default Queue"},
        {"dialingStrategy": {"dialingOrder": "FIFO"}},
        {"dialingStrategy": {"maxAttemptsPerRecord": 3}},
        {"dialingStrategy": {"defaultRetryPeriod": 10}},
        {"dialingStrategy": {"maxRingTime": 0}},
    ],
)
def test_voice_fields_mean_voice_even_with_a_format(mark: dict[str, Any]) -> None:
    campaign = Campaign.model_validate({"_id": SAMPLE_ID, "format": "simple"} | mark)

    assert campaign.is_voice
    assert not campaign.is_sms


@pytest.mark.parametrize("mark", [{"format": "advanced"}, {"message": {"message": "Hi"}}, {"message": "Hi"}])
def test_format_or_message_means_sms(mark: dict[str, Any]) -> None:
    campaign = Campaign.model_validate({"_id": SAMPLE_ID, "dialingMode": None} | mark)

    assert campaign.is_sms
    assert not campaign.is_voice


def test_contact_list_objects_are_read_by_name() -> None:
    odd = [{"name": "A"}, {"id": "cl-1"}, 7, "B"]

    assert Campaign.model_validate({"_id": SAMPLE_ID, "contactLists": odd}).contact_lists == (
        "A",
        "cl-1",
        "7",
        "B",
    )


@pytest.mark.parametrize("sent", [{"name": "testdnc"}, [{"name": "testdnc"}]])
def test_do_not_contact_lists_are_an_object_or_a_list(sent: object) -> None:
    campaign = Campaign.model_validate({"_id": SAMPLE_ID, "dncLists": sent})

    assert [dnc.name for dnc in campaign.dnc_lists] == ["testdnc"]


def test_template_name_and_id_are_read() -> None:
    message = Campaign.model_validate(samples.DELETE_SMS_CAMPAIGN_V2).message

    assert message is not None
    assert message.template_name == "Welcome"
    assert message.template_id == "cmt-88fcd16f-bdb2-4d4d-8a2c-0324c7fxxxxx"
    assert message.text == "Greetings, <First Name>!"


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (samples.ENCODED_TEXT, samples.DECODED_TEXT),
        (samples.PLAIN_TEXT, samples.PLAIN_TEXT),
        ("", ""),
        ("100% off", "100% off"),
        ("Hello123", "Hello123"),
        ("AAAA", "AAAA"),
        ("SGVs bG8h", "SGVs bG8h"),
    ],
)
def test_text_is_decoded_only_if_certainly_encoded(stored: str, text: str) -> None:
    assert SmsMessage(message=stored).text == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_encoded_text_round_trips(text: str) -> None:
    assert decode_sms_text(base64.b64encode(text.encode()).decode()) == text


def test_contact_list_has_its_size() -> None:
    found = ContactList.model_validate(samples.CONTACT_LISTS["data"][0])

    assert (found.name, found.total_record_count) == ("Renewal Due - July 2025", 2)
    assert found.model_dump() == samples.CONTACT_LISTS["data"][0]
