"""Deletes over a real port: sent once under every fault."""

from typing import Any

import pytest

from kore_api import errors
from kore_api.errors import KoreError
from sandbox.faults import Kind
from sandbox.kore.factories import sms_id
from tests.kore_api.conftest import World
from tests.kore_api.samples import SEEDED_ID

FAULTS: list[tuple[Kind, dict[str, Any], type[KoreError], bool]] = [
    ("status", {"status": 500}, errors.KoreServerError, False),
    ("status", {"status": 503}, errors.KoreServerError, False),
    ("status", {"status": 409}, errors.KoreRefusedError, False),
    ("status", {"status": 401}, errors.KoreAuthError, False),
    ("rate_limit", {}, errors.KoreRateLimitError, False),
    ("rate_limit", {"status": 200}, errors.KoreRateLimitError, False),
    ("error", {"error": "Campaign is active"}, errors.KoreRefusedError, False),
    ("html", {"status": 200}, errors.KoreServerError, False),
    ("html", {"status": 502}, errors.KoreServerError, False),
    ("reset", {}, errors.KoreNoAnswerError, False),
    ("lost_answer", {}, errors.KoreNoAnswerError, True),
]


@pytest.mark.parametrize(
    ("kind", "details", "error", "gone"), FAULTS, ids=[f"{fault[0]}-{fault[1]}" for fault in FAULTS]
)
async def test_delete_is_sent_exactly_once_under_every_fault(
    world: World, kind: Kind, details: dict[str, Any], error: type[KoreError], *, gone: bool
) -> None:
    world.fault("delete", kind, times=None, **details)

    with pytest.raises(error) as caught:
        await world.client.delete_campaign(SEEDED_ID)

    assert type(caught.value) is error
    assert [note["campaign_id"] for note in world.kore.memory.deletes] == [SEEDED_ID]
    assert (world.kore.memory.living(SEEDED_ID) is None) is gone
    assert caught.value.may_have_happened or not gone


async def test_delete_returns_the_campaign_and_removes_it(world: World) -> None:
    before = await world.client.get_campaign(SEEDED_ID)

    deleted = await world.client.delete_campaign(SEEDED_ID)

    assert deleted.message == "Campaign Interactive Support SMS Campaign deleted successfully"
    assert deleted.campaign == before
    with pytest.raises(errors.CampaignNotFoundError):
        await world.client.get_campaign(SEEDED_ID)


async def test_second_delete_is_not_found(world: World) -> None:
    await world.client.delete_campaign(SEEDED_ID)

    with pytest.raises(errors.CampaignNotFoundError):
        await world.client.delete_campaign(SEEDED_ID)


async def test_voice_campaign_is_not_deleted_as_sms(world: World) -> None:
    voice_id = "cd-9e14001-88cc-4544-9a98-7aee9b700001"

    with pytest.raises(errors.KoreRefusedError):
        await world.client.delete_campaign(voice_id)

    assert world.kore.memory.living(voice_id) is not None


async def test_false_success_is_found_only_by_reading_back(world: World) -> None:
    world.fault("delete", "still_there")

    await world.client.delete_campaign(SEEDED_ID)

    assert await world.client.is_listed(SEEDED_ID)


@pytest.mark.parametrize("n", range(24, 30))
async def test_hostile_name_is_returned_unchanged(world: World, n: int) -> None:
    name = world.kore.memory.campaigns[sms_id(n)]["name"]

    deleted = await world.client.delete_campaign(sms_id(n))

    assert deleted.campaign is not None
    assert deleted.campaign.name == name
    assert deleted.message == f"Campaign {name} deleted successfully"


class StoppedError(Exception):
    """What a caller's ``before_send`` raises."""


@pytest.mark.parametrize("is_open", [False, True])
async def test_before_send_stops_delete_on_new_and_on_open_connection(world: World, is_open: bool) -> None:
    if is_open:
        await world.client.get_campaign(SEEDED_ID)

    async def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        await world.client.delete_campaign(SEEDED_ID, before_send=stop)

    assert world.calls("delete") == 0
    await world.client.delete_campaign(SEEDED_ID)


async def test_before_send_stops_delete_once_its_connection_is_open(world: World) -> None:
    """The slot was granted and the connection made while nothing spoke against it."""
    calls_before = iter([None, StoppedError()])

    async def stop_late() -> None:
        if error := next(calls_before):
            raise error

    with pytest.raises(StoppedError):
        await world.client.delete_campaign(SEEDED_ID, before_send=stop_late)

    assert world.calls("delete") == 0
