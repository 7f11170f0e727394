"""The Kore.ai account and app that the client uses."""

import re
from typing import Annotated, Literal

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
APP_ID, ACCOUNT_ID = r"st-[0-9A-Za-z-]{1,64}", r"[0-9A-Za-z]{1,64}"
PRACTICE_SUFFIX = " practice"  # of the key of an account in practice

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_LAST_PORT = 65_535


def real_account(key: str) -> str:
    """Return the key of an account without the mark of practice, whose campaigns are the same."""
    return key.removesuffix(PRACTICE_SUFFIX)


def parse_base_url(text: str) -> str:
    """Return scheme, host and port, without a slash at the end. The default scheme is https.

    docs.kore.ai/…/delete-sms-campaign shows the host with its scheme, and its template adds another one.

    Raises:
        ValueError: plain http to another host, or more than a host. Its text is what is expected instead.

    """
    text = text.strip()
    try:
        url = httpx.URL(text if "://" in text else f"https://{text}")
    except httpx.InvalidURL:
        raise ValueError("an address such as https://platform.kore.ai") from None
    if url.userinfo or url.query or url.fragment or url.path not in ("", "/"):
        raise ValueError("a host alone, such as https://platform.kore.ai")
    if url.host != "::1" and not _HOST_NAME.fullmatch(url.host):
        raise ValueError("a plain host name, as in https://platform.kore.ai")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in LOOPBACK_HOSTS):
        raise ValueError("an https:// address; http:// is for localhost only")
    if url.port is not None and not 0 < url.port <= _LAST_PORT:
        raise ValueError(f"a port from 1 to {_LAST_PORT}, or none")
    return str(url.copy_with(raw_path=b"/")).rstrip("/")


class KoreAccount(BaseModel):
    """An app (``st-…``, in every path and in the ``iid`` header) of an account.

    docs.kore.ai/…/get-contact-list-details shows that the id in the path and the header are one value.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(parse_base_url)]
    app_id: str = Field(pattern=f"^{APP_ID}$")
    account_id: str = Field(pattern=f"^{ACCOUNT_ID}$")
    api_version: Literal["v1", "v2"] = "v1"
    is_practice: bool = False  # its client refuses to send what may change something

    @property
    def key(self) -> str:
        """Return the scope of a campaign id: the same id at another host, app or account is another campaign.

        Holds alone count whatever the host: one of an alias of it must not be lost.

        In practice it is another scope too, so that nothing counts for both.
        """
        return f"{self.base_url} {self.app_id} {self.account_id}{PRACTICE_SUFFIX if self.is_practice else ''}"

    @property
    def rate_limit_key(self) -> str:
        """Return what Kore.ai counts calls for: the account, all its apps together."""
        return f"{self.base_url} {self.account_id}"

    @property
    def is_local(self) -> bool:
        return httpx.URL(self.base_url).host in LOOPBACK_HOSTS
