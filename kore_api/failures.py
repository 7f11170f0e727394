"""Turn an exception of a call into the KoreError that says whether the request can have left, and why it failed."""

import ssl
from collections.abc import Iterator

import httpx

from kore_api.causes import Cause
from kore_api.endpoints import Endpoint
from kore_api.errors import KoreError, KoreNoAnswerError, KoreUnreachableError
from kore_api.send_trace import SendTrace

_NOT_SENT = {
    Cause.CONNECTION: "no connection could be made",
    Cause.PROXY: "the proxy refused the connection",
    Cause.TLS: "the TLS handshake failed",
    Cause.UNEXPECTED: "an unexpected error came first",
}


def failure_of(endpoint: Endpoint, error: Exception, trace: SendTrace) -> KoreError:
    """Return the KoreError for an exception that is none."""
    can_have_left = trace.can_have_left(error)
    cause = _cause(error, trace, can_have_left=can_have_left)
    if not can_have_left:
        return KoreUnreachableError(f"Kore.ai was not asked to {endpoint.task}: {_NOT_SENT[cause]}.", cause=cause)
    if cause is Cause.UNEXPECTED:
        sentence = f"Kore.ai was asked to {endpoint.task}, and its answer could not be processed."
        return KoreNoAnswerError(sentence, cause=cause)
    in_time = " in time" if isinstance(error, TimeoutError | httpx.TimeoutException) else ""
    return KoreNoAnswerError(f"Kore.ai was asked to {endpoint.task} and gave no answer{in_time}.", cause=cause)


def _cause(error: Exception, trace: SendTrace, *, can_have_left: bool) -> Cause:
    if not can_have_left and any(isinstance(link, ssl.SSLError) for link in _chain(error)):
        return Cause.TLS
    if isinstance(error, httpx.ProxyError) or (trace.has_met_proxy and not can_have_left):
        return Cause.PROXY
    if not trace.is_handed_over or not isinstance(error, httpx.RequestError | OSError | TimeoutError):
        return Cause.UNEXPECTED
    return Cause.NO_ANSWER if can_have_left else Cause.CONNECTION


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield what led to it; httpcore hides causes, but keeps contexts. A wait of the handshake is no cause."""
    while error is not None:
        if not isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError):
            yield error
        error = error.__cause__ or error.__context__
