"""Stops over a real port: by the path that exists, and confirmed by the campaign's own status."""

import time
from typing import Any

import httpx
import pytest
from pytest_mock import MockerFixture

from kore_api import errors
from kore_api.errors import KoreError
from sandbox.faults import Kind
from sandbox.kore.stop import StopPath
from tests.kore_api.conftest import Answering, World
from tests.kore_api.samples import SAMPLE_ID, SEEDED_ID

STOPPED = {"status": "Stopped", "message": "Campaign Stopped", "campaignExecutionType": "NORMAL"}
PAGE = httpx.Response(404, html="<h1>Cannot POST</h1>")


def sending(world: World) -> dict[str, Any]:
    return world.kore.memory.send(SEEDED_ID, per_minute=6_000)


async def test_stop_is_sent_once_by_the_documented_path_and_confirmed(world: World) -> None:
    sending(world)

    assert await world.client.stop_campaign(SEEDED_ID) == "Campaign Stopped"

    (stop,) = [call for call in world.traffic.after() if call["what"] == "stop"]
    assert ("/campaign/api/v1/" in stop["request"]["path"]) or ("//trigger/" in stop["request"]["path"])
    assert "campaignType=sms&trigger=stop" in stop["request"]["path"]
    assert (await world.client.get_status(SEEDED_ID)).status == "Stopped"


async def test_other_path_is_tried_once_after_a_404_and_remembered(world: World) -> None:
    sending(world)
    world.kore.stop_paths.existing = StopPath.OTHER

    await world.client.stop_campaign(SEEDED_ID)
    assert [call["status"] for call in world.traffic.after() if call["what"] == "stop"] == [404, 200]

    sending(world)
    await world.client.reserving(1).stop_campaign(SEEDED_ID)
    assert world.calls("stop") == 3


async def test_missing_campaign_is_not_stopped_by_another_path(world: World) -> None:
    world.kore.memory.campaigns[SEEDED_ID]["deleted"] = True

    with pytest.raises(errors.CampaignNotFoundError):
        await world.client.stop_campaign(SEEDED_ID)

    assert world.calls("stop") == 1


async def test_stop_that_no_path_knows_ends_after_two_calls(answering: Answering) -> None:
    shown = httpx.Response(200, json={"status": "success", "data": {"_id": SAMPLE_ID}})
    client, sent = answering(PAGE, shown, PAGE)

    with pytest.raises(errors.KoreServerError):
        await client.stop_campaign(SAMPLE_ID)

    assert [request.method for request in sent] == ["POST", "GET", "POST"]


FAULTS: list[tuple[Kind, dict[str, Any], type[KoreError], bool]] = [
    ("status", {"status": 500}, errors.KoreServerError, False),
    ("status", {"status": 409}, errors.KoreRefusedError, False),
    ("status", {"status": 403}, errors.KoreAuthError, False),
    ("rate_limit", {}, errors.KoreRateLimitError, False),
    ("error", {"error": "Campaign is not running"}, errors.KoreRefusedError, False),
    ("reset", {}, errors.KoreNoAnswerError, False),
    ("lost_answer", {}, errors.KoreNoAnswerError, True),
]


@pytest.mark.parametrize(
    ("kind", "details", "error", "stopped"), FAULTS, ids=[f"{fault[0]}-{fault[1]}" for fault in FAULTS]
)
async def test_stop_is_sent_exactly_once_under_every_fault(
    world: World, kind: Kind, details: dict[str, Any], error: type[KoreError], *, stopped: bool
) -> None:
    sending(world)
    world.fault("stop", kind, times=None, **details)

    with pytest.raises(error) as caught:
        await world.client.stop_campaign(SEEDED_ID)

    assert world.calls("stop") == 1
    assert (world.kore.memory.campaigns[SEEDED_ID]["status"] == "Stopped") is stopped
    assert caught.value.may_have_happened or not stopped


@pytest.mark.parametrize("body", [{**STOPPED, "status": "Active"}, {"status": "success"}, {}])
async def test_answer_without_the_status_stopped_confirms_nothing(answering: Answering, body: dict[str, Any]) -> None:
    client, sent = answering(httpx.Response(200, json=body))

    with pytest.raises(KoreError) as caught:
        await client.stop_campaign(SAMPLE_ID)

    assert caught.value.may_have_happened
    assert len(sent) == 1


async def test_started_campaign_sends_until_it_is_stopped(world: World, mocker: MockerFixture) -> None:
    at = time.time()
    clock = mocker.patch("sandbox.kore.campaign_state.time.time", return_value=at)
    before = sending(world)["totalMessagesSent"]

    async def sent() -> int | None:
        listed = [each async for each in world.client.list_campaigns() if each.id == SEEDED_ID]
        return listed[0].total_messages_sent

    clock.return_value = at + 30
    assert await sent() == before + 3_000
    await world.client.stop_campaign(SEEDED_ID)
    clock.return_value = at + 300
    assert await sent() == before + 3_000
