"""Slack's answer when a Home is published decides whether to retry."""

import pytest
from pytest_mock import MockerFixture
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from deletion.domain.approvals.denial import Denial
from deletion.domain.errors import SlackBusyError
from deletion.domain.policies import Policies
from deletion.domain.policy import Policy
from deletion.kore.health import KoreHealth
from deletion.stores.home_store import Homes
from deletion.stores.request_queries import RequestQueries
from handlers.access.slack_directory import SlackDirectory
from handlers.listeners.home_publisher import HomePublisher
from slack_ui.parts.links import Links
from tests.handlers.slack_mock import client_with


def refusing(
    mocker: MockerFixture, status: int, error: str, headers: dict[str, str], homes: Homes | None = None
) -> HomePublisher:
    """Return a publisher whose Slack answers so."""
    client = client_with("views_publish")
    answer = mocker.create_autospec(AsyncSlackResponse, instance=True)
    answer.data, answer.status_code, answer.headers = {"ok": False, "error": error}, status, headers
    client.views_publish.side_effect = SlackApiError("refused", answer)  # type: ignore[no-untyped-call]  # the SDK has no types
    return HomePublisher(
        client,
        directory=mocker.create_autospec(SlackDirectory, instance=True),
        lookup=mocker.create_autospec(RequestQueries, instance=True),
        homes=homes or mocker.create_autospec(Homes, instance=True),
        health={"": mocker.create_autospec(KoreHealth, instance=True)},
        links=Links(""),
        policies=Policies([Policy()]),
    )


@pytest.mark.parametrize("error", ["user_not_found", "not_enabled", "missing_scope", "a_code_of_next_year"])
async def test_refused_home_is_not_retried(mocker: MockerFixture, error: str) -> None:
    await refusing(mocker, 200, error, {}).deny("U0ALICE", Denial.GUEST)


@pytest.mark.parametrize(
    ("status", "error", "headers", "seconds"),
    [
        (429, "ratelimited", {"Retry-After": "7"}, 7.0),
        (429, "ratelimited", {}, 1.0),
        (200, "internal_error", {}, None),
        (503, "service_unavailable", {}, None),
    ],
)
async def test_home_that_slack_fails_for_now_is_retried_when_slack_says(
    mocker: MockerFixture, status: int, error: str, headers: dict[str, str], seconds: float | None
) -> None:
    with pytest.raises(SlackBusyError, match=error) as caught:
        await refusing(mocker, status, error, headers).deny("U0ALICE", Denial.GUEST)
    assert caught.value.retry_after_seconds == seconds


async def test_home_whose_denial_slack_does_not_take_is_followed_until_it_does(mocker: MockerFixture) -> None:
    homes = mocker.create_autospec(Homes, instance=True)
    publisher = refusing(mocker, 503, "service_unavailable", {}, homes)
    with pytest.raises(SlackBusyError):
        await publisher.deny("U0ALICE", Denial.GUEST)
    homes.forget.assert_not_awaited()
    await refusing(mocker, 200, "not_enabled", {}, homes).deny("U0ALICE", Denial.GUEST)
    homes.forget.assert_awaited_once_with("U0ALICE")
