"""Upload a file into a thread. docs.slack.dev/messaging/working-with-files#upload."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from slack_ui.parts.api_error import status_error


async def upload_file(client: AsyncWebClient, file: Mapping[str, Any], channel: str, thread_ts: str | None) -> str:
    """Ask for an upload address, send the ``content`` there without a token, and share the file. Needs files:write.

    Return the file's id: the message has no known ``ts``, because Slack shares a file once it was scanned. Raises one
    of SLACK_ERRORS, or UnreachableError or SlackBusyError for what the upload address answers.
    """
    content = file["content"]
    address = await client.files_getUploadURLExternal(filename=file["filename"], length=len(content))
    async with client.session.request(  # type: ignore[union-attr]  # open_client sets one
        "POST", str(address["upload_url"]), data=content, proxy=client.proxy, ssl=client.ssl or True
    ) as answer:
        if answer.status != HTTPStatus.OK:
            raise status_error(answer.status)
    file_id = str(address["file_id"])
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": file["title"]}], channel_id=channel, thread_ts=thread_ts
    )
    return file_id
