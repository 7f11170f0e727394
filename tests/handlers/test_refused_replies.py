"""A click is answered by its response_url where Slack refuses every other reply."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pytest_mock import MockerFixture
from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.approvals.denial import Denial
from deletion.domain.policy import Policy
from handlers.listeners.error_handler import on_error
from handlers.replies.loading_modal import open_view
from handlers.replies.private_reply import reply_to_click
from slack_ui import strings
from slack_ui.views import notice, refusals

TOKEN = "token_revoked"


class Replies:
    """A Slack that rejects the token, and takes what is sent to the response_url, which needs none."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    async def reject(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": TOKEN})

    async def take(self, request: web.Request) -> web.Response:
        self.sent.append(await request.json())
        return web.Response(text="ok")


@pytest.fixture
def replies() -> Replies:
    return Replies()


@pytest.fixture
async def rejected(replies: Replies) -> AsyncIterator[tuple[AsyncWebClient, dict[str, Any]]]:
    """A client whose token Slack rejects, and a click in a message."""
    server = web.Application()
    server.add_routes([web.post("/api/{method}", replies.reject), web.post("/respond", replies.take)])
    async with TestServer(server) as slack, aiohttp.ClientSession() as session:
        url = str(slack.make_url("/api/"))
        body = {
            "type": "block_actions", "team": {"id": "T0SANDBOX"}, "user": {"id": "U0BOB"}, "trigger_id": "1.2",
            "channel": {"id": "C0APPROVALS"}, "response_url": str(slack.make_url("/respond")),
        }  # fmt: skip
        yield AsyncWebClient(token="xoxb-sandbox", base_url=url, session=session, retry_handlers=[]), body


async def test_click_is_answered_by_its_response_url(
    replies: Replies, rejected: tuple[AsyncWebClient, dict[str, Any]]
) -> None:
    client, body = rejected
    await reply_to_click(client, body, "Nothing was done.")
    (sent,) = replies.sent
    assert (sent["text"], sent["response_type"], sent["replace_original"]) == ("Nothing was done.", "ephemeral", False)


async def test_button_whose_modal_cannot_open_says_that_the_token_is_rejected(
    replies: Replies, rejected: tuple[AsyncWebClient, dict[str, Any]], mocker: MockerFixture
) -> None:
    find = mocker.AsyncMock(return_value=notice.info("found"))
    await open_view(*rejected, find, notice.loading())
    assert [sent["text"] for sent in replies.sent] == [refusals.denial_text(Denial.BOT_REJECTED, Policy())]


async def test_failed_listener_is_reported_by_the_response_url(
    replies: Replies, rejected: tuple[AsyncWebClient, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    client, body = rejected
    caplog.set_level(logging.CRITICAL, "handlers.listeners.error_handler")
    await on_error(RuntimeError("in a listener"), body, client)
    assert [sent["text"] for sent in replies.sent] == [strings.modals.UNEXPECTED]


@pytest.mark.parametrize(
    ("found", "code", "expected"),
    [
        (Denial.DUPLICATE_PAYLOAD, "trigger_expired", refusals.denial_text(Denial.DUPLICATE_PAYLOAD, Policy())),
        (Denial.GUEST, "trigger_expired", strings.modals.NOT_OPENED),
        (Denial.DUPLICATE_PAYLOAD, TOKEN, refusals.denial_text(Denial.BOT_REJECTED, Policy())),
    ],
)
def test_reason_for_a_modal_that_was_not_opened(found: Denial, code: str, expected: str) -> None:
    assert refusals.not_opened(found, code) == expected
