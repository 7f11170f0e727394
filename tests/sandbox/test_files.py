"""Files: an upload address, the bytes, and the message in a channel or thread.

docs.slack.dev/messaging/working-with-files
"""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Fault
from sandbox.server import Sandbox, running
from sandbox.slack import seed
from tests.sandbox.conftest import MANIFEST
from tests.sandbox.driver import Driver, client_of

CONTENT = "Campaign,Outcome\r\nÜbergröße,Deleted\r\n".encode()
CHANNEL = "C0CAMPAIGNS"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running(manifest=MANIFEST, latency_ms=0, more_scopes="files:write") as sandbox:
        yield sandbox


async def begins(driver: Driver, content: bytes = CONTENT) -> dict[str, Any]:
    return await driver.call("files.getUploadURLExternal", filename="list.csv", length=len(content))


async def uploads(driver: Driver, content: bytes = CONTENT) -> str:
    """Upload a file without sharing it, and return its id."""
    begun = await begins(driver, content)
    answer = await driver.client.post(begun["upload_url"], content=content)
    assert (answer.status_code, answer.text) == (200, f"OK - {len(content)}")
    return str(begun["file_id"])


async def shared_files(driver: Driver) -> list[dict[str, Any]]:
    messages = (await driver.state("U0BOB"))["messages"][CHANNEL]
    return [{**file, "thread_ts": message["thread_ts"]} for message in messages for file in message["files"]]


async def test_slack_sdk_uploads_a_file_into_a_thread_and_the_page_opens_it(sandbox: Sandbox, driver: Driver) -> None:
    parent = (await driver.call("chat.postMessage", channel=CHANNEL, text="parent"))["ts"]
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(seed.BOT_TOKEN, f"{sandbox.url}/api/", session=session)
        done = await client.files_upload_v2(
            filename="list.csv", content=CONTENT, title="Result", channel=CHANNEL, thread_ts=parent
        )

    (file,) = await shared_files(driver)
    shown = {"name": "list.csv", "title": "Result", "size": len(CONTENT), "thread_ts": parent, "id": done["file"]["id"]}
    assert {name: file[name] for name in shown} == shown
    opened = await driver.client.get(file["url"])
    assert opened.content == CONTENT
    assert opened.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert "ts" not in str(done["files"])  # Slack shares it later, and says here only which file it is


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"filename": "a.csv", "length": 0}, "missing_argument"),
        ({"filename": "a.csv", "length": "many"}, "invalid_arguments"),
        ({"filename": "", "length": 1}, "invalid_arguments"),
        ({"filename": "a.csv", "length": 10**10}, "file_upload_size_restricted"),
    ],
)
async def test_no_upload_address_for_what_slack_refuses(driver: Driver, args: dict[str, Any], error: str) -> None:
    assert await driver.error("files.getUploadURLExternal", **args) == error


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NOWHERE", "channel_not_found"), ("C0RANDOM", "not_in_channel"), ("G0PRIVATE", "channel_not_found")],
)
async def test_file_is_shared_only_where_the_bot_is(driver: Driver, channel: str, error: str) -> None:
    files = [{"id": await uploads(driver)}]
    assert await driver.error("files.completeUploadExternal", files=files, channel_id=channel) == error


async def test_file_goes_to_no_archived_channel(driver: Driver) -> None:
    await driver.post("channel", channel=CHANNEL, is_archived=True)
    files = [{"id": await uploads(driver)}]
    assert await driver.error("files.completeUploadExternal", files=files, channel_id=CHANNEL) == (
        "posting_to_channel_denied"
    )


async def test_file_is_completed_once_and_only_after_its_bytes(driver: Driver) -> None:
    begun = [{"id": (await begins(driver))["file_id"]}]
    unknown = [{"id": "F0UNKNOWN"}]
    for files in (begun, unknown):
        assert await driver.error("files.completeUploadExternal", files=files, channel_id=CHANNEL) == "file_not_found"
    files = [{"id": await uploads(driver)}]
    assert (await driver.call("files.completeUploadExternal", files=files, channel_id=CHANNEL))["ok"] is True
    assert await driver.error("files.completeUploadExternal", files=files, channel_id=CHANNEL) == "file_not_found"
    assert await driver.error("files.completeUploadExternal", channel_id=CHANNEL) == "invalid_arguments"


async def test_file_without_a_channel_is_private(driver: Driver) -> None:
    files = [{"id": await uploads(driver)}]
    assert (await driver.call("files.completeUploadExternal", files=files))["ok"] is True
    assert await shared_files(driver) == []


async def test_upload_address_takes_the_announced_bytes_once(driver: Driver) -> None:
    address = (await begins(driver))["upload_url"]
    assert (await driver.client.post(address, content=b"other")).status_code == httpx.codes.BAD_REQUEST
    assert (await driver.client.post(address, content=CONTENT)).is_success
    assert (await driver.client.post(address, content=CONTENT)).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_files_need_a_scope_that_the_manifest_does_not_request(method: str) -> None:
    async with running(latency_ms=0) as sandbox, client_of(sandbox) as client:
        answer = await Driver(sandbox, client).call(method)
        assert (answer["error"], answer["needed"]) == ("missing_scope", "files:write")


async def test_faults_break_each_step_of_an_upload(sandbox: Sandbox, driver: Driver) -> None:
    sandbox.faults.add(Fault("slack", "files.getUploadURLExternal", "error", error="file_uploads_disabled"))
    sandbox.faults.add(Fault("slack", "upload", "status", status=503))
    sandbox.faults.add(Fault("slack", "upload", "reset"))
    other = Fault("slack", "files.completeUploadExternal", "error", error="fatal_error", channel="C0OPSEMEA")
    sandbox.faults.add(other)
    assert await driver.error("files.getUploadURLExternal", filename="a.csv", length=1) == "file_uploads_disabled"
    address = (await begins(driver))["upload_url"]
    assert (await driver.client.post(address, content=CONTENT)).status_code == httpx.codes.SERVICE_UNAVAILABLE
    with pytest.raises(httpx.RemoteProtocolError):
        await driver.client.post(address, content=CONTENT)
    files = [{"id": await uploads(driver)}]
    assert (await driver.call("files.completeUploadExternal", files=files, channel_id=CHANNEL))["ok"] is True
    assert sandbox.faults.active == [other]
    assert [row["what"] for row in sandbox.traffic.after()].count("upload") == 3
