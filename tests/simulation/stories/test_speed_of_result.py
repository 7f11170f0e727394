"""The result appears in the channel as soon as Kore.ai's last answer is known, not at the queue's next poll."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.simulation.stories.test_approvals import CARDS, approve, request_deletion
from tests.simulation.world import LATENCY_MS, SimulatedWorld

READ_BACK = ("get", "status")


@pytest.fixture
def settings() -> dict[str, str]:
    return {"APPROVALS_REQUIRED": "1", "APPROVERS": "U0BOB", "REQUESTERS": "U0ALICE", "UNDO_WINDOW": "0"}


def arrived_at(call: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(call["at"]) - timedelta(milliseconds=call["ms"])


async def test_result_is_sent_one_channel_lookup_after_last_answer_of_kore(world: SimulatedWorld) -> None:
    card = await request_deletion(world, await world.fresh_campaign())
    assert not await approve(world.person("U0BOB"), card)
    await world.person("U0BOB").reads("was deleted.", CARDS)

    answered = max([datetime.fromisoformat(call["at"]) for what in READ_BACK for call in await world.calls(what)])
    updates = [arrived_at(call) for call in await world.calls("chat.update") if "was deleted" in str(call["request"])]

    assert min(updates) - answered < timedelta(milliseconds=3 * LATENCY_MS)
