"""Slack itself agrees: ``blocks.validate`` and ``apps.manifest.validate``, with a token in SLACK_LIVE_TOKEN.

Any bot token will do for the first; the second wants an app configuration token (``xoxe.xoxp-…``). Nothing is sent but
made-up values, and to Slack alone.
"""

import os
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from proof.test_manifest import MANIFEST
from slack_ui.parts.api_error import error_code
from tests.slack_ui.every_surface import messages, views

WRONG_TOKEN = ("not_allowed_token_type", "missing_scope", "no_permission")
TEXTS = ["Spring Sale", "<!channel> & *bold* `code` <https://example.com|x>", "x" * 3_001]


@pytest.fixture
async def slack() -> AsyncIterator[AsyncWebClient]:
    token = os.environ.get("SLACK_LIVE_TOKEN")
    if not token:
        pytest.skip("there is no SLACK_LIVE_TOKEN")
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token, session=session, retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=5)]
        )


async def agrees(call: Any, **arguments: Any) -> None:
    try:
        await call(**arguments)
    except SlackApiError as error:
        if error_code(error) in WRONG_TOKEN:
            pytest.skip(f"the token in SLACK_LIVE_TOKEN is of another kind ({error_code(error)})")
        raise


@pytest.mark.parametrize("text", TEXTS, ids=["plain", "markup", "long"])
async def test_slack_accepts_every_view(slack: AsyncWebClient, text: str) -> None:
    for view in views(text).values():
        await agrees(slack.blocks_validate, view=view)


@pytest.mark.parametrize("text", TEXTS, ids=["plain", "markup", "long"])
async def test_slack_accepts_every_message(slack: AsyncWebClient, text: str) -> None:
    for message in messages(text).values():
        await agrees(slack.blocks_validate, message=message)


async def test_slack_accepts_manifest(slack: AsyncWebClient) -> None:
    await agrees(slack.apps_manifest_validate, manifest=MANIFEST)
