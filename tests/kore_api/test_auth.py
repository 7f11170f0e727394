"""The token: its claims, that it is new for each request, and that it does not leak."""

import logging
import time

import httpx
import jwt
import pytest
from pydantic import SecretStr

from kore_api.auth import CLOCK_SLACK_SECONDS, KoreAuth
from kore_api.errors import KoreNoAnswerError, KoreServerError
from tests.kore_api.conftest import Answering, World
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SAMPLE_ID, SEEDED_ID

SECRET = "a-client-secret-that-is-long-enough-for-any-algorithm-we-accept-here"


def sent_by(auth: KoreAuth) -> httpx.Request:
    return next(auth.auth_flow(httpx.Request("GET", "https://platform.kore.ai")))


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_token_names_the_client_and_is_short_lived(algorithm: str) -> None:
    auth = KoreAuth("cs-1", SecretStr(SECRET), algorithm=algorithm, subject="me", ttl_seconds=60)

    before = time.time()
    token = sent_by(auth).headers["auth"]

    claims = jwt.decode(token, SECRET, algorithms=[algorithm])
    assert claims["appId"] == "cs-1"
    assert claims["sub"] == "me"
    assert claims["exp"] - claims["iat"] == 60 + CLOCK_SLACK_SECONDS
    assert before - 1 < claims["exp"] - 60 <= time.time()


def test_token_is_valid_for_a_server_whose_clock_is_30_seconds_behind() -> None:
    issued_at = jwt.decode(sent_by(KoreAuth("cs-1", SecretStr(SECRET))).headers["auth"], SECRET, ["HS256"])["iat"]

    assert issued_at <= time.time() - 30


def test_every_request_has_its_own_token() -> None:
    auth = KoreAuth("cs-1", SecretStr(SECRET))

    tokens = [sent_by(auth).headers["auth"] for _ in range(20)]

    assert len({jwt.decode(token, SECRET, algorithms=["HS256"])["jti"] for token in tokens}) == 20


async def test_each_try_of_a_read_has_its_own_token(answering: Answering) -> None:
    client, sent = answering(httpx.Response(503))

    with pytest.raises(KoreServerError):
        await client.get_campaign(SAMPLE_ID)

    assert len({request.headers["auth"] for request in sent}) == 3


async def test_token_is_sent_without_bearer_and_with_both_ids(answering: Answering) -> None:
    client, sent = answering(httpx.Response(503))

    with pytest.raises(KoreServerError):
        await client.delete_campaign(SAMPLE_ID)

    headers = sent[0].headers
    assert headers["auth"].startswith("eyJ")
    assert "authorization" not in headers
    assert (headers["iid"], headers["accountId"]) == (APP_ID, ACCOUNT_ID)


def test_no_secret_in_the_repr() -> None:
    assert SECRET not in repr(KoreAuth("cs-1", SecretStr(SECRET)))
    assert SECRET not in repr(vars(KoreAuth("cs-1", SecretStr(SECRET))))


async def test_no_token_secret_or_body_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    await world.client.get_campaign(SEEDED_ID)

    assert "sandbox-client-secret" not in caplog.text
    assert "eyJ" not in caplog.text
    assert "+91987654" not in caplog.text


async def test_each_call_logs_one_event(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="kore_api")

    await world.client.get_campaign(SEEDED_ID)
    world.fault("delete", "reset")
    with pytest.raises(KoreNoAnswerError):
        await world.client.delete_campaign(SEEDED_ID)

    ours = [vars(record) for record in caplog.records if record.name.startswith("kore_api")]
    assert [(line["msg"], line["task"], line["result"], line["campaign_id"]) for line in ours] == [
        ("Kore.ai call", "read the campaign", "success", SEEDED_ID),
        ("Kore.ai call", "delete the campaign", "KoreNoAnswerError", SEEDED_ID),
    ]


@pytest.mark.parametrize("wrong", [{"algorithm": "none"}, {"algorithm": "RS256"}, {"ttl_seconds": 0}])
def test_token_that_kore_rejects_is_never_minted(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"token"):
        KoreAuth("cs-1", SecretStr(SECRET), **wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_token_with_a_jti_lives_an_hour_at_most() -> None:
    token = sent_by(KoreAuth("cs-1", SecretStr(SECRET), ttl_seconds=3600)).headers["auth"]
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    assert claims["exp"] - claims["iat"] == 3600
    with pytest.raises(ValueError, match="3600"):
        KoreAuth("cs-1", SecretStr(SECRET), ttl_seconds=3601)
