"""Post one test message to a channel and delete it: what no reading call can show."""

from slack_sdk.web.async_client import AsyncWebClient

from deletion.domain.check import CheckResult, failed, passed, warned
from handlers.access.practice_client import said
from slack_ui.parts.api_error import SLACK_ERRORS, error_code, is_transient
from slack_ui.strings import start


async def check_post(client: AsyncWebClient, variable: str, channel_id: str) -> CheckResult:
    """``client`` retries nothing, so that at most one message is posted."""
    try:
        posted = await client.chat_postMessage(channel=channel_id, **said(client, {"text": start.TEST_MESSAGE}))
    except SLACK_ERRORS as error:
        text = f"{channel_id} refuses a message ({error_code(error)})"
        if is_transient(error):
            cure = "Look for a test message in the channel, delete it, and run again later."
            return failed(variable, f"no clear answer from {channel_id} ({error_code(error)})", cure)
        return failed(variable, text, "Allow the bot to post there: channel settings, Posting permissions.")
    try:
        await client.chat_delete(channel=channel_id, ts=str(posted["ts"]))
    except SLACK_ERRORS as error:
        text = f"a test message was posted to {channel_id} and not deleted ({error_code(error)})"
        return warned(variable, text, "Delete it in Slack.")
    return passed(variable, f"a test message was posted to {channel_id} and deleted")
