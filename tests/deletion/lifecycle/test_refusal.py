"""A request ends if its campaign, as just read, is not what was requested, or may not be deleted or stopped."""

from typing import Any

import pytest

from deletion.domain.models import Purpose
from deletion.domain.policy import Policy
from deletion.domain.states import State
from deletion.lifecycle.refusal import end_if_not_deletable, end_if_not_stoppable
from tests.deletion.lifecycle.party_world import Bot
from tests.deletion.lifecycle.stop_steps import FIRST, ONLY
from tests.deletion.values import campaign, preview

pytestmark = pytest.mark.any_database

POLICY = Policy(protected_names=("KEEP*",))
EDITED, PROTECTED = {"contactLists": ["VIP customers"]}, {"name": "KEEP - legal hold"}


@pytest.mark.parametrize(
    ("stops", "asked", "fields", "state"),
    [
        (None, {}, {}, State.APPROVED),
        (None, {}, EDITED, State.CHANGED),
        (None, PROTECTED, {}, State.FAILED),
        (FIRST, {"status": "Active"}, {"status": "Paused"}, State.APPROVED),
        (FIRST, {"status": "Active"}, EDITED, State.CHANGED),
        (FIRST, {"status": "Active"}, {"status": "Hibernating"}, State.FAILED),
        (ONLY, {"status": "Active"}, EDITED, State.APPROVED),
        (ONLY, {"status": "Active"}, {"status": "Hibernating"}, State.FAILED),
    ],
)
async def test_caller_goes_on_only_with_a_request_that_has_not_ended(
    bot: Bot, stops: Purpose | None, asked: dict[str, Any], fields: dict[str, Any], state: State
) -> None:
    kept = await bot.add("U0BOB", "U0CAROL", stops=stops, campaign=preview(**asked).campaign)
    found, ends = campaign(**{**asked, **fields}), end_if_not_stoppable if stops else end_if_not_deletable

    for _ in range(2):  # the second time the request was changed meanwhile
        assert await ends(bot.transitions, kept, found, POLICY) is (state is not State.APPROVED)

    ended = await bot.now(kept)
    assert (ended.state, ended.version) == (state, kept.version + (state is not State.APPROVED))
