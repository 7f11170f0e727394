"""Decide whether a request can have left this host, so that "not sent" is said only when it is certain."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpcore
import httpx

BeforeSend = Callable[[], Awaitable[None]]

# Steps of httpcore's ``trace`` extension that carry nothing of the request itself.
# https://www.encode.io/httpcore/extensions/#trace
_SETUP_STEPS = frozenset(
    {
        "connection.connect_tcp",
        "connection.connect_unix_socket",
        "connection.retry",
        "connection.start_tls",
        "proxy.start_tls",
        "socks.connect_tcp",
        "socks.setup_socks5_connection",
        "socks.start_tls",
        "http11.response_closed",
    }
)

# Every exception of httpx and httpcore: whether the request can have left when it is raised. Used where the transport
# reports no steps. A base class, and one that is raised both before and after sending, counts as "can have left".
CAN_HAVE_LEFT: dict[type[BaseException], bool] = {
    httpcore.ConnectError: False,
    httpcore.ConnectTimeout: False,
    httpcore.ConnectionNotAvailable: False,  # the pool then takes another connection
    httpcore.LocalProtocolError: True,  # h11 raises it for a bad header, and for a bad state while reading
    httpcore.NetworkError: True,
    httpcore.PoolTimeout: False,
    httpcore.ProtocolError: True,
    httpcore.ProxyError: False,  # raised for CONNECT and SOCKS only; a forwarding proxy answers with a response
    httpcore.ReadError: True,
    httpcore.ReadTimeout: True,
    httpcore.RemoteProtocolError: True,
    httpcore.TimeoutException: True,
    httpcore.UnsupportedProtocol: False,
    httpcore.WriteError: True,  # a part may have left
    httpcore.WriteTimeout: True,
    httpx.CloseError: True,
    httpx.ConnectError: False,
    httpx.ConnectTimeout: False,
    httpx.CookieConflict: True,
    httpx.DecodingError: True,
    httpx.HTTPError: True,
    httpx.HTTPStatusError: True,
    httpx.InvalidURL: False,
    httpx.LocalProtocolError: True,
    httpx.NetworkError: True,
    httpx.PoolTimeout: False,
    httpx.ProtocolError: True,
    httpx.ProxyError: False,
    httpx.ReadError: True,
    httpx.ReadTimeout: True,
    httpx.RemoteProtocolError: True,
    httpx.RequestError: True,
    httpx.RequestNotRead: True,
    httpx.ResponseNotRead: True,
    httpx.StreamClosed: True,
    httpx.StreamConsumed: True,
    httpx.StreamError: True,
    httpx.TimeoutException: True,
    httpx.TooManyRedirects: True,
    httpx.TransportError: True,
    httpx.UnsupportedProtocol: False,
    httpx.WriteError: True,
    httpx.WriteTimeout: True,
}


async def send_always() -> None:
    """Let the request leave: the default of ``before_send``."""


class SendTrace:
    """A request's ``trace`` extension: runs ``before_send`` and records whether a byte of the request can have left.

    httpcore awaits it before each step. A step that is not known to be harmless counts as sending.
    """

    def __init__(self, before_send: BeforeSend = send_always) -> None:
        self._before_send = before_send
        self.is_handed_over = False
        self._has_reported = False
        self._has_begun = False
        self.has_met_proxy = False
        self.stopped_by: Exception | None = None

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        self._has_reported = True
        step, _, phase = event.rpartition(".")
        if phase != "started" or step in _SETUP_STEPS or self._has_begun:
            return
        request = info.get("request")
        if request is not None and request.method == b"CONNECT":
            self.has_met_proxy = True
            return
        await self.check()
        self._has_begun = True

    async def hand_over(self) -> None:
        """Run ``before_send``, and from here on trust the transport's reports alone."""
        await self.check()
        self.is_handed_over = True

    async def check(self) -> None:
        """Run ``before_send``; remember the exception with which it stops the request."""
        try:
            await self._before_send()
        except Exception as error:
            self.stopped_by = error
            raise

    def can_have_left(self, error: BaseException) -> bool:
        """Whether the request can have left, now that ``error`` ended it. In doubt: yes."""
        if self._has_begun:
            return True
        if self._has_reported or not self.is_handed_over:
            return False
        return next((CAN_HAVE_LEFT[kind] for kind in type(error).__mro__ if kind in CAN_HAVE_LEFT), True)
