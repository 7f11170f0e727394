"""Response URLs: visibility, replacement, expiry."""

from typing import Any

import pytest

from tests.sandbox.driver import Driver, texts


@pytest.fixture
def urls(driver: Driver) -> Any:
    return driver.sandbox.slack.response_urls


async def answer(driver: Driver, url: str, **body: Any) -> tuple[int, str]:
    answered = await driver.client.post(url, json=body)
    return answered.status_code, answered.text


async def test_answer_is_ephemeral_by_default(driver: Driver, urls: Any) -> None:
    url = urls.issue("U0ALICE", "C0RANDOM")
    assert await answer(driver, url, text="psst") == (200, "ok")
    assert await answer(driver, url, text="all", response_type="in_channel") == (200, "ok")
    assert texts(await driver.state("U0ALICE"), "C0RANDOM") == ["psst", "all"]
    assert texts(await driver.state("U0BOB"), "C0RANDOM") == ["all"]


async def test_answer_can_replace_or_delete_the_original(driver: Driver, urls: Any) -> None:
    posted = await driver.call("chat.postMessage", channel="C0CAMPAIGNS", text="first")
    url = urls.issue("U0ALICE", "C0CAMPAIGNS", posted["ts"])
    await answer(driver, url, text="second", replace_original=True)
    assert texts(await driver.state("U0BOB"), "C0CAMPAIGNS") == ["second"]
    await answer(driver, url, delete_original=True)
    assert texts(await driver.state("U0BOB"), "C0CAMPAIGNS") == []
    assert await answer(driver, url, text="x", replace_original=True) == (404, "message_not_found")


async def test_ephemeral_message_is_replaced_for_its_addressee(driver: Driver, urls: Any) -> None:
    said = {"channel": "C0CAMPAIGNS", "user": "U0ALICE", "text": "psst"}
    ts = (await driver.call("chat.postEphemeral", **said))["message_ts"]
    await answer(driver, urls.issue("U0ALICE", "C0CAMPAIGNS", ts), text="still psst", replace_original=True)
    assert texts(await driver.state("U0ALICE"), "C0CAMPAIGNS") == ["still psst"]
    assert texts(await driver.state("U0BOB"), "C0CAMPAIGNS") == []
    assert await driver.error("chat.update", channel="C0CAMPAIGNS", ts=ts, text="x") == "message_not_found"


async def test_sixth_use_of_a_response_url_is_refused(driver: Driver, urls: Any) -> None:
    url = urls.issue("U0ALICE", "C0CAMPAIGNS")
    assert [(await answer(driver, url, text="x"))[0] for _ in range(6)] == [200] * 5 + [404]


async def test_expired_or_unknown_response_url_is_refused(driver: Driver, urls: Any) -> None:
    url = urls.issue("U0ALICE", "C0CAMPAIGNS")
    urls.lifetime_seconds = 0.0
    assert await answer(driver, url, text="x") == (404, "expired_url")
    assert await answer(driver, "/respond/unknown", text="x") == (404, "expired_url")


async def test_refused_answer_does_not_use_up_the_response_url(driver: Driver, urls: Any) -> None:
    url = urls.issue("U0ALICE", "C0CAMPAIGNS")
    for _ in range(6):
        assert await answer(driver, url, blocks=[{"type": "sectoin"}]) == (400, "invalid_blocks")
    assert await answer(driver, url, text="x") == (200, "ok")
