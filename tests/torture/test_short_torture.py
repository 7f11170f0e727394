"""A short run of ``python -m tests.torture``, with a few kills."""

import pytest

from tests.stories.conftest import be_patient
from tests.torture.crowd import SETTINGS, Crowd
from tests.torture.judge import judge
from tests.torture.run import Plan, torture
from tests.torture.world import open_world

PLANS = [
    Plan(database="sqlite", kills=6, minutes=5),
    Plan(database="postgresql", kills=6, replicas=2, minutes=5),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.database)
async def test_killed_bot_loses_nothing_and_says_nothing_untrue(plan: Plan) -> None:
    world, course, cases = await torture(plan)

    assert course.kills == plan.kills
    assert cases, "no request was made"
    assert {name: found for name, found in judge(world, course.ledger, cases).wrong.items() if found} == {}


async def test_simultaneous_clicks_decide_once_and_are_all_answered() -> None:
    async with open_world("postgresql", 2, **SETTINGS) as world:
        be_patient(world.sandbox)
        crowd = Crowd(world, 40)
        case, made = await crowd.round()
        assert len(made) == 40
        assert crowd.wrong(case, made) == []
