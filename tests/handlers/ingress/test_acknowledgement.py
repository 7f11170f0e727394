"""The acknowledgement of a listener that raises before or after it."""

import pytest

from tests.handlers.ingress.signed_requests import BODY, Client, signed


async def test_ack_is_sent_when_the_listener_raises_after_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    body = BODY.replace("help", "raise")
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert "heard raise" in await answer.text()
    assert "didn't call ack" not in caplog.text  # Bolt says so after waiting three seconds for an ack it has forgotten


async def test_error_before_the_ack_is_500_so_that_slack_keeps_the_form(client: Client) -> None:
    body = BODY.replace("help", "fail")
    answer = await client.post("/slack/events", data=body, headers=signed(body))
    assert answer.status == 500
    assert await answer.text() == ""
