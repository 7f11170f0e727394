"""Each error names its cause, and no page, address or token."""

import httpx
import pytest

from kore_api.causes import Cause
from kore_api.errors import KoreError
from tests.kore_api.conftest import Answering
from tests.kore_api.responses import CASES, DENIED, MISSING, RATE_LIMITED, REFUSED, UNRELIABLE, body
from tests.kore_api.samples import SAMPLE_ID

CAUSES = [
    (UNRELIABLE["500"], Cause.SERVER_ERROR),
    (UNRELIABLE["502 in HTML"], Cause.SERVER_ERROR),
    (UNRELIABLE["bad token under 500"], Cause.CREDENTIALS),
    (UNRELIABLE["a page of login"], Cause.REDIRECT),
    (UNRELIABLE["200 broken JSON"], Cause.NOT_KORE),
    (httpx.Response(200, content=b"{", headers={"content-type": "application/json"}), Cause.UNREADABLE),
    (UNRELIABLE["success under 404"], Cause.UNREADABLE),
    (httpx.Response(407, text="Proxy Authentication Required"), Cause.PROXY),
    (DENIED["401"], Cause.CREDENTIALS),
    (DENIED["403"], Cause.SCOPE),
    (DENIED["bad credentials"], Cause.CREDENTIALS),
    (DENIED["a missing scope"], Cause.SCOPE),
    (DENIED["a missing app"], Cause.APP),
    (body(401, {"errors": [{"msg": "error verifying the jwt: The token is not yet valid (iat)"}]}), Cause.TOKEN_TIME),
    (body(401, {"errors": [{"msg": "jwt expired"}]}), Cause.TOKEN_TIME),
    (REFUSED["409"], None),
    (MISSING["404"], None),
    (RATE_LIMITED["429"], None),
]


@pytest.mark.parametrize(("answer", "cause"), CAUSES, ids=[f"{n}-{cause}" for n, (_, cause) in enumerate(CAUSES)])
async def test_error_names_its_cause(answering: Answering, answer: httpx.Response, cause: Cause | None) -> None:
    client, _ = answering(answer)

    with pytest.raises(KoreError) as caught:
        await client.get_campaign(SAMPLE_ID)

    assert caught.value.cause is cause


def test_every_cause_has_advice_for_the_operator() -> None:
    assert all(cause.advice.endswith(".") for cause in Cause)


@pytest.mark.parametrize(("kind", "answer"), CASES)
async def test_error_contains_no_page_address_or_token(
    answering: Answering, kind: type[KoreError], answer: httpx.Response
) -> None:
    client, _ = answering(answer)

    with pytest.raises(kind) as caught:
        await client.delete_campaign(SAMPLE_ID)

    told = repr(caught.value)
    assert not any(secret in told for secret in ("<html", "https://", "?", "eyJ", "secret"))
    assert str(caught.value).endswith(".")
