"""A response means success only if it says so and is about the campaign."""

import httpx
import pytest

from kore_api import errors
from tests.kore_api.conftest import Answering
from tests.kore_api.responses import SUCCESS, body, html, says
from tests.kore_api.samples import SAMPLE_ID


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("word", ["success", "Success", " SUCCESS "])
async def test_delete_succeeds_when_kore_says_success_and_names_the_campaign(
    answering: Answering, status: int, word: str
) -> None:
    client, sent = answering(body(status, SUCCESS | {"status": word}))

    deleted = await client.delete_campaign(SAMPLE_ID)

    assert deleted.message == "Campaign Interactive Support SMS Campaign deleted successfully"
    assert deleted.campaign is not None
    assert deleted.campaign.raw == SUCCESS["data"]
    assert len(sent) == 1


@pytest.mark.parametrize("message", ["", "Campaign not found"])
async def test_success_with_null_means_not_found_when_reading_and_nothing_when_deleting(
    answering: Answering, message: str
) -> None:
    client, _ = answering(says("success", message, data=None))

    with pytest.raises(errors.CampaignNotFoundError) as caught:
        await client.get_campaign(SAMPLE_ID)
    assert caught.value.is_from_kore
    with pytest.raises(errors.KoreUnconfirmedError):
        await client.delete_campaign(SAMPLE_ID)


@pytest.mark.parametrize("message", ["Campaign  retrieved successfully", "Bot not found"])
async def test_success_with_null_and_a_contradicting_text_is_unconfirmed(answering: Answering, message: str) -> None:
    client, _ = answering(says("success", message, data=None))

    for read in (client.get_campaign, client.get_status):
        with pytest.raises(errors.KoreUnconfirmedError):
            await read(SAMPLE_ID)


async def test_list_is_refused_rather_than_not_found(answering: Answering) -> None:
    client, _ = answering(says("failure", "Campaign not found", 404))

    with pytest.raises(errors.KoreRefusedError) as caught:
        await client.get_contact_lists()

    assert type(caught.value) is errors.KoreRefusedError


async def test_redirect_is_not_followed(answering: Answering) -> None:
    client, sent = answering(httpx.Response(307, headers={"location": "https://evil.example/"}), body(200, SUCCESS))

    with pytest.raises(errors.KoreServerError):
        await client.delete_campaign(SAMPLE_ID)

    assert [request.url.host for request in sent] == ["platform.kore.ai"]


async def test_read_succeeds_on_its_third_try(answering: Answering) -> None:
    client, sent = answering(httpx.ReadError("reset"), html(502), body(200, SUCCESS))

    assert (await client.get_campaign(SAMPLE_ID)).id == SAMPLE_ID
    assert len(sent) == 3
