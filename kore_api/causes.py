"""Classify why a call to Kore.ai brought no usable answer, with one sentence of advice for the operator."""

from enum import StrEnum


class Cause(StrEnum):
    """The value appears in the log."""

    CONNECTION = "connection"
    PROXY = "proxy"
    TLS = "tls"
    NO_ANSWER = "no_answer"
    SERVER_ERROR = "server_error"
    REDIRECT = "redirect"
    NOT_KORE = "not_kore"
    UNREADABLE = "unreadable"
    TOKEN_TIME = "token_time"  # noqa: S105 - the name of a cause
    CREDENTIALS = "credentials"
    SCOPE = "scope"
    APP = "app"
    UNEXPECTED = "unexpected"

    @property
    def advice(self) -> str:
        return _ADVICE[self]


_ADVICE = {
    Cause.CONNECTION: "No connection to Kore.ai. Check DNS, the network and KORE_BASE_URL.",
    Cause.PROXY: "The HTTP proxy refused the request. Check HTTPS_PROXY, NO_PROXY and the proxy's credentials.",
    Cause.TLS: (
        "The TLS handshake failed. If a proxy inspects TLS, add its CA certificate to the file "
        "that SSL_CERT_FILE names."
    ),
    Cause.NO_ANSWER: "The request was sent, and no complete response arrived in time.",
    Cause.SERVER_ERROR: "Kore.ai, or a gateway before it, reports a server error.",
    Cause.REDIRECT: (
        "The response redirects to another address, as single sign-on does. "
        "Check KORE_BASE_URL, and exempt this host from the login."
    ),
    Cause.NOT_KORE: (
        "The response is not in Kore.ai's format, so a gateway, proxy or web page sent it. "
        "Check KORE_BASE_URL, KORE_API_VERSION and the network between."
    ),
    Cause.UNREADABLE: "The response cannot be read: it is malformed, incomplete, too long or nested too deeply.",
    Cause.TOKEN_TIME: "Kore.ai rejects the token's times. Check this host's clock (NTP) and KORE_JWT_TTL.",
    Cause.CREDENTIALS: (
        "Kore.ai rejects the credentials. Check KORE_CLIENT_ID, KORE_CLIENT_SECRET and KORE_JWT_ALGORITHM "
        "against the JWT app."
    ),
    Cause.SCOPE: (
        'The JWT app lacks the scope "Campaign Management", or the scope is not published. '
        "Create it under Dev Tools > API Scope, and publish the app."
    ),
    Cause.APP: "Kore.ai does not know the app or account. Check KORE_APP_ID, KORE_ACCOUNT_ID and KORE_BASE_URL.",
    Cause.UNEXPECTED: "An unexpected error in the bot; the log has its traceback.",
}
