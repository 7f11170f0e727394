"""The response that an injected fault gives instead of Kore.ai's."""

from aiohttp import web

from sandbox.faults import Fault, reset_connection
from sandbox.kore.answers import RATE_LIMIT_TEXT, error, failure, html


def fault_response(fault: Fault | None, request: web.Request) -> web.Response | None:
    """Return the response that replaces the operation, or None if the operation still runs."""
    if fault is None or fault.kind in ("delay", "lost_answer", "still_there"):
        return None
    if fault.kind == "reset":
        return reset_connection(request)
    if fault.kind == "rate_limit":
        return _rate_limit(fault)
    if fault.kind == "html":
        return html(fault.status)
    return failure(fault.error) if fault.kind == "error" else error(fault.error, fault.status)


def _rate_limit(fault: Fault) -> web.Response:
    """docs.kore.ai/…/rate-limit-ccai has the sentence; status and headers are not documented, so both forms exist."""
    status = 429 if fault.status == Fault.status else fault.status
    if status < 300:  # noqa: PLR2004 - a success by its status alone
        return failure(RATE_LIMIT_TEXT, status)
    wait = {"Retry-After": str(fault.retry_after_seconds)} if fault.retry_after_seconds else None
    return error(RATE_LIMIT_TEXT, status, wait)
