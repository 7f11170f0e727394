"""The token: what is in it, that it is new each time, and that nothing of it leaks."""

import logging
import time

import httpx
import jwt
import pytest
from pydantic import SecretStr

from kore_api.auth import KoreAuth
from kore_api.errors import KoreServerError
from tests.kore_api.conftest import Answering, World
from tests.kore_api.samples import ACCOUNT_ID, APP_ID, SAMPLE_ID, SEEDED_ID

SECRET = "a-client-secret-that-is-long-enough-for-any-algorithm-we-accept-here"


def sent_by(auth: KoreAuth) -> httpx.Request:
    return next(auth.auth_flow(httpx.Request("GET", "https://platform.kore.ai")))


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_the_token_says_who_we_are_and_dies_soon(algorithm: str) -> None:
    auth = KoreAuth("cs-1", SecretStr(SECRET), algorithm=algorithm, subject="me", ttl_seconds=60)

    token = sent_by(auth).headers["auth"]

    claims = jwt.decode(token, SECRET, algorithms=[algorithm])
    assert claims["appId"] == "cs-1"
    assert claims["sub"] == "me"
    assert claims["exp"] - claims["iat"] == 60
    assert abs(claims["iat"] - time.time()) < 5


def test_every_request_has_a_token_of_its_own() -> None:
    auth = KoreAuth("cs-1", SecretStr(SECRET))

    tokens = [sent_by(auth).headers["auth"] for _ in range(20)]

    assert len({jwt.decode(token, SECRET, algorithms=["HS256"])["jti"] for token in tokens}) == 20


async def test_each_try_of_a_read_has_a_token_of_its_own(answering: Answering) -> None:
    client, sent = answering(httpx.Response(503))

    with pytest.raises(KoreServerError):
        await client.get_campaign(SAMPLE_ID)

    assert len({request.headers["auth"] for request in sent}) == 3


async def test_the_token_is_raw_and_the_ids_go_with_it(answering: Answering) -> None:
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


async def test_one_line_is_logged_for_a_call(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="kore_api")

    await world.client.get_campaign(SEEDED_ID)
    world.fault("delete", "reset")
    with pytest.raises(Exception, match="no answer"):
        await world.client.delete_campaign(SEEDED_ID)

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("kore_api")]
    assert [line.rsplit(" in ", 1)[0] for line in ours] == [
        "Kore.ai: read the campaign: 200",
        "Kore.ai: delete the campaign: KoreNoAnswerError",
    ]


@pytest.mark.parametrize("wrong", [{"algorithm": "none"}, {"algorithm": "RS256"}, {"ttl_seconds": 0}])
def test_a_token_nobody_would_accept_is_never_minted(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"token"):
        KoreAuth("cs-1", SecretStr(SECRET), **wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_token_with_a_jti_lives_an_hour_at_most() -> None:
    KoreAuth("cs-1", SecretStr(SECRET), ttl_seconds=3600)
    with pytest.raises(ValueError, match="3600"):
        KoreAuth("cs-1", SecretStr(SECRET), ttl_seconds=3601)
