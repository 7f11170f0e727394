"""The request that the current task works on: its ids complete every log line, and its id is that of its trace."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Protocol

from deletion.domain.models import Request

Fields = Mapping[str, str]
KEPT = 1_000  # requests whose campaign completes a line that has only the request's id
_current: ContextVar[Fields | None] = ContextVar("log_context", default=None)
_lately: OrderedDict[str, Fields] = OrderedDict()


class Tracer(Protocol):
    """Puts the calls of the current task into the trace of a request."""

    def begin(self, request_id: str) -> None:
        """Put all later calls of the current task into the trace."""

    def span(self, request_id: str, task: str) -> AbstractContextManager[object]:
        """Add a span named ``task`` to the trace for the duration of the block."""


class _NoTracer:
    def begin(self, request_id: str) -> None: ...

    def span(self, request_id: str, task: str) -> AbstractContextManager[object]:  # noqa: ARG002 - of the protocol
        return nullcontext()


_tracer: Tracer = _NoTracer()


def trace_with(tracer: Tracer) -> None:
    """Trace from now on, in the whole process."""
    global _tracer  # noqa: PLW0603 - like the configuration of logging, it belongs to the process
    _tracer = tracer


def begin(request: Request) -> None:
    """Work on this request in the current task, and in the tasks that it starts."""
    _current.set(_remember(request))
    _tracer.begin(request.id)


@contextmanager
def enter(request: Request, task: str) -> Iterator[None]:
    """Work on this request for the duration of the block; ``task`` names its span."""
    token = _current.set(_remember(request))
    try:
        with _tracer.span(request.id, task):
            yield
    finally:
        _current.reset(token)


def fields(stated: Mapping[str, object]) -> Fields:
    """Return the ids that belong to a log line with the ``stated`` fields and are not among them."""
    request_id = stated.get("request_id")
    known = _lately.get(str(request_id)) if request_id else _current.get()
    if not known or stated.get("campaign_id") not in (None, known["campaign_id"]):
        return {}
    return {name: value for name, value in known.items() if name not in stated}


def _remember(request: Request) -> Fields:
    known = {"request_id": request.id, "campaign_id": request.campaign.campaign_id, **request.named}
    _lately[request.id] = known
    _lately.move_to_end(request.id)
    if len(_lately) > KEPT:
        _lately.popitem(last=False)
    return known
