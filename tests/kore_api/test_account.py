"""Accepted and rejected Kore.ai URLs and ids."""

import pytest
from pydantic import ValidationError

from kore_api.account import KoreAccount, parse_base_url
from tests.kore_api.samples import ACCOUNT_ID, APP_ID


@pytest.mark.parametrize(
    "text",
    [
        "https://platform.kore.ai",
        "https://platform.kore.ai/",
        "platform.kore.ai",
        " platform.kore.ai/ ",
        "HTTPS://Platform.Kore.AI:443",
    ],
)
def test_host_is_accepted_with_or_without_scheme_and_slash(text: str) -> None:
    assert parse_base_url(text) == "https://platform.kore.ai"


@pytest.mark.parametrize("host", ["127.0.0.1:3100", "localhost:3100", "[::1]:3100"])
def test_plain_http_is_accepted_for_localhost(host: str) -> None:
    assert parse_base_url(f"http://{host}/") == f"http://{host}"


@pytest.mark.parametrize(
    "text",
    [
        "http://platform.kore.ai",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "http://0.0.0.0:3100",
        "ftp://platform.kore.ai",
        "https://user:pass@platform.kore.ai",
        "https://platform.kore.ai\\@evil.example",
        "https://platform.kore.ai/agentassist",
        "https://platform.kore.ai?x=1",
        "https://platform.kore.ai#x",
        "https://plat form.kore.ai",
        "https://pl\u0430tform.kore.ai",
        "https://platform.kore.ai:port",
        "https://",
        "",
    ],
)
def test_any_other_url_is_rejected_with_what_is_expected_instead(text: str) -> None:
    with pytest.raises(ValueError, match=r"^an? [^\n]+[^\n.]$"):
        parse_base_url(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "http://platform.kore.ai"},
        {"app_id": "st-1/../2"},
        {"app_id": "cs-1"},
        {"account_id": "a\r\nauth: x"},
        {"account_id": ""},
        {"api_version": "v3"},
    ],
)
def test_every_field_of_an_account_is_validated(wrong: dict[str, str]) -> None:
    right = {"base_url": "platform.kore.ai", "app_id": APP_ID, "account_id": ACCOUNT_ID, "api_version": "v1"}
    KoreAccount.model_validate(right)

    with pytest.raises(ValidationError):
        KoreAccount.model_validate(right | wrong)


def test_only_localhost_is_local() -> None:
    def account(base_url: str) -> KoreAccount:
        return KoreAccount(base_url=base_url, app_id=APP_ID, account_id=ACCOUNT_ID)

    assert account("http://127.0.0.1:3100").is_local
    assert not account("platform.kore.ai").is_local
