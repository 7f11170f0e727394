"""Two replicas over one database."""

from collections.abc import AsyncIterator

import pytest
from pytest_mock import MockerFixture

from deletion.domain.attempt import Observation
from deletion.kore.campaign_gateway import CampaignGateway
from tests.deletion.lifecycle.freeze_and_budget.frozen_world import Bot


@pytest.fixture
async def bot(database_url: str, mocker: MockerFixture) -> AsyncIterator[Bot]:
    kore = mocker.create_autospec(CampaignGateway, instance=True)
    kore.observe.return_value = Observation.ABSENT
    bot = Bot(database_url, kore)
    yield bot
    await bot.engine.dispose()


@pytest.fixture
async def other(database_url: str, bot: Bot) -> AsyncIterator[Bot]:
    """Another replica."""
    other = Bot(database_url, bot.kore)
    yield other
    await other.engine.dispose()
