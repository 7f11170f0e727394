"""Accepted campaign ids. Any other text must never reach a URL."""

import pickle
import re
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kore_api.campaign_id import InvalidCampaignIdError, parse_campaign_id
from tests.kore_api.conftest import Answering
from tests.kore_api.samples import SAMPLE_ID, SEEDED_ID

DANGEROUS = [
    "",
    "   ",
    "sms",
    "getAllCampaignDetails",
    "contactList/cl-60bac2e-b440-439a-931e-2d9b2a17xxxx",
    "cl-60bac2e-b440-439a-931e-2d9b2a170001",
    f"{SEEDED_ID}/",
    f"/{SEEDED_ID}",
    f"../{SEEDED_ID}",
    f"{SEEDED_ID}/../sms",
    f"{SEEDED_ID}%2F",
    f"{SEEDED_ID}?campaignType=voice",
    f"{SEEDED_ID}#",
    f"{SEEDED_ID}\n{SEEDED_ID}",
    f"{SEEDED_ID} {SEEDED_ID}",
    f"{SEEDED_ID}.",
    f"{SEEDED_ID}0",
    f" {SEEDED_ID}",
    f"{SEEDED_ID}\n",
    f"`{SEEDED_ID}`",
    f"<{SEEDED_ID}>",
    SEEDED_ID[:-1],
    SEEDED_ID.replace("cd-", "\u0441d-"),
    SEEDED_ID.replace("0001", "\uff10\uff10\uff10\uff11"),
    SEEDED_ID.replace("-", "\u2010"),
    SEEDED_ID.replace("f98e", "xxxx"),
]


@pytest.mark.parametrize("text", [SEEDED_ID, SAMPLE_ID, "cd-0e0475b-a418-400d-9164-21eb7e89xxxx"])
def test_documented_ids_are_accepted(text: str) -> None:
    assert parse_campaign_id(text) == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_any_other_text_is_rejected(text: str) -> None:
    with pytest.raises(InvalidCampaignIdError):
        parse_campaign_id(text)


@pytest.mark.parametrize("text", DANGEROUS)
async def test_nothing_is_sent_for_an_invalid_id(answering: Answering, text: str) -> None:
    client, sent = answering(httpx.Response(200))

    for method in (client.get_campaign, client.delete_campaign, client.is_listed):
        with pytest.raises(InvalidCampaignIdError):
            await method(text)

    assert sent == []


@given(st.text() | st.from_regex(r"cd-[0-9a-fx./%-]{30,40}"))
def test_accepted_id_is_one_plain_path_segment(text: str) -> None:
    try:
        found = parse_campaign_id(text)
    except InvalidCampaignIdError:
        return
    assert re.fullmatch(r"cd-[0-9a-fA-Fx-]{35,36}", found)
    assert quote(found, safe="") == found


@given(st.from_regex(r"cd-[0-9a-f]{7,8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", fullmatch=True))
def test_every_well_formed_id_is_accepted(text: str) -> None:
    assert parse_campaign_id(text) == text


def test_error_does_not_repeat_the_text_and_survives_pickling() -> None:
    with pytest.raises(InvalidCampaignIdError) as refusal:
        parse_campaign_id("<!channel>")

    assert "channel" not in str(refusal.value)
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)  # noqa: S301 - pickled here
